import assert from "node:assert/strict";
import { join } from "node:path";
import { lookAtRustup, rustupFindings, type RustupFacts } from "../../../../src/core/doctor/rustup";
import { testFolder } from "../../testFolder";
import { aSnapshot } from "../aSnapshot";
import { commandsOf, lines } from "./sections";

const proxies = "/home/me/.cargo/bin";

const alone: RustupFacts = {
    proxies,
    isFirst: true,
    defaultToolchain: "stable-x86_64-unknown-linux-gnu",
    hasServer: true,
    own: undefined,
    shell: undefined,
};
const shell: RustupFacts["shell"] = {
    hasRust: true,
    hasServer: true,
    answer: "/nix/store/rust",
    isOverruled: false,
    settings: [],
};
const setting = {
    file: "/w/flake.nix",
    line: 12,
    text: 'RUSTUP_TOOLCHAIN = "1.75.0";',
    removal: { from: 1, to: 2 },
};

const FIRST = `rustup's cargo and rustc come first on your PATH (${proxies}).`;

const CASES: Readonly<Record<string, [Partial<RustupFacts>, ...string[]]>> = {
    "no rustup": [
        { proxies: undefined, isFirst: false, defaultToolchain: undefined },
        "good: rustup is not on this machine, so nothing is in front of the dev shell.",
    ],
    "rustup and no dev shell": [{}, `good: ${FIRST}`],
    "rustup in front of a dev shell": [
        { shell },
        `good: ${FIRST} In the dev shell they run its tools.`,
    ],
    "rustup behind": [
        { isFirst: false, shell },
        `good: rustup is on this machine (${proxies}). In the dev shell they run its tools.`,
    ],
    "a dev shell without Rust": [
        { shell: { ...shell, hasRust: false, hasServer: false, answer: undefined } },
        `note: ${FIRST}`,
    ],
    "an answer that is kept out": [
        { shell: { ...shell, answer: "1.75.0" } },
        `problem: ${FIRST} Nothing tells them to run the dev shell's tools.`,
    ],
    "no rust-analyzer of rustup's": [
        { hasServer: false, shell },
        `good: ${FIRST} In the dev shell they run its tools.`,
        "good: rustup has no rust-analyzer of its own; the dev shell's is used.",
    ],
    "no rust-analyzer at all": [
        { hasServer: false, shell: { ...shell, hasServer: false } },
        `good: ${FIRST} In the dev shell they run its tools.`,
        "note: rustup's command rust-analyzer only ends with an error.",
    ],
    "a flake that names a toolchain": [
        { shell: { ...shell, isOverruled: true, settings: [setting] } },
        "note: The dev shell sets RUSTUP_TOOLCHAIN, which sends rustup to a toolchain of its own.",
        `good: ${FIRST} In the dev shell they run its tools.`,
    ],
};

describe("rustupFindings", () => {
    for (const [name, [facts, ...expected]] of Object.entries(CASES)) {
        it(`tell of ${name}`, () => {
            assert.deepEqual(lines(rustupFindings({ ...alone, ...facts })), expected);
        });
    }

    it("offer to remove what misleads rustup, and lead to its line", () => {
        const shellWith = { ...shell, isOverruled: true, settings: [setting] };
        const [found] = rustupFindings({ ...alone, shell: shellWith });
        assert.ok(found);
        assert.deepEqual(commandsOf([found]), [
            "nixRust.removeRustupToolchain",
            "nixRust.openLine",
        ]);
        assert.match(found.detail, /\/w\/flake\.nix, line 12: RUSTUP_TOOLCHAIN = "1\.75\.0";$/);
    });

    it("do not offer to remove what is within a script", () => {
        const inHook = { ...setting, removal: undefined };
        const shellWith = { ...shell, isOverruled: true, settings: [inHook] };
        const [found] = rustupFindings({ ...alone, shell: shellWith });
        assert.ok(found);
        assert.deepEqual(commandsOf([found]), ["nixRust.openLine"]);
    });
});

describe("lookAtRustup", () => {
    const folder = testFolder();

    function question(PATH: string): Parameters<typeof lookAtRustup>[0] {
        return {
            env: new Map([["PATH", PATH]]),
            home: folder.path,
            untrusted: [],
            flake: undefined,
            snapshot: undefined,
        };
    }

    it("finds the proxies by their place, and whether they come first", async () => {
        folder.script(".cargo/bin/rustup", "");
        folder.script(".cargo/bin/cargo", "");
        folder.script("other/cargo", "");
        const own = join(folder.path, ".cargo/bin");
        const other = join(folder.path, "other");
        const first = await lookAtRustup(question(`${own}:${other}`));
        assert.equal(first.proxies, own);
        assert.equal(first.isFirst, true);
        assert.equal((await lookAtRustup(question(`${other}:${own}`))).isFirst, false);
        assert.equal((await lookAtRustup(question(other))).isFirst, false);
        assert.equal((await lookAtRustup(question(other))).proxies, own);
    });

    it("knows the default toolchain and its components without asking rustup", async () => {
        folder.script(".cargo/bin/rustup", "exit 1");
        folder.write(".rustup/settings.toml", 'default_toolchain = "stable"\nversion = "12"\n');
        folder.folder(".rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin");
        const found = await lookAtRustup(question(""));
        assert.equal(found.defaultToolchain, "stable-x86_64-unknown-linux-gnu");
        assert.equal(found.hasServer, false);
        folder.script(".rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/rust-analyzer", "");
        assert.equal((await lookAtRustup(question(""))).hasServer, true);
    });

    it("finds what a flake says against it", async () => {
        const flake = folder.write(
            "flake.nix",
            '{\n    outputs = _: {\n        RUSTUP_TOOLCHAIN = "1.75.0";\n    };\n}\n',
        );
        const snapshot = {
            ...aSnapshot(),
            omitted: [{ name: "RUSTUP_TOOLCHAIN", reason: "rustup" as const }],
            changes: [{ op: "set" as const, name: "RUSTUP_TOOLCHAIN", value: "/nix/store/rust" }],
        };
        const { shell } = await lookAtRustup({ ...question(""), flake, snapshot });
        assert.equal(shell?.isOverruled, true);
        assert.equal(shell.answer, "/nix/store/rust");
        assert.deepEqual(
            shell.settings.map(({ file, line }) => [file, line]),
            [[flake, 3]],
        );
    });
});
