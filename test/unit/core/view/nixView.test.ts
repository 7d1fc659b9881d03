import assert from "node:assert/strict";
import type { Toolchain } from "../../../../src/core/rust/toolchain";
import { nixView } from "../../../../src/core/view/nixView";
import { spokenText, type ViewItem } from "../../../../src/core/view/viewItem";
import { aSnapshot } from "../aSnapshot";
import { aDrift } from "../lock/aDrift";
import { github, lockOf } from "../lock/testLock";
import { childrenOf, itemOf, outline, someFacts, WITH_TOOLCHAIN_FILE } from "./someFacts";

const [ONE, TWO] = ["1".repeat(40), "2".repeat(40)];

const NIXPKGS = {
    ...github("NixOS/nixpkgs", "1"),
    original: { type: "github", owner: "NixOS", repo: "nixpkgs", ref: "nixos-unstable" },
};

const TOOLCHAIN: Toolchain = {
    rustc: "/nix/store/x/bin/rustc",
    version: "rustc 1.97.1 (8bab26f4f 2026-07-14)",
    sysroot: `/nix/store/${"a".repeat(32)}-rust-default-1.97.1`,
    tools: { rustc: "/x", cargo: "/x", "cargo-clippy": "/x" },
    hasSource: true,
};

const inside = (toolchain?: Toolchain) =>
    ({ kind: "inside", current: aSnapshot({ toolchain }), stale: false }) as const;

/** Each line once, whatever its depth. */
function all(items: readonly ViewItem[]): ViewItem[] {
    return items.flatMap((item) => [item, ...all(childrenOf(item))]);
}

describe("the view's inputs", () => {
    const lockText = lockOf(
        {
            nixpkgs: NIXPKGS,
            overlay: github("o/overlay", "2", { nixpkgs: ["nixpkgs"], utils: "utils" }),
            utils: github("o/utils", "3", { systems: "systems" }),
            systems: { ...github("o/systems", "4"), flake: false },
        },
        { nixpkgs: "nixpkgs", overlay: "overlay", same: ["overlay", "utils"], files: "systems" },
    );
    const items = nixView(someFacts({ lockText }));

    it("say where each comes from, at which revision, how old it is, and what it follows", () => {
        const section = itemOf(items, "Inputs");
        assert.equal(section.description, "4");
        assert.equal(section.isOpen, true);
        assert.deepEqual(outline(childrenOf(section)), [
            "nixpkgs: 1111111 · 12 days old · NixOS/nixpkgs · nixos-unstable",
            `  Revision: ${ONE}`,
            "  Locked from: github:NixOS/nixpkgs/nixos-unstable",
            "  Last changed: 2023-11-14, 12 days ago",
            "  Its own inputs: none",
            "overlay: 2222222 · 12 days old · o/overlay",
            `  Revision: ${TWO}`,
            "  Locked from: github:o/overlay",
            "  Last changed: 2023-11-14, 12 days ago",
            "  Its own inputs: 2 (3 with theirs)",
            "same: follows overlay/utils · 3333333 · 12 days old",
            `  Revision: ${"3".repeat(40)}`,
            "  Locked from: github:o/utils",
            "  Last changed: 2023-11-14, 12 days ago",
            "  Follows: overlay/utils",
            "  Its own inputs: 1",
            "files: 4444444 · 12 days old · o/systems",
            `  Revision: ${"4".repeat(40)}`,
            "  Locked from: github:o/systems",
            "  Last changed: 2023-11-14, 12 days ago",
            "  Kind: files only, not a flake",
            "  Its own inputs: none",
        ]);
    });

    it("can be updated, copied and opened, with what the commands need", () => {
        const nixpkgs = itemOf(items, "Inputs", "nixpkgs");
        assert.deepEqual(nixpkgs.abilities, ["update", "openInput", "copy", "browse"]);
        assert.deepEqual(nixpkgs.target, {
            folder: "file:///work/app",
            input: "nixpkgs",
            revision: ONE,
            page: `https://github.com/NixOS/nixpkgs/tree/${ONE}`,
        });
        assert.deepEqual(itemOf(items, "Inputs", "same").abilities, [
            "openInput",
            "copy",
            "browse",
        ]);
        assert.deepEqual(itemOf(items, "Inputs").abilities, ["updateAll"]);
    });

    it("that are not locked, or lead nowhere, are shown as such", () => {
        const stale = [{ name: "new", why: "not-locked" as const }];
        const view = nixView(
            someFacts({
                drift: aDrift({ state: "stale", stale }),
                lockText: lockOf({}, { a: ["b"], b: ["a"] }),
            }),
        );
        assert.deepEqual(outline(childrenOf(itemOf(view, "Inputs"))), [
            "a: follows b · leads nowhere",
            "  Follows: b",
            "b: follows a · leads nowhere",
            "  Follows: a",
            "new: not locked yet",
        ]);
        assert.ok(childrenOf(itemOf(view, "Inputs")).every(({ isWarning }) => isWarning));
        assert.deepEqual(itemOf(view, "Inputs", "new").abilities, ["lock", "openInput"]);
    });

    it("have no date that only stands in for one", () => {
        const undated = {
            locked: { type: "path", path: "/x", narHash: "sha256-abc", lastModified: 1 },
        };
        const view = nixView(someFacts({ lockText: lockOf({ a: undated }) }));
        assert.equal(itemOf(view, "Inputs", "a").description, "sha256-abc");
    });

    it("may be a thousand and go round, and are looked at only where they are opened", () => {
        const nodes = Object.fromEntries(
            Array.from({ length: 1_000 }, (_, i) => {
                const inputs = { next: `n${(i + 1) % 1_000}`, again: [`n${(i * 7) % 1_000}`] };
                return [`n${i}`, github("o/r", "1", inputs)] as const;
            }),
        );
        const view = nixView(someFacts({ lockText: lockOf(nodes) }));
        const inputs = childrenOf(itemOf(view, "Inputs"));
        assert.equal(inputs.length, 1_000);
        const [first] = inputs;
        assert.ok(first !== undefined);
        assert.equal(
            itemOf(childrenOf(first), "Its own inputs").description,
            "2 (999 with theirs)",
        );
    });
});

describe("the view's lock", () => {
    it("says how large it is and how it stands", () => {
        const lockText = lockOf({ a: github("o/a", "1") });
        const view = nixView(someFacts({ lockText, drift: aDrift({ inputs: [] }) }));
        assert.deepEqual(outline([itemOf(view, "flake.lock")]), [
            "flake.lock: not needed",
            "  The flake has no inputs, so nothing needs to be locked",
            `  Size: 1 node, ${lockText.length} bytes`,
        ]);
        assert.deepEqual(itemOf(view, "flake.lock").abilities, ["openLock", "showChanges"]);
    });

    it("is not called committed where the flake is kept outside of the folder", () => {
        const lockText = lockOf({ a: github("o/a", "1") });
        const project = { ...WITH_TOOLCHAIN_FILE, isKept: true };
        const view = nixView(someFacts({ lockText, project }));
        assert.deepEqual(outline([itemOf(view, "flake.lock")]).slice(0, 2), [
            "flake.lock: kept outside of the folder",
            "  Fits flake.nix; both are kept outside of the folder",
        ]);
    });

    it("gives the plain reason for each thing that is wrong, and what can be done", () => {
        const drift = aDrift({
            state: "stale",
            also: ["modified"],
            stale: [{ name: "a", why: "not-locked" }],
            notes: [{ kind: "several-nixpkgs", inputs: ["n", "m"] }],
        });
        const view = nixView(someFacts({ lockText: lockOf({}), drift }));
        const lock = itemOf(view, "flake.lock");
        assert.equal(lock.description, "out of step");
        assert.ok(lock.isWarning && lock.icon === "warning");
        assert.ok(lock.abilities.includes("lock"));
        const [stale, modified, several] = childrenOf(lock);
        assert.match(stale?.description ?? "", /does not match flake\.nix: a is not locked/);
        assert.match(modified?.description ?? "", /not committed/);
        assert.match(several?.label ?? "", /2 versions of nixpkgs/);
        assert.equal(stale?.action, "showActions");

        assert.deepEqual([stale?.label, modified?.label], ["Out of step", "Not committed"]);
        assert.ok(lock.abilities.includes("commit"));

        const quiet = nixView(
            someFacts({ lockText: lockOf({}), drift, ignoredDrift: ["stale", "modified"] }),
        );
        assert.equal(itemOf(quiet, "flake.lock").isWarning, undefined);
    });

    it("is shown where it is missing or can't be read", () => {
        const missing = nixView(someFacts({ drift: aDrift({ state: "missing" }) }));
        assert.equal(itemOf(missing, "flake.lock").description, "no flake.lock");
        assert.deepEqual(itemOf(missing, "flake.lock").abilities, ["lock"]);
        assert.equal(itemOf(missing, "Inputs").description, "none");
        const broken = nixView(
            someFacts({
                lockText: "<<<<<<< HEAD\n",
                drift: aDrift({ state: "conflict", trouble: { kind: "conflict", line: 1 } }),
            }),
        );
        assert.equal(itemOf(broken, "flake.lock").description, "has a conflict");
        assert.equal(itemOf(broken, "flake.lock", "Size").description, "13 bytes");
    });

    it("promises nothing while it is not looked at yet", () => {
        const view = nixView(someFacts({ drift: undefined, lockText: lockOf({}) }));
        assert.deepEqual(outline(childrenOf(itemOf(view, "flake.lock"))), [
            "Size: 0 nodes, 94 bytes",
        ]);
    });
});

describe("the view's toolchain", () => {
    it("says what is there, where it comes from and what was asked for", () => {
        const view = nixView(
            someFacts({
                state: inside(TOOLCHAIN),
                project: WITH_TOOLCHAIN_FILE,
                flakeText: "rust = fromRustupToolchainFile ./rust-toolchain.toml;",
                targets: ["wasm32-unknown-unknown", "x86_64-unknown-linux-gnu"],
                request: {
                    channel: "1.97.1",
                    components: ["clippy", "rust-src"],
                    targets: ["wasm32-unknown-unknown"],
                    path: undefined,
                },
            }),
        );
        assert.deepEqual(outline([itemOf(view, "Rust Toolchain")]), [
            "Rust Toolchain: 1.97.1",
            "  Version: 1.97.1 (8bab26f4f 2026-07-14)",
            "  Channel: stable",
            "  Comes from: rust-toolchain.toml, which flake.nix reads",
            "  Tools: cargo, cargo-clippy",
            "  Targets: wasm32-unknown-unknown, x86_64-unknown-linux-gnu",
            `  Sysroot: ${TOOLCHAIN.sysroot}`,
            "  Standard library source: there",
            "  Channel asked for: 1.97.1",
            "  Components asked for: clippy, rust-src",
            "  Targets asked for: wasm32-unknown-unknown",
        ]);
        assert.deepEqual(itemOf(view, "Rust Toolchain").abilities, ["openToolchain"]);
    });

    it("tells nixpkgs' own compiler from one that the flake takes from elsewhere", () => {
        const origin = (name: string, flakeText = ""): string => {
            const sysroot = `/nix/store/${"a".repeat(32)}-${name}`;
            const state = inside({ ...TOOLCHAIN, sysroot });
            const project = WITH_TOOLCHAIN_FILE;
            const view = nixView(someFacts({ state, project, flakeText }));
            return itemOf(view, "Rust Toolchain", "Comes from").description;
        };
        assert.equal(origin("rustc-1.97.1"), "nixpkgs");
        assert.equal(origin("rustc-wrapper-1.97.1"), "nixpkgs");
        assert.equal(origin("rust-default-1.97.1"), "flake.nix");
        const reading = "fromRustupToolchainFile ./rust-toolchain.toml";
        assert.match(origin("rust-default-1.97.1", reading), /^rust-toolchain\.toml, which/);
        assert.equal(origin("rust-default-1.97.1", `# not ${reading}\nrust`), "flake.nix");
        assert.equal(origin("rustc-1.97.1", reading), "nixpkgs");
    });

    it("tells the release channel from the version", () => {
        const channel = (version: string): string => {
            const view = nixView(someFacts({ state: inside({ ...TOOLCHAIN, version }) }));
            return itemOf(view, "Rust Toolchain", "Channel").description;
        };
        assert.equal(channel("rustc 1.99.0-nightly (8bab26f4f 2026-07-14)"), "nightly");
        assert.equal(channel("rustc 1.98.0-beta.3 (8bab26f4f 2026-07-14)"), "beta");
        assert.equal(
            channel("rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)"),
            "stable",
        );
    });

    it("warns where rust-analyzer has no source of the standard library", () => {
        const view = nixView(someFacts({ state: inside({ ...TOOLCHAIN, hasSource: false }) }));
        const source = itemOf(view, "Rust Toolchain", "Standard library source");
        assert.equal(spokenText(source), "Warning. Standard library source: missing");
    });

    it("is not known before the dev shell was entered, and may be none", () => {
        const outside = itemOf(nixView(someFacts()), "Rust Toolchain");
        assert.equal(outside.description, "not known yet");
        assert.equal(childrenOf(outside)[0]?.action, "enter");
        const none = itemOf(nixView(someFacts({ state: inside() })), "Rust Toolchain");
        assert.equal(none.description, "none in this dev shell");
        const unreadable = nixView(someFacts({ project: WITH_TOOLCHAIN_FILE }));
        assert.equal(
            itemOf(unreadable, "Rust Toolchain", "rust-toolchain.toml").description,
            "can't be read",
        );
    });
});

describe("the view's dev shells", () => {
    const shells = (parts: Parameters<typeof someFacts>[0]): ViewItem =>
        itemOf(nixView(someFacts(parts)), "Dev Shells");

    it("mark the one in use, and leave the others to be asked for", () => {
        const section = shells({ state: inside() });
        assert.deepEqual(outline([section]), [
            "Dev Shells: default",
            "  default: in use",
            "  Others: asks Nix when opened",
        ]);
        assert.equal(itemOf([section], "Dev Shells", "Others").children, "on demand");
        assert.deepEqual(itemOf([section], "Dev Shells", "default").abilities, []);
    });

    it("need a click where nix is run only when it is asked for", () => {
        const others = itemOf([shells({ manual: true })], "Dev Shells", "List the others");
        assert.equal(others.children, undefined);
        assert.equal(others.action, "listShells");
    });

    it("can be entered when they are listed", () => {
        const section = shells({ state: inside(), shell: "ci", shells: ["default", "ci", "docs"] });
        assert.deepEqual(outline(childrenOf(section)), ["ci: in use", "default", "docs"]);
        const { abilities, target } = itemOf([section], "Dev Shells", "docs");
        assert.deepEqual([abilities, target.shell], [["enterShell"], "docs"]);
        assert.deepEqual(outline(childrenOf(shells({ shells: ["default"] }))), [
            "default: chosen, not entered",
            "No others",
        ]);
    });
});

describe("the view", () => {
    it("is empty without a flake", () => {
        const { project } = someFacts();
        assert.deepEqual(nixView(someFacts({ project: { ...project, flake: undefined } })), []);
    });

    it("gives each line an id of its own and a sentence without icons", () => {
        const items = all(
            nixView(
                someFacts({
                    state: inside(TOOLCHAIN),
                    project: WITH_TOOLCHAIN_FILE,
                    shells: ["default", "ci", "none", "others"],
                    lockText: lockOf({ a: NIXPKGS, b: NIXPKGS, "a/Revision": NIXPKGS }),
                    drift: aDrift({ state: "stale", also: ["modified"] }),
                }),
            ),
        );
        assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
        for (const item of items) {
            assert.match(spokenText(item), /^[^$·]+$/);
            assert.match(item.icon ?? "none", /^[a-z-]+$/);
        }
    });

    it("shows names and addresses of the workspace as they are, in Markdown too", () => {
        const name = "[x](command:y) `z` <b>";
        const view = nixView(someFacts({ lockText: lockOf({ [name]: NIXPKGS }) }));
        const { tooltip } = itemOf(view, "Inputs", name);
        assert.ok(tooltip.startsWith("**\\[x\\]\\(command:y\\) \\`z\\` \\<b\\>**"));
    });
});
