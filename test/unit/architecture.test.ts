import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { readRepositoryFile, sourceFiles } from "./repository";

/** A source file: its text without comments, and the files of src/ that it imports. */
interface Source {
    readonly file: string;
    readonly text: string;
    readonly imports: readonly string[];
}

/** `import … from "x"`, `export … from "x"`, `import("x")` and `import "x"`. */
const IMPORT = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;

/** The same of the project's own files, without what is types only or loaded on first use. */
const IMPORTED_AT_ONCE =
    /^import (?!type )(?:\{(?!(?:\s*type \w+,?)+\s*\})[^}]*\}|\* as \w+) from "(\.[^"]+)"/gm;

function read(file: string): Source {
    const text = withoutComments(readRepositoryFile(join("src", file)));
    const imports = [...text.matchAll(IMPORT)]
        .map(([, path = ""]) => path)
        // Data has no imports of its own.
        .filter((path) => path.startsWith(".") && !path.endsWith(".json"))
        .map((path) => `${normalize(join(dirname(file), path))}.ts`);
    return { file, text, imports };
}

/** Comments may name anything. A `//` that follows a quote or colon is part of a text. */
function withoutComments(text: string): string {
    return text.replace(/\/\*[^]*?\*\//g, "").replace(/(?<![:"'`\\])\/\/.*$/gm, "");
}

const SOURCES = sourceFiles().map(read);
const isIn = (folder: string) => (source: Source) => source.file.startsWith(`${folder}/`);
const CORE = SOURCES.filter(isIn("core"));
const EDITOR = SOURCES.filter(isIn("editor"));

/** Which files of editor/ import siblings besides ids, settings and open folders, which all may. */
const MAY_IMPORT: readonly (readonly [file: RegExp, imports: RegExp])[] = [
    // Commands are where what a user asks for meets all that can answer.
    [/^editor\/commands\.ts$/, /^editor\/\w+\.ts$/],
    // Its families do, too, and know nothing of each other.
    [/^editor\/\w+Commands?\.ts$/, /^editor\/(?!commands\.ts$|\w+Commands?\.ts$)\w+\.ts$/],
    // Everything that is seen is put together in one place, apart from what restores environments.
    [
        /^editor\/display\.ts$/,
        /^editor\/(?!commands\.ts$|\w+Commands?\.ts$|(?:folders|terminals|hostEnvironment|rustAnalyzer)\.ts$)\w+\.ts$/,
    ],
    // A table of what buttons do, in parts.
    [/^editor\/fixes\.ts$/, /^editor\/(?:flake|machine)Fixes\.ts$/],
    [/^editor\/(?:flake|machine)Fixes\.ts$/, /^editor\/progress\.ts$/],
    // Shows the result before anything is written.
    [/^editor\/flakeChange\.ts$/, /^editor\/(?:fixes|preview)\.ts$/],
    [/^editor\/folders\.ts$/, /^editor\/watcher\.ts$/],
    // What it finds is offered by a part that is loaded when there is something to offer.
    [/^editor\/buildFailures\.ts$/, /^editor\/buildOffers\.ts$/],
];

describe("the architecture", () => {
    it("is looked at: there are sources, and their imports are files", () => {
        assert.ok(CORE.length > 20 && EDITOR.length > 5);
        const known = new Set(SOURCES.map(({ file }) => file));
        for (const { file, imports } of SOURCES) {
            for (const path of imports) assert.ok(known.has(path), `${file} imports ${path}`);
        }
        assert.ok(SOURCES.some(({ imports }) => imports.length > 5));
    });

    it("keeps the editor out of the core, in imports and in any other text", () => {
        for (const { file, text, imports } of CORE) {
            assert.doesNotMatch(text, /["'`]vscode["'`]/, file);
            assert.doesNotMatch(text, /["'`][^"'`\n]*\beditor\//, file);
            for (const path of imports) assert.match(path, /^core\//, file);
        }
    });

    it("keeps the adapters apart: they know ids, settings, open folders and the core, and not each other", () => {
        for (const { file, imports } of EDITOR) {
            for (const path of imports) {
                const isCommon = /^(?:core\/.*|editor\/(?:ids|settings|openFolder)\.ts)$/.test(
                    path,
                );
                const mayIt = MAY_IMPORT.some(([of, what]) => of.test(file) && what.test(path));
                assert.ok(isCommon || mayIt, `${file} imports ${path}`);
            }
        }
        for (const [of] of MAY_IMPORT) {
            const isThere = EDITOR.some(({ file }) => of.test(file));
            assert.ok(isThere, `${of.source} is gone, and still has an exception`);
        }
    });

    it("has its constants depend on nothing", () => {
        assert.deepEqual(EDITOR.find(({ file }) => file === "editor/ids.ts")?.imports, []);
    });

    it("has no cycles", () => {
        const importsOf = new Map(SOURCES.map(({ file, imports }) => [file, imports]));
        const done = new Set<string>();
        const visit = (file: string, above: readonly string[]): void => {
            assert.ok(!above.includes(file), [...above, file].join(" → "));
            if (done.has(file)) return;
            for (const path of importsOf.get(file) ?? []) visit(path, [...above, file]);
            done.add(file);
        };
        for (const { file } of SOURCES) visit(file, []);
    });

    it("has two entry points that nothing imports", () => {
        for (const { file, imports } of SOURCES) {
            for (const path of imports) assert.doesNotMatch(path, /^(?:extension|cli)\.ts$/, file);
        }
        const top = SOURCES.map(({ file }) => file).filter((file) => !file.includes("/"));
        assert.deepEqual(top, ["cli.ts", "extension.ts"]);
    });

    it("gives everything one name and one home: no default exports, re-exports or index files", () => {
        for (const { file, text } of SOURCES) {
            assert.doesNotMatch(text, /\bexport\s+default\b/, file);
            assert.doesNotMatch(text, /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from)/, file);
            assert.doesNotMatch(file, /(?:^|\/)index\.ts$/);
        }
    });

    it("changes the process's environment in one module only, and reads it in none of the core", () => {
        const changes =
            /process\.env(?:\.\w+|\[[^\]]*\])?\s*(?:=(?!=)|\?\?=|\|\|=)|delete\s+process\.env|Object\.assign\(\s*process\.env/;
        for (const { file, text } of SOURCES) {
            if (file === "editor/hostEnvironment.ts") assert.match(text, changes);
            else assert.doesNotMatch(text, changes, file);
        }
        for (const { file, text } of CORE) assert.doesNotMatch(text, /\bprocess\.env\b/, file);
    });

    it("loads in every window only what restores environments and registers the rest", () => {
        const atOnce = new Set(["extension.ts"]);
        for (const file of atOnce) {
            const text = SOURCES.find((source) => source.file === file)?.text ?? "";
            for (const [, path = ""] of text.matchAll(IMPORTED_AT_ONCE)) {
                atOnce.add(`${normalize(join(dirname(file), path))}.ts`);
            }
        }
        assert.ok(atOnce.has("core/snapshot.ts") && atOnce.has("editor/folders.ts"));
        for (const file of [
            "core/capture.ts",
            "core/failure/rules.ts",
            "core/failure/sentence.ts",
            "core/flake/inputs.ts",
            "core/lock/drift.ts",
            "core/process.ts",
            "core/shell/status.ts",
            "editor/commands.ts",
            "editor/display.ts",
        ]) {
            assert.ok(
                SOURCES.some((source) => source.file === file),
                `there is no ${file}`,
            );
            assert.ok(!atOnce.has(file), `${file} belongs behind \`await import(…)\``);
        }
    });

    it("loads big libraries only where they are used, when they are used", () => {
        for (const { file, text } of SOURCES) {
            for (const library of ["execa", "smol-toml"]) {
                assert.doesNotMatch(text, new RegExp(`from\\s+"${library}"`), file);
            }
        }
    });

    it("names files after what they are, in camel case, in words that say something", () => {
        for (const { file } of SOURCES) {
            assert.match(file, /^(?:[a-z]+\/)*[a-z][A-Za-z]*\.ts$/);
            assert.doesNotMatch(file, /util|helper|manager|service|misc|common/i);
        }
    });
});
