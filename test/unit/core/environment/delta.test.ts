import assert from "node:assert/strict";
import fc from "fast-check";
import { apply, type Change } from "../../../../src/core/environment/change";
import { deltaOf, type Delta, type Exceptions } from "../../../../src/core/environment/delta";
import { LONGEST_VARIABLE } from "../../../../src/core/environment/omission";

const TEMPORARY = "/tmp/nix-rust-abc";
const MARKER = `${TEMPORARY}/path`;
const NONE: Exceptions = { keepOut: [], letIn: [] };

type Variables = Readonly<Record<string, string>>;

/** The delta between two environments, PATH as given: most tests have none. */
function between(
    base: Variables,
    shell: Variables,
    exceptions: Partial<Exceptions> = NONE,
    notText: readonly string[] = [],
): Delta {
    return deltaOf({
        base: new Map(Object.entries(base)),
        shell: { variables: new Map(Object.entries(shell)), notText },
        marker: MARKER,
        temporary: TEMPORARY,
        exceptions: { ...NONE, ...exceptions },
    });
}

/** The changes of PATH, for what the shell made of `MARKER` and the base's own. */
function pathChanges(base: string | undefined, shell: string): readonly Change[] {
    const entered = base === undefined ? MARKER : `${MARKER}:${base}`;
    return between({ PATH: entered }, { PATH: shell }).changes;
}

describe("deltaOf", () => {
    it("sets what is new or other, and says nothing of what is the same", () => {
        const { changes, omitted } = between(
            { SAME: "1", OTHER: "1" },
            { SAME: "1", OTHER: "2", NEW: "3" },
        );
        assert.deepEqual(changes, [
            { op: "set", name: "NEW", value: "3" },
            { op: "set", name: "OTHER", value: "2" },
        ]);
        assert.deepEqual(omitted, []);
    });

    it("unsets what the shell removed", () => {
        assert.deepEqual(between({ CARGO_HOME: "/x" }, {}).changes, [
            { op: "unset", name: "CARGO_HOME" },
        ]);
    });

    it("sets a variable to nothing where the shell emptied it", () => {
        assert.deepEqual(between({ FLAGS: "-O" }, { FLAGS: "" }).changes, [
            { op: "set", name: "FLAGS", value: "" },
        ]);
    });

    it("carries values with newlines, quotes, expansions and equal signs unchanged", () => {
        const value = `a=b\n'c' "d" $(e) \${f} \`g\` \\ %s é 🦀 ;|&`;
        assert.deepEqual(between({}, { ODD: value }).changes, [{ op: "set", name: "ODD", value }]);
    });

    describe("with PATH", () => {
        it("prepends what stands before the marker, and nothing of the user's own", () => {
            assert.deepEqual(
                pathChanges("/usr/bin:/bin", `/nix/a/bin:/nix/b/bin:${MARKER}:/usr/bin:/bin`),
                [{ op: "prepend", name: "PATH", value: "/nix/a/bin:/nix/b/bin" }],
            );
        });

        it("appends what a hook put after the user's own", () => {
            assert.deepEqual(pathChanges("/bin", `/nix/a/bin:${MARKER}:/bin:/opt/last`), [
                { op: "prepend", name: "PATH", value: "/nix/a/bin" },
                { op: "append", name: "PATH", value: "/opt/last" },
            ]);
        });

        it("changes nothing where the shell adds nothing", () => {
            assert.deepEqual(pathChanges("/bin", `${MARKER}:/bin`), []);
        });

        it("takes the shell's PATH as it is where the shell threw the user's away", () => {
            assert.deepEqual(pathChanges("/bin", "/nix/a/bin:/nix/b/bin"), [
                { op: "set", name: "PATH", value: "/nix/a/bin:/nix/b/bin" },
            ]);
        });

        it("leaves out the builder's placeholder, empty entries and temporary folders", () => {
            assert.deepEqual(
                pathChanges(
                    "/bin",
                    `/path-not-set::${TEMPORARY}/hook/bin:/nix/a/bin:${MARKER}:/bin`,
                ),
                [{ op: "prepend", name: "PATH", value: "/nix/a/bin" }],
            );
        });

        it("works where the user has no PATH at all", () => {
            assert.deepEqual(pathChanges(undefined, `/nix/a/bin:${MARKER}`), [
                { op: "prepend", name: "PATH", value: "/nix/a/bin" },
            ]);
        });

        it("never lets the marker through", () => {
            const entries = fc.array(fc.constantFrom("/nix/a/bin", "/bin", "/usr/bin", MARKER, ""));
            fc.assert(
                fc.property(entries, entries, (base, shell) => {
                    const path = [MARKER, ...base.filter((entry) => entry !== MARKER)].join(":");
                    const { changes } = between({ PATH: path }, { PATH: shell.join(":") });
                    assert.ok(!JSON.stringify(changes).includes(MARKER));
                }),
            );
        });
    });

    describe("with other lists of folders", () => {
        it("prepends or appends where the old value is still there", () => {
            assert.deepEqual(
                between(
                    { PKG_CONFIG_PATH: "/usr/lib/pkgconfig", MANPATH: "/usr/man" },
                    { PKG_CONFIG_PATH: "/nix/a:/usr/lib/pkgconfig", MANPATH: "/usr/man:/nix/man" },
                ).changes,
                [
                    { op: "append", name: "MANPATH", value: "/nix/man" },
                    { op: "prepend", name: "PKG_CONFIG_PATH", value: "/nix/a" },
                ],
            );
        });

        it("sets them where the shell replaced them or the user had none", () => {
            assert.deepEqual(
                between(
                    { LIBRARY_PATH: "/usr/lib" },
                    { LIBRARY_PATH: "/nix/lib", CPATH: "/nix/include" },
                ).changes,
                [
                    { op: "set", name: "CPATH", value: "/nix/include" },
                    { op: "set", name: "LIBRARY_PATH", value: "/nix/lib" },
                ],
            );
        });

        it("does not take a value for a list because its end looks like the old one", () => {
            assert.deepEqual(between({ OPTIONS: "b" }, { OPTIONS: "a:b" }).changes, [
                { op: "set", name: "OPTIONS", value: "a:b" },
            ]);
            assert.deepEqual(between({ CPATH: "/lib" }, { CPATH: "/usr/lib" }).changes, [
                { op: "set", name: "CPATH", value: "/usr/lib" },
            ]);
        });

        it("keeps the user's XDG folders, which nix 2.8 replaces", () => {
            const base = { XDG_DATA_DIRS: "/usr/share:/usr/local/share" };
            const nix28 = between(base, { XDG_DATA_DIRS: "/nix/a/share:/usr/share" });
            const later = between(base, {
                XDG_DATA_DIRS: "/nix/a/share:/usr/share:/usr/local/share",
            });
            const expected = [{ op: "prepend", name: "XDG_DATA_DIRS", value: "/nix/a/share" }];
            assert.deepEqual(nix28.changes, expected);
            assert.deepEqual(later.changes, expected);
        });

        it("says nothing where the shell adds no folder, or sets a list that was not there to nothing", () => {
            const base = { XDG_CONFIG_DIRS: "/etc/xdg" };
            assert.deepEqual(between(base, { XDG_CONFIG_DIRS: "", XDG_DATA_DIRS: "" }).changes, []);
        });
    });

    describe("leaving out", () => {
        it("names each variable that it leaves out, with the reason, sorted by name", () => {
            const shell = {
                TMPDIR: "/tmp/x",
                HOME: "/homeless-shelter",
                out: "/x",
                NIX_STORE: "/nix/store",
                "BASH_FUNC_f%%": "() { :; }",
                ELECTRON_RUN_AS_NODE: "1",
                SOURCE_DATE_EPOCH: "1",
                SSL_CERT_FILE: "/no-cert-file.crt",
                SOCKET: `${TEMPORARY}/agent`,
                HUGE: "x".repeat(LONGEST_VARIABLE),
                SECRET: "1",
                TAKEN: "1",
            };
            const { changes, omitted } = between({}, shell, { keepOut: ["SECRET"] }, ["LATIN"]);
            assert.deepEqual(changes, [{ op: "set", name: "TAKEN", value: "1" }]);
            assert.deepEqual(
                omitted.map(({ name, reason }) => `${name} ${reason}`),
                [
                    "BASH_FUNC_f%% function",
                    "ELECTRON_RUN_AS_NODE editor",
                    "HOME session",
                    "HUGE too-large",
                    "LATIN not-text",
                    "NIX_STORE nix",
                    "SECRET kept-out",
                    "SOCKET temporary",
                    "SOURCE_DATE_EPOCH reproducible-date",
                    "SSL_CERT_FILE no-certificates",
                    "TMPDIR temporary",
                    "out builder",
                ],
            );
        });

        it("neither unsets nor empties what belongs to the session", () => {
            const { changes, omitted } = between(
                { DISPLAY: ":0", HOME: "/home/me" },
                { HOME: "/x" },
            );
            assert.deepEqual(changes, []);
            assert.deepEqual(
                omitted.map(({ name }) => name),
                ["DISPLAY", "HOME"],
            );
        });

        it("does not unset what is there but not text", () => {
            assert.deepEqual(between({ LATIN: "\ufffd" }, {}, NONE, ["LATIN"]).changes, []);
        });

        it("keeps nix's compiler wrappers' variables", () => {
            const shell = {
                NIX_CFLAGS_COMPILE: "-isystem /x",
                NIX_LDFLAGS: "-L/x",
                NIX_CC: "/x",
                CC: "gcc",
            };
            assert.deepEqual(
                between({}, shell).changes.map(({ name }) => name),
                ["CC", "NIX_CC", "NIX_CFLAGS_COMPILE", "NIX_LDFLAGS"],
            );
        });
    });

    describe("with the user's exceptions", () => {
        const names = (delta: Delta): string[] => delta.changes.map(({ name }) => name);

        it("lets in by name and by pattern", () => {
            const shell = {
                SOURCE_DATE_EPOCH: "1",
                buildInputs: "/x",
                nativeBuildInputs: "/y",
                out: "/z",
            };
            const exceptions = { letIn: ["SOURCE_DATE_EPOCH", "*uildInputs"] };
            assert.deepEqual(names(between({}, shell, exceptions)), [
                "SOURCE_DATE_EPOCH",
                "buildInputs",
                "nativeBuildInputs",
            ]);
        });

        it("keeps out by name and by pattern, also what the shell unset, and PATH", () => {
            const base = { AWS_PROFILE: "me", PATH: `${MARKER}:/bin` };
            const shell = { AWS_KEY: "1", MY_AWS_KEY: "2", PATH: `/nix/a/bin:${MARKER}:/bin` };
            const delta = between(base, shell, { keepOut: ["AWS_*", "PATH"] });
            assert.deepEqual(names(delta), ["MY_AWS_KEY"]);
            assert.deepEqual(
                delta.omitted.map(({ name, reason }) => `${name} ${reason}`),
                ["AWS_KEY kept-out", "AWS_PROFILE kept-out", "PATH kept-out"],
            );
        });

        it("keeps out what is let in too", () => {
            assert.deepEqual(names(between({}, { A: "1" }, { letIn: ["A"], keepOut: ["A"] })), []);
        });

        it("takes everything but the star literally", () => {
            const shell = { AxB: "1", "A.B": "2", AB: "3", "A+": "4", AA: "5" };
            assert.deepEqual(
                names(between({}, shell, { keepOut: ["A.B", "A+", "(", "[", "\\", "^$"] })),
                ["AA", "AB", "AxB"],
            );
        });

        it("distinguishes upper and lower case, as the system does", () => {
            assert.deepEqual(names(between({}, { Key: "1", KEY: "2" }, { keepOut: ["KEY"] })), [
                "Key",
            ]);
        });

        it("never lets in what would keep every program from starting", () => {
            const shell = { HUGE: "x".repeat(LONGEST_VARIABLE) };
            const delta = between({}, shell, { letIn: ["*"] });
            assert.deepEqual(delta.changes, []);
            assert.deepEqual(delta.omitted, [{ name: "HUGE", reason: "too-large" }]);
        });
    });

    it("is the same whatever order the variables come in", () => {
        const names = Array.from({ length: 5_000 }, (_, i) => `V${i}`);
        const shell = names.map((name) => [name, `value of ${name}`] as const);
        const forwards = between({}, Object.fromEntries(shell));
        const backwards = between({}, Object.fromEntries(shell.toReversed()));
        assert.equal(forwards.changes.length, 5_000);
        assert.deepEqual(forwards, backwards);
    });

    it("applied to the base gives the shell's environment, except for what was left out", () => {
        const name = fc.oneof(
            fc.constantFrom(
                "MANPATH",
                "CPATH",
                "LD_LIBRARY_PATH",
                "HOME",
                "out",
                "TMPDIR",
                "CC",
                "__proto__",
            ),
            fc.stringMatching(/^[A-Za-z_]{1,4}$/).filter((text) => text !== "PATH"),
        );
        const entry = fc.constantFrom("/a", "/b", "/c", "", "x", TEMPORARY, "\n$(x)");
        const value = fc.array(entry, { maxLength: 4 }).map((entries) => entries.join(":"));
        const variables = fc
            .uniqueArray(fc.tuple(name, value), { selector: ([n]) => n })
            .map((entries) => new Map(entries));
        const patterns = fc.array(fc.oneof(name, fc.constantFrom("A*", "*", "*a*")), {
            maxLength: 2,
        });
        fc.assert(
            fc.property(variables, variables, patterns, patterns, (base, shell, keepOut, letIn) => {
                const { changes, omitted } = deltaOf({
                    base,
                    shell: { variables: shell, notText: [] },
                    marker: MARKER,
                    temporary: TEMPORARY,
                    exceptions: { keepOut, letIn },
                });
                const left = new Set(omitted.map((omission) => omission.name));
                const result = apply(changes, base);
                for (const each of new Set([...base.keys(), ...shell.keys()])) {
                    const isNothing = /PATH$/.test(each) && shell.get(each) === "";
                    const expected = left.has(each) ? base.get(each) : shell.get(each);
                    if (isNothing && !base.has(each)) assert.ok(!result.get(each), each);
                    else assert.equal(result.get(each), expected, each);
                }
                for (const change of changes) assert.ok(!left.has(change.name), change.name);
                const order = changes.map((change) => change.name);
                assert.deepEqual(
                    order,
                    order.toSorted((a, b) => (a < b ? -1 : 1)),
                );
            }),
            { numRuns: 500 },
        );
    });
});
