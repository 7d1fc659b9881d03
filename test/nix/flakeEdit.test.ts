import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { addRustOverlay } from "../../src/core/flake/edit/addOverlay";
import { checkFlake } from "../../src/core/flake/edit/checkFlake";
import { useToolchainFile } from "../../src/core/flake/edit/useToolchainFile";
import { exampleFlakes } from "../unit/core/flake/edit/flakes";
import { NOT_DONE, SHELLS, wishes } from "../unit/core/flake/edit/wishes";
import { callTestedNix, suiteFolder, testedNix } from "./bed";

/** What `read.nix` tells of a flake. */
interface Read {
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly arguments: readonly string[];
    readonly shell: {
        readonly packages: readonly string[];
        readonly libraries: readonly string[];
        readonly protoc: string | null;
        readonly libraryPath: string;
        readonly hook: string;
    };
}

/** The habit of these is that `outputs` does not name what it uses. */
const NOT_NAMED = [
    "at-inputs-after",
    "devenv-of-flake-parts",
    "devshells-of-flake-parts",
    "each-system-pkgs-set",
    "flake-parts",
    "flake-parts-module-args",
    "flake-parts-systems",
    "git-hooks",
    "inputs-only-argument",
    "self-only",
    "with-quoted-system",
];

/** Nothing reads these: their outputs or shells are in files that are not there, or fail. */
const NOT_READ = [
    "default-shell-elsewhere",
    "outputs-elsewhere",
    "shell-elsewhere",
    "legacy-rust-bin-missing",
];

/** These have one list for all. */
const ONE_LIST = [
    "devenv",
    "devenv-of-flake-parts",
    "devshells-of-flake-parts",
    "numtide-devshell",
];

describe("what nix reads in flakes of every shape that something was added to", () => {
    const folderOf = suiteFolder();
    let originals: ReadonlyMap<string, Read>;
    let results: ReadonlyMap<string, Read>;

    before(async () => {
        const flakes = [...exampleFlakes()].filter(([name]) => !NOT_READ.includes(name));
        const edited = await Promise.all(
            flakes.map(async ([name, text]) => [name, await withAll(name, text)] as const),
        );
        originals = await readAll(folderOf("before"), flakes);
        results = await readAll(folderOf("after"), edited);
    });

    for (const name of exampleFlakes().keys()) {
        if (NOT_READ.includes(name)) continue;
        it(name, () => {
            const [old, now] = [originals.get(name), results.get(name)];
            assert.ok(old !== undefined && now !== undefined);
            assert.deepEqual(now.inputs["extra"], {
                inputs: { nixpkgs: { follows: "nixpkgs" } },
                url: "github:owner/repo",
            });
            assert.deepEqual(now.inputs["data"], { flake: false, url: "github:owner/data" });
            const named = NOT_NAMED.includes(name) ? [] : ["data", "extra"];
            assert.deepEqual(now.arguments, [...old.arguments, ...named].sort());
            const { shell } = now;
            const had = [...old.shell.packages, ...old.shell.libraries];
            const has = [...shell.packages, ...shell.libraries];
            // What it had, in the same order, and what was added.
            assert.deepEqual(
                has.filter((it) => !ADDED.includes(it)),
                had,
            );
            const added = has.filter((it) => ADDED.includes(it) && it !== "libGL");
            assert.deepEqual(added.sort(), ADDED.slice(0, -1).sort());
            assert.ok(shell.packages.includes("cmake"));
            const libraries = ONE_LIST.includes(name) ? shell.packages : shell.libraries;
            const wanted = ["curl", "dbus", "sqlite"];
            assert.deepEqual(libraries.filter((it) => wanted.includes(it)).sort(), wanted);
            const failed = NOT_DONE[name] ?? [];
            assert.equal(shell.protoc, failed.includes("variable") ? null : PROTOC);
            const paths = shell.libraryPath + shell.hook;
            assert.ok(paths.startsWith(old.shell.libraryPath.split("$")[0] ?? ""));
            assert.equal(/\/packages\/libGL\/lib/.test(paths), !failed.includes("runtime"));
        });
    }
});

describe("the Rust that nix reads in flakes that were changed to have another", () => {
    const folderOf = suiteFolder();
    const files = new Map<string, string>();
    let results: ReadonlyMap<string, Read>;

    before(async () => {
        for (const [name, text] of exampleFlakes()) {
            const shell = SHELLS[name];
            const outcome = await useToolchainFile(text, { file: "rust-toolchain.toml", shell });
            if (outcome.kind === "edited") files.set(name, outcome.text);
        }
        const broken = exampleFlakes().get("legacy-rust-bin-missing") ?? "";
        const mended = await addRustOverlay(broken, undefined);
        assert.ok(mended.kind === "edited");
        results = await readAll(folderOf("rust"), [...files, ["mended", mended.text]]);
    });

    it("is the toolchain file's, and nothing of nixpkgs'", () => {
        assert.ok(files.size >= 50, String(files.size));
        for (const name of files.keys()) {
            const { packages = [], libraries = [] } = results.get(name)?.shell ?? {};
            const all = [...packages, ...libraries];
            const [toolchain, ...others] = all.filter((it) => it.startsWith("toolchain of"));
            assert.match(
                toolchain ?? "",
                /^toolchain of rust-toolchain\.toml with .*rust-src/,
                name,
            );
            assert.deepEqual(others, [], name);
            const rust = ["cargo", "rustc", "clippy", "rustfmt", "rustup"];
            const isListed = (it: string): boolean => rust.includes(it);
            assert.deepEqual(all.filter(isListed), [], name);
        }
    });

    it("keeps what the file and the flake ask for besides", () => {
        const [toolchain] = results.get("pinned-rust-bin")?.shell.packages ?? [];
        assert.match(toolchain ?? "", /"extensions":\["of the file","rust-src","rust-analyzer"\]/);
        assert.match(toolchain ?? "", /"targets":\["wasm32-unknown-unknown"\]/);
    });

    it("comes from rust-overlay, where its overlay was missing", () => {
        assert.deepEqual(results.get("mended")?.shell.libraries, ["rust stable", "cargo"]);
        assert.deepEqual(results.get("mended")?.inputs["rust-overlay"], {
            inputs: { nixpkgs: { follows: "nixpkgs" } },
            url: "github:oxalica/rust-overlay",
        });
    });
});

async function readAll(
    folder: string,
    flakes: readonly (readonly [string, string])[],
): Promise<ReadonlyMap<string, Read>> {
    mkdirSync(folder);
    for (const [flake, text] of flakes) writeFileSync(join(folder, `${flake}.nix`), text);
    const expression = `(import ${resolve("test/fixtures/flake-inputs/read.nix")}) ${folder}`;
    const json = await callTestedNix("nix", ["eval", "--impure", "--json", "--expr", expression]);
    const told = JSON.parse(json) as Record<string, Read>;
    return new Map(Object.entries(told).map(([file, read]) => [file.replace(/\.nix$/, ""), read]));
}

const ADDED = ["ripgrep", "just", "cmake", "sqlite", "curl", "dbus", "libGL"];
const PROTOC = "/packages/protobuf/bin/protoc";

async function withAll(name: string, text: string): Promise<string> {
    let now = text;
    for (const step of Object.values(wishes(SHELLS[name]))) {
        const outcome = await step(now);
        if (outcome.kind === "edited") now = outcome.text;
    }
    return now;
}

describe("an input that was added", () => {
    const folderOf = suiteFolder();

    it("is locked and passed to outputs by nix", async () => {
        const folder = folderOf("flake");
        mkdirSync(folder);
        const text = await withAll("overlay-file", exampleFlakes().get("overlay-file") ?? "");
        writeFileSync(join(folder, "flake.nix"), text);
        writeFileSync(join(folder, "rust-toolchain.toml"), "");
        const stubs = ["nixpkgs", "rust-overlay", "extra", "data"];
        const names = await callTestedNix("nix", [
            "eval",
            "--json",
            "--no-write-lock-file",
            `path:${folder}#devShells.x86_64-linux.default.arguments`,
            "--apply",
            "it: map (package: package.pname or package.name) it.buildInputs",
            ...stubs.flatMap((name) => [
                "--override-input",
                name,
                `path:${resolve("test/fixtures/flake-inputs", name)}`,
            ]),
        ]);
        assert.deepEqual(JSON.parse(names), ["openssl", "sqlite", "curl", "dbus"]);
    });
});

describe("a changed flake.nix, before it is written", () => {
    const folderOf = suiteFolder();
    const failureOf = async (text: string): Promise<string | undefined> => {
        const folder = folderOf("temporary");
        mkdirSync(folder, { recursive: true });
        const failure = await checkFlake(await testedNix(), text, folder, undefined);
        assert.deepEqual(readdirSync(folder), []);
        return failure?.kind;
    };

    it("is read by nix, and nothing of it is evaluated", async () => {
        const texts = [...exampleFlakes().values()].slice(0, 3);
        for (const text of texts) assert.equal(await failureOf(text), undefined);
        assert.equal(await failureOf('{ outputs = throw "not now"; }'), undefined);
    });

    it("is told where nix can't read it", async () => {
        assert.equal(await failureOf("{ outputs = { self }: { a = ; }; }"), "syntax");
        assert.equal(await failureOf("{ outputs = { self }: pkgs; }"), "undefined-var");
    });
});
