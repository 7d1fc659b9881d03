import assert from "node:assert/strict";
import { failureOf } from "../../../../src/core/failure/failure";
import { DRIFT_STATES, type Drift, type DriftState } from "../../../../src/core/lock/drift";
import { driftWarning, driftWarnings } from "../../../../src/core/lock/driftText";
import type { ShellState } from "../../../../src/core/shell/state";
import {
    ago,
    statusOf,
    type FolderFacts,
    type StatusView,
} from "../../../../src/core/shell/status";
import { Command } from "../../../../src/editor/ids";
import { aDrift } from "../lock/aDrift";
import { aSnapshot } from "../aSnapshot";

const NOW = Date.UTC(2026, 0, 2, 4, 0, 0);
const CURRENT = aSnapshot({
    takenAt: NOW - 5 * 60_000,
    changes: [
        { op: "set", name: "A", value: "1" },
        { op: "prepend", name: "PATH", value: "/a" },
        { op: "append", name: "PATH", value: "/b" },
    ],
    omitted: [{ name: "TMPDIR", reason: "temporary" }],
    toolchain: {
        rustc: "/x",
        version: "rustc 1.97.1 (8bab26f4f 2026-07-14)",
        sysroot: "/x",
        tools: {},
        hasSource: true,
    },
});
const INSIDE: ShellState = { kind: "inside", current: CURRENT, stale: false };
const BROKEN = failureOf("syntax", "", "unexpected }");

const STATES: Readonly<Record<string, ShellState>> = {
    none: { kind: "none" },
    "no flake": { kind: "no-flake" },
    "not Rust": { kind: "outside", reason: "not-rust" },
    manual: { kind: "outside", reason: "manual" },
    left: { kind: "outside", reason: "left" },
    cancelled: { kind: "outside", reason: "cancelled" },
    "first capture": { kind: "capturing", progress: { kind: "evaluating" }, current: undefined },
    "next capture": { kind: "capturing", progress: { kind: "entering" }, current: CURRENT },
    downloading: {
        kind: "capturing",
        progress: { kind: "downloading", what: "gcc-14.2.0", done: 1e6, expected: 3e7 },
        current: undefined,
    },
    inside: INSIDE,
    stale: { ...INSIDE, stale: true } as ShellState,
    failed: { kind: "failed", failure: BROKEN, current: undefined },
    "failed with an environment": { kind: "failed", failure: BROKEN, current: CURRENT },
};

function view(state: ShellState, facts: Partial<FolderFacts> = {}): StatusView | undefined {
    return statusOf(
        {
            name: "app",
            state,
            shell: undefined,
            drift: undefined,
            ignoredDrift: [],
            wantedToolchain: undefined,
            unkept: undefined,
            manual: false,
            oneOfSeveral: false,
            feedsWindow: true,
            ...facts,
        },
        NOW,
    );
}

const textOf = (state: ShellState, facts?: Partial<FolderFacts>): string | undefined =>
    view(state, facts)?.text;

/** Icons as the editor finds them; a backslash before one makes it text. */
const icons = (text: string): string[] => text.match(/(?<!\\)\$\([a-z][\w-]*(?:~\w+)?\)/g) ?? [];

describe("statusOf", () => {
    it("has a short text for each state", () => {
        assert.deepEqual(
            Object.fromEntries(
                Object.entries(STATES).map(([name, state]) => [name, textOf(state)]),
            ),
            {
                none: undefined,
                "no flake": "Nix: no flake",
                "not Rust": undefined,
                manual: "Nix: not entered",
                left: "Nix: not entered",
                cancelled: "Nix: not entered",
                "first capture": "$(loading~spin) Nix: reading the flake",
                "next capture": "$(loading~spin) Nix: running the dev shell's shellHook",
                downloading: "$(loading~spin) Nix: downloading gcc-14.2.0 (1.0 of 30 MB)",
                inside: "$(check) Nix: default",
                stale: "$(history) Nix: default",
                failed: "$(error) Nix: failed",
                "failed with an environment": "$(warning) Nix: previous environment",
            },
        );
    });

    for (const [name, state] of Object.entries(STATES)) {
        for (const drift of [undefined, ...DRIFT_STATES]) {
            it(`has one icon at most, and a label in sentences: ${name}, lock ${drift ?? "?"}`, () => {
                const facts = { drift: drift && aDrift({ state: drift }) };
                const shown = view(state, facts);
                if (shown === undefined) return;
                assert.ok(icons(shown.text).length <= 1, shown.text);
                assert.doesNotMatch(shown.text.replace(/^\$\([^)]*\) /, ""), /\$\(|\n/);
                assert.ok(shown.text.length <= 65, shown.text);
                assert.doesNotMatch(shown.label, /\$\(|\n|\*\*|`|\]\(/);
                assert.match(shown.label, /^Nix/);
                assert.equal(
                    shown.severity === "none",
                    !/\$\((?:warning|error)\)/.test(shown.text),
                );
            });
        }
    }

    it("offers in the tooltip only commands that exist, and always the log", () => {
        const known = new Set<string>(Object.values(Command));
        for (const state of Object.values(STATES)) {
            const tooltip = view(state)?.tooltip;
            if (tooltip === undefined) continue;
            const commands = [...tooltip.matchAll(/\]\(command:([^)]*)\)/g)].map(
                ([, id = ""]) => id,
            );
            for (const id of commands) assert.ok(known.has(id), id);
            assert.ok(commands.includes(Command.showLog), tooltip);
        }
    });

    it("offers to cancel what runs, and a way on from what failed", () => {
        assert.match(view(STATES["first capture"]!)?.tooltip ?? "", /command:nixRust\.cancel/);
        assert.match(view(STATES["failed"]!)?.tooltip ?? "", /command:nixRust\.showProblem/);
        assert.match(view(STATES["no flake"]!)?.tooltip ?? "", /command:nixRust\.generateFlake/);
        const below = view(STATES["no flake"]!, { flakeBelow: "back_end" })?.tooltip ?? "";
        assert.match(below, /The folder \*\*back\\_end\*\* in it has one: open that folder/);
        assert.match(view(STATES["left"]!)?.tooltip ?? "", /command:nixRust\.enter/);
    });

    it("tells inside which shell, which Rust and how much of it", () => {
        const tooltip = view(INSIDE, {
            shell: "ci",
            wantedToolchain: { file: "/x/rust-toolchain.toml", channel: "1.97" },
        })?.tooltip;
        assert.match(tooltip ?? "", /ci/);
        assert.match(tooltip ?? "", /rustc 1\.97\.1, as `rust-toolchain\.toml` asks/);
        const asking = (channel: string): string =>
            view(INSIDE, { wantedToolchain: { file: "/x/rust-toolchain", channel } })?.tooltip ??
            "";
        assert.match(asking("1.97.1"), /as `rust-toolchain` asks/);
        assert.match(asking("1.9"), /though `rust-toolchain` asks for `1\.9`/);
        assert.match(asking("1.98"), /though `rust-toolchain` asks for `1\.98`/);
        assert.match(asking("stable"), /from the flake; `rust-toolchain` asks for `stable`/);
        assert.match(tooltip ?? "", /2 variables set, 1 left out, read 5 minutes ago/);
        assert.match(view(INSIDE)?.tooltip ?? "", /rustc 1\.97\.1, from the flake/);
        const without = aSnapshot({ takenAt: NOW });
        assert.match(view({ ...INSIDE, current: without } as ShellState)?.tooltip ?? "", /No Rust/);
        assert.equal(textOf(INSIDE, { shell: "ci" }), "$(check) Nix: ci");
    });

    it("says that an environment stays in use after a failure, and how old it is", () => {
        const kept = view(STATES["failed with an environment"]!);
        assert.equal(kept?.severity, "warning");
        assert.match(kept?.tooltip ?? "", /5 minutes ago stays in use/);
        const none = view(STATES["failed"]!);
        assert.equal(none?.severity, "error");
        assert.match(none?.tooltip ?? "", /No dev shell is in use/);
    });

    it("names the folder only where the window has several, and says who feeds the window", () => {
        assert.equal(textOf(INSIDE, { oneOfSeveral: true }), "$(check) Nix: default (app)");
        assert.match(view(INSIDE, { oneOfSeveral: true })?.label ?? "", /^app: Nix dev shell/);
        assert.doesNotMatch(view(INSIDE)?.tooltip ?? "", /rust-analyzer/);
        const feeding = view(INSIDE, { oneOfSeveral: true })?.tooltip ?? "";
        const other = view(INSIDE, { oneOfSeveral: true, feedsWindow: false })?.tooltip ?? "";
        assert.match(feeding, /rust-analyzer and other extensions are in this dev shell/);
        assert.match(other, /rust-analyzer is in another folder's/);
        assert.equal(textOf(STATES["none"]!, { oneOfSeveral: true }), undefined);
    });

    it("says that nix is run only when asked", () => {
        assert.match(textOf(INSIDE, { manual: true }) ?? "", /manual/);
        assert.match(view(INSIDE, { manual: true })?.tooltip ?? "", /only when you ask/);
    });

    it("has words of their own for what keeps a newcomer from the first dev shell", () => {
        const textFor = (...failure: Parameters<typeof failureOf>): string | undefined =>
            textOf({ kind: "failed", failure: failureOf(...failure), current: undefined });
        assert.equal(textFor("nix-missing"), "$(error) Nix: not found");
        assert.equal(textFor("untracked", "flake.nix"), "$(error) Nix: flake.nix not in git");
        assert.equal(
            textFor("untracked", "nix/$(zap).nix"),
            "$(error) Nix: \\$(zap).nix not in git",
        );
        assert.equal(textFor("untracked"), "$(error) Nix: failed");
    });

    it("shortens what is under way, so that other items keep their place", () => {
        const what = "a-package-with-a-name-that-is-very-long-indeed-1.2.3";
        const progress = { kind: "building", what, phase: undefined, machine: undefined } as const;
        const shown = view({ kind: "capturing", progress, current: undefined });
        assert.match(
            shown?.tooltip ?? "",
            /dev shell, in which .* The first time can take minutes/,
        );
        assert.match(shown?.text ?? "", /^\$\(loading~spin\) Nix: building a-package.*…$/);
        assert.ok((shown?.text.length ?? 0) < 65);
        assert.ok(shown?.label.includes(what));
    });

    describe("with names that would be more than text", () => {
        const EVIL = [
            "[x](command:foo)",
            "![x](https://example.org/x.png)",
            "`[x](command:foo)`",
            "$(zap)",
            "<b>bold</b>",
            "a_b_c",
            "**x**",
            "# x",
            "\\[x](command:foo)",
            "x\n\n[y](command:foo)",
            "<https://example.org>",
        ];

        /** The tooltip without code, escapes and the links that are ours: no markup may be left. */
        const bare = (tooltip: string): string =>
            tooltip
                .replace(/\\[^\n]/g, "")
                .replace(/\[[^\]]*\]\(command:nixRust\.\w+\)/g, "")
                .replace(/`[^`\n]*`/g, "")
                .replace(/\*\*([^*\n]*)\*\*/g, "$1")
                .replace(/^\$\(warning\) /gm, "");

        for (const evil of EVIL) {
            it(`shows ${JSON.stringify(evil)} as it is`, () => {
                const phase = { kind: "building", what: evil, phase: evil, machine: evil } as const;
                const states: ShellState[] = [
                    ...Object.values(STATES),
                    { kind: "capturing", progress: phase, current: undefined },
                    {
                        kind: "capturing",
                        progress: { kind: "fetching", what: evil },
                        current: undefined,
                    },
                    {
                        kind: "failed",
                        failure: failureOf("no-attr", evil, evil),
                        current: undefined,
                    },
                    {
                        kind: "failed",
                        failure: failureOf("eval-other", evil, evil),
                        current: undefined,
                    },
                ];
                const facts: Partial<FolderFacts> = {
                    name: evil,
                    shell: evil,
                    oneOfSeveral: true,
                    drift: aDrift({ invisible: [`sub/${evil}`] }),
                };
                for (const state of states) {
                    const shown = view(state, facts);
                    if (shown === undefined) continue;
                    assert.doesNotMatch(bare(shown.tooltip), /[[\]`*_<>#$]/, shown.tooltip);
                    assert.ok(icons(shown.text).length <= 1, shown.text);
                    assert.doesNotMatch(shown.text, /\n/);
                }
            });
        }

        it("shows a name with an underscore without a backslash, where code takes that literally", () => {
            const tooltip = view(INSIDE, { shell: "with_rust" })?.tooltip ?? "";
            for (const [code] of tooltip.matchAll(/`[^`]*`/g)) assert.doesNotMatch(code, /\\/);
        });
    });
});

describe("driftWarning", () => {
    const warning = (state: DriftState, invisible: readonly string[] = []): string | undefined =>
        driftWarning(aDrift({ state, invisible }))?.short;

    it("has words for what is wrong, and none for what is not", () => {
        assert.deepEqual(Object.fromEntries(DRIFT_STATES.map((state) => [state, warning(state)])), {
            conflict: "flake.lock not marked as resolved",
            unreadable: "flake.lock unreadable",
            unsupported: "flake.lock too new",
            stale: "flake.lock out of step",
            missing: "no flake.lock",
            ignored: "flake.lock ignored",
            untracked: "flake.lock not committed",
            modified: "flake.lock not committed",
            staged: "flake.lock not committed",
            clean: undefined,
            "no-git": undefined,
            unknown: undefined,
        });
        assert.equal(driftWarning(undefined), undefined);
        assert.match(driftWarning(aDrift({ state: "missing" }))?.long ?? "", /may get other/);
        const trouble = { kind: "conflict", line: 3 } as const;
        const conflict = driftWarning(aDrift({ state: "conflict", trouble }));
        assert.equal(conflict?.short, "flake.lock has a conflict");
        assert.match(conflict.long, /\(line 3\), so Nix can't read it/);
    });

    it("leaves out what the user does not want to be warned of, and comes to the next", () => {
        const drift = aDrift({ state: "stale", also: ["modified"] });
        assert.equal(driftWarning(drift, ["stale"])?.kind, "modified");
        assert.equal(driftWarning(drift, ["stale", "modified"]), undefined);
    });

    it("says that a toolchain is too new for the lock, before what others don't get", () => {
        const gap = {
            input: "rust-overlay",
            file: "rust-toolchain.toml",
            channel: "1.98",
            newest: "1.97.1",
        };
        const old = { kind: "old", inputs: [{ name: "a", lastModified: 0 }] } as const;
        const notes = [old, { kind: "toolchain", gap } as const];
        const drift = aDrift({ state: "modified", notes });
        assert.deepEqual(
            driftWarnings(drift).map(({ kind }) => kind),
            ["toolchain", "modified", "old"],
        );
        assert.equal(
            driftWarning(drift)?.long,
            "rust-toolchain.toml asks for Rust 1.98, but rust-overlay as flake.lock has it knows " +
                "none newer than 1.97.1: update that input.",
        );
        assert.match(driftWarnings(drift)[2]?.long ?? "", /older than you want: a of 1970-01-01/);
    });

    it("names the lock as the cause of a failure where it is one", () => {
        const failed = {
            kind: "failed",
            failure: failureOf("lock-json"),
            current: undefined,
        } as const;
        const textWith = (drift: Partial<Drift>): string | undefined =>
            view(failed, { drift: aDrift(drift) })?.text;
        const trouble = { kind: "conflict", line: 3 } as const;
        const inConflict = textWith({ state: "conflict", trouble });
        assert.equal(inConflict, "$(error) Nix: flake.lock has a conflict");
        // One that git alone still counts is not why nix failed.
        assert.equal(textWith({ state: "conflict" }), "$(error) Nix: failed");
        assert.equal(textWith({ state: "modified" }), "$(error) Nix: failed");
    });

    it("tells first of a file that nix does not see: that one breaks the shell", () => {
        assert.equal(
            warning("modified", ["../rust-toolchain.toml"]),
            "rust-toolchain.toml not in git",
        );
    });
});

describe("an environment that can't be kept", () => {
    it("is in use like another, and the tooltip says why it is not kept, and what to do", () => {
        const unkept = "ENOSPC: no space left on device, write";
        const shown = view(INSIDE, { unkept });
        assert.equal(shown?.text, view(INSIDE)?.text);
        assert.match(
            shown?.tooltip ?? "",
            /for this window only: the extension can't write to its own storage \(ENOSPC: no space left on device, write\)\. Check free space/,
        );
        assert.doesNotMatch(view(INSIDE)?.tooltip ?? "", /this window only/);
    });
});

describe("ago", () => {
    it("is as coarse as it can be", () => {
        const minute = 60_000;
        const spans = [
            0,
            59_999,
            minute,
            59 * minute,
            60 * minute,
            47 * 60 * minute,
            48 * 60 * minute,
        ];
        assert.deepEqual(
            spans.map((span) => ago(NOW - span, NOW)),
            [
                "just now",
                "just now",
                "1 minute ago",
                "59 minutes ago",
                "1 hour ago",
                "47 hours ago",
                "2 days ago",
            ],
        );
    });

    it("takes a clock that was set back for now", () => {
        assert.equal(ago(NOW + 3_600_000, NOW), "just now");
    });
});
