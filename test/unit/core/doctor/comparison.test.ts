import assert from "node:assert/strict";
import { join } from "node:path";
import {
    comparisonFindings,
    endsMatter,
    observe,
    type ComparisonContext,
    type Observation,
    type Place,
    type Sighting,
} from "../../../../src/core/doctor/comparison";
import type { SettingFacts } from "../../../../src/core/doctor/settings";
import { testFolder } from "../../testFolder";
import { commandsOf, lines } from "./sections";

describe("observe", () => {
    const folder = testFolder();
    const changes = [
        { op: "set", name: "GREETING", value: "Hello" },
        { op: "unset", name: "GONE" },
        { op: "prepend", name: "PATH", value: "/shell/a:/shell/b" },
        { op: "append", name: "XDG_DATA_DIRS", value: "/shell/share" },
    ] as const;
    const same = {
        GREETING: "Hello",
        PATH: "/shell/a:/shell/b:/usr/bin",
        XDG_DATA_DIRS: "/usr/share:/shell/share",
    };

    const CASES: readonly [string, Readonly<Record<string, string>>, ...[string, Sighting][]][] = [
        ["the same", same],
        ["another value", { ...same, GREETING: "Mine" }, ["GREETING", "different"]],
        [
            "no value",
            { PATH: same.PATH, XDG_DATA_DIRS: same.XDG_DATA_DIRS },
            ["GREETING", "missing"],
        ],
        ["an empty one where none should be", { ...same, GONE: "" }, ["GONE", "empty"]],
        ["one where none should be", { ...same, GONE: "x" }, ["GONE", "kept"]],
        ["a list behind", { ...same, PATH: "/usr/bin:/shell/a:/shell/b" }, ["PATH", "behind"]],
        ["a list cut off", { ...same, PATH: "/shell/a:/usr/bin" }, ["PATH", "different"]],
        [
            "entries that only begin alike",
            { ...same, PATH: "/shell/a:/shell/bin" },
            ["PATH", "different"],
        ],
        ["a list without its end", { ...same, XDG_DATA_DIRS: "" }, ["XDG_DATA_DIRS", "cut"]],
    ];
    for (const [name, environment, ...expected] of CASES) {
        it(`finds ${name}`, () => {
            const seen = observe(changes, new Map(Object.entries(environment)));
            assert.ok(seen.kind === "seen");
            assert.equal(seen.compared, 4);
            assert.deepEqual(
                seen.differences.map(({ name: variable, sighting }) => [variable, sighting]),
                expected,
            );
        });
    }

    it("keeps no value", () => {
        const seen = observe(changes, new Map([["GREETING", "a secret"]]));
        assert.doesNotMatch(JSON.stringify(seen), /secret|Hello/);
    });

    it("tells which cargo the PATH leads to", () => {
        const cargo = folder.script("bin/cargo", "");
        const seen = observe([], new Map([["PATH", join(folder.path, "bin")]]));
        assert.equal(seen.kind === "seen" && seen.cargo, cargo);
    });

    it("is right about a PATH that is set and added to", () => {
        const both = [
            { op: "set", name: "PATH", value: "/shell" },
            { op: "append", name: "PATH", value: "/home/me/.cargo/bin" },
        ] as const;
        const seen = observe(both, new Map([["PATH", "/shell:/home/me/.cargo/bin"]]));
        assert.deepEqual(seen.kind === "seen" && seen.differences, []);
    });
});

describe("endsMatter", () => {
    const folder = testFolder();

    it("is true of what a dev shell appends, and of cargo's folder where that has the same commands", () => {
        const own = join(folder.path, ".cargo/bin");
        const shell = folder.folder("shell");
        const at = (value: string, name = "PATH"): boolean =>
            endsMatter(
                [
                    { op: "append", name, value },
                    { op: "prepend", name: "PATH", value: shell },
                ],
                new Map(),
                folder.path,
            );
        assert.equal(endsMatter([], new Map(), folder.path), false);
        assert.equal(at("/shell/end"), true);
        assert.equal(at("/shell/share", "XDG_DATA_DIRS"), true);
        folder.script(".cargo/bin/cargo-audit", "");
        assert.equal(at(own), false);
        folder.script("shell/cargo-audit", "");
        assert.equal(at(own), true);
        assert.equal(at(`${own}:/shell/end`), true);
    });
});

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
const context: ComparisonContext = {
    settings,
    isRustupAnswered: true,
    isHuge: false,
    endsMatter: true,
    feeding: undefined,
};

/** What is found of a place where one variable differs. */
function finding(
    place: Place,
    name: string,
    sighting: Sighting,
    parts: Partial<ComparisonContext> = {},
): { line: string; reason: string; commands: string[] } {
    const seen: Observation = {
        kind: "seen",
        compared: 10,
        differences: [{ name, sighting }],
        cargo: undefined,
    };
    const found = comparisonFindings(new Map([[place, seen]]), { ...context, ...parts });
    const [line = ""] = lines(found);
    return { line, reason: found[0]?.detail ?? "", commands: commandsOf(found) };
}

describe("comparisonFindings", () => {
    it("tell that all is the same", () => {
        const seen: Observation = {
            kind: "seen",
            compared: 1,
            differences: [],
            cargo: "/nix/store/rust/bin/cargo",
        };
        const found = comparisonFindings(
            new Map([
                ["terminal", seen],
                ["task", { ...seen, compared: 12 }],
            ]),
            context,
        );
        assert.deepEqual(lines(found), [
            "good: A new terminal has all 1 variable of the dev shell.",
            "good: A task has all 12 variables of the dev shell.",
        ]);
        assert.equal(found[0]?.detail, "Its cargo is /nix/store/rust/bin/cargo.");
    });

    it("name a difference with its reason", () => {
        const { line, reason } = finding("terminal", "A", "different");
        assert.equal(
            line,
            "problem: A new terminal has 9 of the dev shell's 10 variables as they are there.",
        );
        assert.equal(reason, "A: another value, which your shell's start-up files set");
    });

    const REASONS: readonly [Place, string, Sighting, Partial<ComparisonContext>, RegExp][] = [
        ["terminal", "A", "empty", {}, /^good.*the editor can't remove/],
        ["terminal", "A", "missing", { isHuge: true }, /^note.*no more than 500/],
        ["terminal", "A", "missing", {}, /^problem.*not there/],
        [
            "terminal",
            "A",
            "different",
            { settings: { ...settings, terminalEnv: ["A"] } },
            /^problem.*from terminal\.integrated\.env\.linux/,
        ],
        ["terminal", "PATH", "behind", {}, /^note.*start-up files.*all the same/],
        ["terminal", "PATH", "behind", { isRustupAnswered: false }, /^problem.*start-up files/],
        [
            "terminal",
            "PATH",
            "behind",
            { settings: { ...settings, shellIntegration: false } },
            /^note.*shell integration is off/,
        ],
        ["terminal", "PATH", "cut", {}, /^note.*one end of a list only/],
        ["terminal", "PATH", "cut", { endsMatter: false }, /^good.*one end of a list only/],
        ["rust-analyzer", "GIT_DIR", "missing", {}, /^good.*on purpose/],
        ["rust-analyzer", "A", "different", {}, /^problem.*started in another environment/],
        [
            "rust-analyzer",
            "A",
            "different",
            { settings: { ...settings, serverEnv: ["A"] } },
            /^problem.*overruled by rust-analyzer\.server\.extraEnv/,
        ],
        ["task", "A", "different", {}, /^problem.*the task's shell/],
        ["debug", "A", "missing", {}, /^problem.*not there/],
    ];
    for (const [place, name, sighting, parts, expected] of REASONS) {
        it(`explain ${name} ${sighting} in ${place}, ${expected.source}`, () => {
            const { line, reason } = finding(place, name, sighting, parts);
            assert.match(`${line} ${reason}`, expected);
        });
    }

    it("offer to restart a rust-analyzer of another environment", () => {
        assert.ok(
            finding("rust-analyzer", "A", "different").commands.includes(
                "nixRust.restartRustAnalyzer",
            ),
        );
    });

    it("tell why a place was not seen", () => {
        const unseen = (why: (Observation & { kind: "unseen" })["why"]): string =>
            lines(
                comparisonFindings(new Map([["rust-analyzer", { kind: "unseen", why }]]), {
                    ...context,
                    feeding: "north",
                }),
            ).join();
        assert.equal(unseen("not-running"), "note: rust-analyzer's server does not run.");
        assert.match(unseen("not-visible"), /can't be seen on this system/);
        assert.match(unseen("no-answer"), /in time/);
        assert.equal(unseen("other-folder"), "note: rust-analyzer is in the dev shell of north.");
        assert.match(unseen("no-extension"), /not installed or not enabled/);
        assert.match(unseen("unsaved-files"), /saves all files before/);
    });
});
