import assert from "node:assert/strict";
import { projectFindings, type ProjectFacts } from "../../../../src/core/doctor/project";
import { settingFindings, type SettingFacts } from "../../../../src/core/doctor/settings";
import {
    lookAtToolchain,
    toolchainFindings,
    type ToolchainFacts,
} from "../../../../src/core/doctor/toolchain";
import { failureOf } from "../../../../src/core/failure/failure";
import { run } from "../../../../src/core/process";
import { testFolder } from "../../testFolder";
import { aSnapshot } from "../aSnapshot";
import { aDrift } from "../lock/aDrift";
import { commandsOf, lines } from "./sections";

const notGood = (line: string): boolean => !line.startsWith("good");

describe("settingFindings", () => {
    const settings: SettingFacts = {
        terminalEnv: [],
        terminalEnvSetting: "terminal.integrated.env.linux",
        inheritsEnv: true,
        shellIntegration: true,
        serverEnv: [],
        cargoEnv: [],
        serverPath: undefined,
        feedsHost: true,
    };
    const changes = [
        { op: "set", name: "A", value: "1" },
        { op: "prepend", name: "PATH", value: "/shell" },
    ] as const;
    const CASES: readonly [Partial<SettingFacts>, ...string[]][] = [
        [{}, "good: No setting is in the dev shell's way."],
        [{ terminalEnv: ["OTHER"] }, "good: No setting is in the dev shell's way."],
        [
            { terminalEnv: ["PATH", "OTHER"] },
            "note: Your terminal settings and the dev shell both set PATH.",
        ],
        [{ inheritsEnv: false }, "note: Terminals start without VS Code's own environment."],
        [{ shellIntegration: false }, "note: The terminal's shell integration is off."],
        [{ serverEnv: ["RA_LOG"] }, "note: rust-analyzer.server.extraEnv is set."],
        [
            { serverEnv: ["A", "RA_LOG"] },
            "problem: rust-analyzer.server.extraEnv overrules the dev shell's A for rust-analyzer.",
        ],
        [
            { serverPath: "/usr/bin/rust-analyzer" },
            "note: rust-analyzer's server is the one that you chose, not the dev shell's.",
        ],
        [{ cargoEnv: ["OTHER"] }, "good: No setting is in the dev shell's way."],
        [
            { cargoEnv: ["A"] },
            "note: rust-analyzer.cargo.extraEnv sets A for the cargo that rust-analyzer runs.",
        ],
        [
            { cargoEnv: ["RUSTUP_TOOLCHAIN", "A"] },
            "problem: rust-analyzer.cargo.extraEnv sets RUSTUP_TOOLCHAIN for the cargo that rust-analyzer runs.",
        ],
        [{ feedsHost: false }, "note: Other extensions do not get the dev shell's environment."],
    ];
    for (const [facts, ...expected] of CASES) {
        it(`tell of ${JSON.stringify(facts)}`, () => {
            const found = settingFindings({ ...settings, ...facts }, changes);
            assert.deepEqual(lines(found), expected);
            assert.ok(commandsOf(found).includes("nixRust.openSetting"));
        });
    }
});

describe("toolchainFindings", () => {
    const facts: ToolchainFacts = {
        rustc: "rustc 1.97.1 (8bab26f4f 2026-07-14) (Debian)",
        source: "sysroot",
        isSourcePathWrong: false,
        hasMacroServer: true,
        rustAnalyzer: "rust-analyzer 1.97.1 (8bab26f4 2026-07-14)",
        wanted: undefined,
        flake: "/w/flake.nix",
    };
    const file = "/w/rust-toolchain.toml";
    const CASES: readonly [string, Partial<ToolchainFacts>, ...string[]][] = [
        ["a complete one", {}],
        ["none", { rustc: undefined }, "note: The dev shell has no Rust."],
        ["one that the file asks for", { wanted: { file, channel: "1.97" } }],
        ["one of a channel without a number", { wanted: { file, channel: "stable" } }],
        [
            "another than the file asks for",
            { wanted: { file, channel: "1.75.0" } },
            "problem: The dev shell has rustc 1.97.1, though rust-toolchain.toml asks for 1.75.0.",
        ],
        [
            "one without source",
            { source: undefined },
            "problem: The standard library's source is missing, so rust-analyzer knows nothing of std.",
        ],
        [
            "one with a wrong source path",
            { source: "sysroot", isSourcePathWrong: true },
            "note: RUST_SRC_PATH names a folder without the standard library's source.",
        ],
        [
            "one without a server for macros",
            { hasMacroServer: false },
            "note: The toolchain has no server for procedural macros.",
        ],
        [
            "one without rust-analyzer",
            { rustAnalyzer: undefined },
            "note: The dev shell has no rust-analyzer that works, so the extension's own is used.",
        ],
        [
            "one with another rust-analyzer",
            { rustAnalyzer: "rust-analyzer 1.85.1 (4eb161250 2025-03-15)" },
            "note: The dev shell's rust-analyzer 1.85.1 is not of the same release as rustc 1.97.1.",
        ],
        ["one with a rust-analyzer of a date", { rustAnalyzer: "rust-analyzer 2026-08-10" }],
    ];
    for (const [name, parts, ...expected] of CASES) {
        it(`tell of ${name}`, () => {
            const found = toolchainFindings({ ...facts, ...parts });
            assert.deepEqual(lines(found).filter(notGood), expected);
        });
    }
});

describe("lookAtToolchain", () => {
    const folder = testFolder();

    it("looks at what is on disk, and asks the dev shell's rust-analyzer", async () => {
        const server = folder.script("bin/rust-analyzer", "echo rust-analyzer 1.97.1");
        folder.write("lib/rustlib/src/rust/library/core/lib.rs");
        const sysroot = folder.path;
        const question = (hasSource: boolean, changes = aSnapshot().changes) => ({
            snapshot: aSnapshot({
                flakeFolder: folder.path,
                changes,
                toolchain: {
                    rustc: "/x/rustc",
                    version: "rustc 1.97.1",
                    sysroot,
                    tools: { "rust-analyzer": server },
                    hasSource,
                },
            }),
            base: new Map([["PATH", "/usr/bin:/bin"]]),
            wanted: undefined,
            flake: undefined,
            run,
            signal: undefined,
        });
        // Whatever a snapshot says: it may have been collected, or changed.
        const found = await lookAtToolchain(question(false));
        assert.equal(found.source, "sysroot");
        assert.equal(found.hasMacroServer, false);
        assert.equal(found.rustAnalyzer, "rust-analyzer 1.97.1");
        folder.write("libexec/rust-analyzer-proc-macro-srv");
        folder.remove("lib");
        const later = await lookAtToolchain(question(true));
        assert.equal(later.source, undefined);
        assert.equal(later.hasMacroServer, true);
        const wrong = [{ op: "set", name: "RUST_SRC_PATH", value: "/nowhere" }] as const;
        assert.equal((await lookAtToolchain(question(true, wrong))).isSourcePathWrong, true);
    });

    it("takes a rust-analyzer that only fails for none", async () => {
        const server = folder.script("bin/rust-analyzer", "echo nothing; exit 1");
        const found = await lookAtToolchain({
            snapshot: aSnapshot({
                flakeFolder: folder.path,
                toolchain: {
                    rustc: "/x/rustc",
                    version: "rustc 1.97.1",
                    sysroot: folder.path,
                    tools: { "rust-analyzer": server },
                    hasSource: false,
                },
            }),
            base: new Map([["PATH", "/usr/bin:/bin"]]),
            wanted: undefined,
            flake: undefined,
            run,
            signal: undefined,
        });
        assert.equal(found.rustAnalyzer, undefined);
    });
});

describe("projectFindings", () => {
    const current = aSnapshot();
    const project = {
        folder: "/w",
        repository: "/w",
        flake: "/w/flake.nix",
        toolchainFile: undefined,
        cargo: "/w/Cargo.toml",
    };
    const inside: ProjectFacts = {
        project,
        state: { kind: "inside", current, stale: false },
        shell: undefined,
        drift: aDrift(),
    };
    const CASES: readonly [string, ProjectFacts | undefined, ...string[]][] = [
        ["no folder", undefined, "note: No folder is open, so there is no dev shell to look at."],
        ["a dev shell in use", inside],
        [
            "no flake",
            { ...inside, project: { ...project, flake: undefined }, state: { kind: "no-flake" } },
            "note: This Rust project has no flake.nix.",
        ],
        [
            "a flake that is gone",
            { ...inside, project: { ...project, flake: undefined } },
            "problem: This Rust project has no flake.nix.",
        ],
        [
            "a stale dev shell",
            { ...inside, shell: "ci", state: { kind: "inside", current, stale: true } },
            'note: The dev shell "ci" is in use, and files changed since it was read.',
        ],
        [
            "one that is not in use",
            { ...inside, state: { kind: "outside", reason: "left" } },
            'note: The dev shell "default" is not in use.',
        ],
        [
            "one that nix is at",
            { ...inside, state: { kind: "capturing", progress: { kind: "evaluating" }, current } },
            'note: Nix is at work on the dev shell "default".',
        ],
        [
            "a lock that is not committed",
            { ...inside, drift: aDrift({ state: "untracked" }) },
            "problem: flake.lock is not in git, so nobody else gets the versions that you use.",
        ],
        [
            "a lock that changed",
            { ...inside, drift: aDrift({ state: "modified" }) },
            "note: flake.lock has changes that are not committed, so others still use the old versions.",
        ],
    ];
    for (const [name, facts, ...expected] of CASES) {
        it(`tell of ${name}`, () => {
            assert.deepEqual(lines(projectFindings(facts)).filter(notGood), expected);
        });
    }

    it("lead from what is wrong with the lock to what can be done", () => {
        for (const state of ["untracked", "conflict", "missing"] as const) {
            const found = projectFindings({ ...inside, drift: aDrift({ state }) });
            assert.ok(commandsOf(found).includes("nixRust.showActions"), state);
        }
        assert.ok(!commandsOf(projectFindings(inside)).includes("nixRust.showActions"));
    });

    it("tell what failed, with a way out", () => {
        const failure = failureOf("hook-timeout", "60");
        const found = projectFindings({
            ...inside,
            state: { kind: "failed", failure, current },
        });
        assert.equal(found[0]?.level, "problem");
        assert.match(found[0]?.summary ?? "", /shellHook/);
        assert.match(found[0]?.detail ?? "", /environment of before stays/);
        assert.ok(commandsOf(found).includes("nixRust.showProblem"));
    });

    it("offer to lock where that helps", () => {
        const found = projectFindings({ ...inside, drift: aDrift({ state: "missing" }) });
        assert.ok(commandsOf(found).includes("nixRust.lock"));
    });
});
