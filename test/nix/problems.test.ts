import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { edited } from "../../src/core/flake/edit/textEdit";
import { resolveLock } from "../../src/core/lock/resolveLock";
import { mergeSides } from "../../src/core/lock/mergeSides";
import { failedFlake, findProblem } from "../../src/core/problem/findProblem";
import { findRepairs } from "../../src/core/problem/findRepairs";
import type { Problem } from "../../src/core/problem/problem";
import { detectProject } from "../../src/core/project/project";
import type { Failure } from "../../src/core/failure/failure";
import { bed, captureOf, failureIn, repository, suiteFolder, testedNix, type Flake } from "./bed";

interface Case {
    readonly flake: Flake;
    /** Further files, by their paths. */
    readonly files?: Readonly<Record<string, string>>;
    /** Files that git is not told about. */
    readonly untracked?: Readonly<Record<string, string>>;
    /** One for old and one for new versions of nix, where those differ. */
    readonly kind: Failure["kind"] | readonly Failure["kind"][];
    /** The file, and a text in the line that is marked; undefined where nothing of it is a file's. */
    readonly at: readonly [file: string, line: string] | undefined;
    readonly message?: RegExp;
    /** The title of the repair after which the dev shell can be captured. */
    readonly mendedBy?: string;
}

const of = (expression: string): Flake => ({ expression });
const imported = of("{ VALUE = import ./nix/value.nix; }");
const SHA = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
const WRONG = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const download = (hash: string): Flake =>
    of(`{
    SOURCE = derivation {
        name = "source"; inherit system; builder = bash;
        args = [ "-c" "printf hello > $out" ];
        outputHashMode = "flat"; outputHashAlgo = "sha256";
        outputHash = "${hash}";
    };
}`);
const build = (script: string, more = ""): Flake =>
    of(
        `{ THING = derivation { name = "thing"; inherit system; builder = bash; args = [ "-c" "${script}" ]; ${more} }; }`,
    );

const CASES: Readonly<Record<string, Case>> = {
    "a semicolon that is missing": {
        flake: of("let\n a = 1\n b = 2;\n in { VALUE = a; }"),
        kind: "syntax",
        at: ["flake.nix", " b = 2"],
        mendedBy: "Add the missing “;”",
    },
    "a name that is not defined, in an imported file": {
        flake: imported,
        files: { "nix/value.nix": "let\n    ünïcödé = 1;\nin\n  (/* ä */ nowhere)\n" },
        kind: "syntax",
        at: ["nix/value.nix", "ünïcödé"],
    },
    "a name that is not defined, after letters of several bytes": {
        flake: imported,
        files: { "nix/value.nix": "let\n    a = 1;\nin\n  (/* äöü */ nowhere)\n" },
        kind: "undefined-var",
        at: ["nix/value.nix", "nowhere"],
        message: /nowhere/,
    },
    "an attribute with nearly that name": {
        flake: of('let pkgs = { hello = "1"; }; in { VALUE = pkgs.helo; }'),
        kind: "missing-attr",
        at: ["flake.nix", "pkgs.helo"],
        mendedBy: "Replace by “hello”",
    },
    "an attribute that circulates": {
        flake: of('let pkgs = { rustfmt = "1"; }; in { VALUE = pkgs.cargo-fmt; }'),
        kind: "missing-attr",
        at: ["flake.nix", "pkgs.cargo-fmt"],
        mendedBy: "Replace by “rustfmt”",
    },
    "the toolchain's version where it is not": {
        flake: of('let rustToolchain.version = "1"; in { VALUE = rustToolchain.rust.version; }'),
        kind: "missing-attr",
        at: ["flake.nix", "rustToolchain.rust.version"],
        mendedBy: "Replace by “.version”",
    },
    "a toolchain file as a set": {
        flake: of(
            "let fromRustupToolchainFile = f: builtins.readFile f; in { VALUE = fromRustupToolchainFile { src = ./rust-toolchain; }; }",
        ),
        files: { "rust-toolchain": "stable\n" },
        kind: "eval-other",
        at: ["flake.nix", "fromRustupToolchainFile {"],
        mendedBy: "Replace by “fromRustupToolchainFile ./rust-toolchain”",
    },
    "a package with a new name": {
        flake: {
            text: `{
  inputs.nixpkgs.url = "path:@folder@/nixpkgs";
  outputs = { self, nixpkgs }: {
    devShells.@system@.default = derivation {
      name = "x"; system = "@system@"; builder = "@bash@"; stdenv = ./stdenv;
      args = [ "-c" "echo > $out" ]; outputs = [ "out" ];
      VALUE = nixpkgs.lib.oldfmt;
    };
  };
}
`,
        },
        files: {
            "nixpkgs/flake.nix": `{ outputs = { self }: { lib = {
                oldfmt = throw "'oldfmt' has been renamed to/replaced by 'newfmt'"; newfmt = "1";
            }; }; }`,
        },
        kind: "eval-other",
        at: ["flake.nix", "VALUE = nixpkgs.lib.oldfmt"],
        message: /renamed/,
        mendedBy: "Replace by “newfmt”",
    },
    "rust-bin without its overlay": {
        flake: of("let pkgs = { }; in { VALUE = pkgs.rust-bin.stable.latest.default; }"),
        kind: "missing-attr",
        at: ["flake.nix", "pkgs.rust-bin"],
        message: /rust-overlay/,
    },
    "an error that it throws, in an imported file": {
        flake: imported,
        files: { "nix/value.nix": '# One.\nthrow "not today"\n' },
        kind: "eval-other",
        // Old versions name the attribute only.
        at: ["", "not today|VALUE = import"],
        message: /not today/,
    },
    "an end on purpose": {
        flake: of('{ VALUE = abort "enough"; }'),
        kind: "abort",
        at: ["flake.nix", "enough"],
    },
    "a condition that does not hold": {
        flake: of("{ VALUE = assert 1 == 2; 1; }"),
        kind: "assertion",
        at: ["flake.nix", "assert 1"],
    },
    "a value that is made of itself": {
        flake: of("let a = a; in { VALUE = a; }"),
        kind: "infinite-recursion",
        at: ["flake.nix", "let a = a"],
    },
    "a file of the machine": {
        flake: of("{ VALUE = builtins.readFile /etc/hostname; }"),
        kind: "pure-eval",
        at: ["flake.nix", "/etc/hostname"],
    },
    "the machine's nixpkgs": {
        flake: of("{ VALUE = import <nixpkgs> { }; }"),
        kind: "pure-eval",
        at: ["flake.nix", "<nixpkgs>"],
    },
    "a value of another type": {
        flake: of('{ VALUE = 1 + "a"; }'),
        kind: "eval-other",
        at: ["flake.nix", '1 + "a"'],
    },
    "an imported file that git does not know": {
        flake: imported,
        untracked: { "nix/value.nix": "1\n" },
        kind: ["untracked", "not-in-source"],
        at: ["flake.nix", "./nix/value.nix"],
    },
    "an imported file that is not there": {
        flake: imported,
        kind: "not-in-source",
        at: ["flake.nix", "./nix/value.nix"],
    },
    "a hash that does not fit": {
        flake: download(WRONG),
        kind: "hash-mismatch",
        at: ["flake.nix", WRONG],
        mendedBy: `Replace the hash by “${SHA}”`,
    },
    "a build that fails": {
        flake: build("echo broken on purpose; exit 3"),
        kind: "builder-failed",
        at: undefined,
        message: /thing/,
    },
    "a build without a result": {
        flake: build("true"),
        kind: "builder-no-output",
        at: undefined,
    },
    "a build for another kind of machine": {
        flake: of(
            '{ THING = derivation { name = "thing"; system = "riscv64-linux"; builder = bash; }; }',
        ),
        kind: "wrong-system",
        at: ["flake.nix", "outputs"],
    },
    "no dev shell for this system": {
        flake: { system: "riscv64-linux" },
        kind: "no-attr",
        at: ["flake.nix", "outputs"],
    },
    "an output that is no dev shell": {
        flake: {
            text: "{\n  outputs = { self }: {\n    devShells.@system@.default = 1;\n  };\n}\n",
        },
        kind: "not-derivation",
        at: ["flake.nix", "outputs"],
    },
    "no outputs": {
        flake: { text: '{\n  description = "x";\n}\n' },
        kind: "no-outputs",
        at: ["flake.nix", "{"],
    },
    "an input that outputs does not take": {
        flake: {
            text: '{\n  inputs.x.url = "path:@folder@/input";\n  outputs = { self }: { };\n}\n',
        },
        files: { "input/flake.nix": "{ outputs = { self }: { }; }\n" },
        kind: "unexpected-arg",
        at: ["flake.nix", "outputs = { self }"],
    },
    "an input with a misspelt attribute": {
        flake: { text: '{\n  inputs.x.ulr = "path:/x";\n  outputs = { self, x }: { };\n}\n' },
        kind: "bad-input-attr",
        at: ["flake.nix", "inputs.x.ulr"],
    },
    "an input that is not there": {
        flake: { inputs: { gone: "path:/nonexistent-for-nix-rust" } },
        kind: "path-missing",
        at: ["flake.nix", "gone"],
    },
    "an input that is no flake": {
        flake: { inputs: { plain: "path:@folder@/plain" } },
        files: { "plain/README": "x\n" },
        kind: "not-in-source",
        at: ["flake.nix", "plain"],
    },
    "an input that a server does not have": {
        flake: { inputs: { served: "@server@/404/x.tar.gz" } },
        kind: "http-404",
        at: ["flake.nix", "served"],
    },
    "an input on a server that is not there": {
        flake: { inputs: { absent: "http://127.0.0.1:9/x.tar.gz" } },
        kind: "network",
        at: ["flake.nix", "absent"],
    },
    "an input with a syntax error": {
        flake: { inputs: { bad: "path:@folder@/bad" } },
        files: { "bad/flake.nix": "{\n  outputs = { self }: { ];\n}\n" },
        kind: "syntax",
        at: ["flake.nix", "bad"],
        message: /In the input “bad” \(flake\.nix, line 2\)/,
    },
    "a shellHook that ends the shell": {
        flake: { hook: "exit 3" },
        kind: "hook-exited",
        at: undefined,
    },
};

describe("a flake that fails is marked where it is broken:", () => {
    const at = suiteFolder();
    let server: Server;
    let address = "";
    before(async () => {
        server = createServer((_, response) => response.writeHead(404).end("nothing here"));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());

    for (const [name, it_] of Object.entries(CASES)) {
        it(name, async () => {
            const folder = await made(at(name.replace(/\W+/g, "-")), it_, address);
            const failure = await failureIn(folder);
            assert.ok(
                [it_.kind].flat().includes(failure.kind),
                `${failure.kind}: ${failure.detail}`,
            );
            const problem = await problemOf(folder, failure);
            if (it_.message !== undefined)
                assert.match(problem?.message ?? failure.detail, it_.message);
            const [file, part] = it_.at ?? [];
            if (file !== "") assert.equal(lineOf(folder, problem), file);
            if (problem === undefined || part === undefined) return;
            const text = readFileSync(problem.file, "utf8");
            const line = text.split("\n")[problem.range.line] ?? "";
            const isThere = part.split("|").some((it) => line.includes(it));
            assert.ok(isThere, `${line} (${failure.detail})`);
            if (it_.mendedBy === undefined) return;
            await mend(folder, problem, it_.mendedBy);
            await captureOf(folder);
        });
    }

    it("in a subfolder of its repository", async () => {
        const root = at("below");
        const folder = join(root, "deep/project");
        await (await bed()).writeFlake(folder, of("{ VALUE = nowhere; }"));
        await (await bed()).commit(root);
        const failure = await failureIn(folder);
        const problem = await problemOf(folder, failure);
        assert.equal(problem?.file, join(folder, "flake.nix"));
    });

    it("by an input that fails only when it is used", async () => {
        const folder = await made(
            at("input-throws"),
            {
                flake: {
                    inputs: { inner: "path:@folder@/inner" },
                    text: '{\n  inputs.inner.url = "path:@folder@/inner";\n  outputs = { self, inner }: {\n    devShells.@system@.default = inner.shell;\n  };\n}\n',
                },
                files: {
                    "inner/flake.nix":
                        '{\n  outputs = { self }: {\n    shell = throw "inner trouble";\n  };\n}\n',
                },
                kind: "eval-other",
                at: undefined,
            },
            address,
        );
        await (await bed()).git(folder, "add", "--all");
        await (await import("./bed")).callTestedNix("nix", ["flake", "lock"], { cwd: folder });
        await (await bed()).git(folder, "add", "--all");
        const failure = await failureIn(folder);
        assert.match(failure.detail, /inner trouble/);
        const problem = await problemOf(folder, failure);
        assert.ok(problem);
        const line = readFileSync(problem.file, "utf8").split("\n")[problem.range.line] ?? "";
        assert.match(line, /inner/);
    });

    it("by a merge of flake.lock, which either side resolves", async () => {
        const folder = await repository(at("merged"), {
            inputs: { a: `path:${at("merged-input")}` },
        });
        mkdirSync(at("merged-input"), { recursive: true });
        writeFileSync(join(at("merged-input"), "flake.nix"), "{ outputs = { self }: { }; }\n");
        const { callTestedNix } = await import("./bed");
        await callTestedNix("nix", ["flake", "lock"], { cwd: folder });
        const file = join(folder, "flake.lock");
        const good = readFileSync(file, "utf8");
        const lines = good.split("\n");
        const row = lines.findIndex((line) => line.includes("lastModified"));
        const theirs = (lines[row] ?? "").replace(/\d+/, "1");
        lines.splice(row, 1, "<<<<<<< HEAD", lines[row] ?? "", "=======", theirs, ">>>>>>> theirs");
        writeFileSync(file, lines.join("\n"));
        await (await bed()).git(folder, "add", "--all");

        const failure = await failureIn(folder);
        assert.equal(failure.kind, "lock-json");
        const problem = await problemOf(folder, failure);
        assert.equal(problem?.file, file);
        assert.equal(problem.range.line, row);

        const broken = readFileSync(file, "utf8");
        const sides = mergeSides(broken);
        assert.equal(sides?.ours, good);
        const call = { nix: await testedNix(), flakeFolder: folder, signal: undefined };
        const { undo } = await resolveLock(call, sides.ours);
        assert.equal(readFileSync(file, "utf8"), good);
        await captureOf(folder);
        writeFileSync(file, `${good}\n`);
        assert.equal(undo(), false, "somebody changed it since");
        assert.equal(readFileSync(file, "utf8"), `${good}\n`);
        writeFileSync(file, good);
        assert.equal(undo(), true);
        assert.equal(readFileSync(file, "utf8"), broken);
        await resolveLock(call, undefined);
        await captureOf(folder);
    });
});

async function made(
    folder: string,
    { flake, files, untracked }: Case,
    server: string,
): Promise<string> {
    const { nixSystem, onPath, writeFlake, commit } = await bed();
    const filled = JSON.stringify(flake)
        .replaceAll("@folder@", folder)
        .replaceAll("@server@", server)
        .replaceAll("@bash@", (await onPath("bash")) ?? "/bin/bash")
        .replaceAll("@system@", nixSystem());
    await writeFlake(folder, JSON.parse(filled) as Flake);
    const write = (all: Readonly<Record<string, string>> = {}): void => {
        for (const [path, text] of Object.entries(all)) {
            mkdirSync(join(folder, path, ".."), { recursive: true });
            writeFileSync(join(folder, path), text);
        }
    };
    write(files);
    await commit(folder);
    write(untracked);
    return folder;
}

const read = (file: string): string | undefined => {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
};

async function problemOf(folder: string, failure: Failure): Promise<Problem | undefined> {
    const flake = failedFlake(detectProject(folder), read);
    assert.ok(flake);
    return findProblem(failure, flake);
}

function lineOf(folder: string, problem: Problem | undefined): string | undefined {
    return problem && relative(folder, problem.file);
}

async function mend(folder: string, problem: Problem, title: string): Promise<void> {
    const flake = failedFlake(detectProject(folder), read);
    assert.ok(flake);
    const repairs = await findRepairs(problem, flake, (await bed()).nixSystem());
    const repair = repairs.find((it) => it.title === title);
    assert.ok(repair, `${title}: ${JSON.stringify(repairs.map((it) => it.title))}`);
    writeFileSync(repair.file, edited(repair.text, repair.edits));
}
