// Builds the extension, the core's command line, and the tests into dist/.
//
// A window loads dist/extension.js when it opens, and of dist/later/ what it comes to need: the
// libraries below, and each module of ours that is imported by `await import("./module")`.
import { build } from "esbuild";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";

const options = {
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
};

/** Where the files are that are loaded on first use. */
const LATER = "later";

/** The libraries that only some windows need. */
const lazy = {
    execa: "execa",
    "smol-toml": "smol-toml",
    "nix-grammar": "@replit/codemirror-lang-nix",
};

/** Nix's grammar comes in a package for an editor in web pages, of which only the parser is used. */
const withoutEditorParts = {
    name: "without-editor-parts",
    setup({ onResolve, onLoad }) {
        const filter = /^(?:@codemirror\/(?:language|autocomplete)|@lezer\/highlight)$/;
        onResolve({ filter }, ({ path, importer }) =>
            importer.includes("codemirror-lang-nix") ? { path, namespace: "stub" } : undefined,
        );
        onLoad({ filter: /.*/, namespace: "stub" }, () => ({
            contents: `
                const none = () => () => null;
                const prop = { add: none };
                export const LRLanguage = { define: none };
                export class LanguageSupport {}
                export { prop as indentNodeProp, prop as foldNodeProp };
                export { none as delimitedIndent, none as continuedIndent, none as foldInside };
                export { none as snippetCompletion, none as ifNotIn, none as completeFromList };
                export const styleTags = none;
                export const tags = new Proxy({}, { get: () => none });
            `,
        }));
    },
};

/**
 * Modules that are not in the bundle, required once for all of it, and with the names that it uses.
 * esbuild would copy all properties of a module, hundreds of `vscode` and `node:fs`, for each file
 * that imports it, which took longer than the rest of loading the bundle.
 */
const requiredOnce = (/** @type {string[]} */ texts) => ({
    name: "required-once",
    setup({ onResolve, onLoad }) {
        onResolve({ filter: /^(?:vscode$|node:)/ }, ({ path, namespace }) =>
            namespace === "required-once"
                ? { path, external: true }
                : { path, namespace: "required-once" },
        );
        onLoad({ filter: /./, namespace: "required-once" }, ({ path }) => {
            const names = texts.flatMap((text) => usedOf(path, text));
            return {
                contents: `export const { ${[...new Set(names)].join(", ")} } = require("${path}");`,
            };
        });
    },
});

/** What a text of ESM that esbuild wrote takes from a module. */
function usedOf(/** @type {string} */ module, /** @type {string} */ text) {
    const imports = [...text.matchAll(new RegExp(`import ([^;]*?) from "${module}";`, "g"))];
    return imports.flatMap(([, what]) => {
        const all = /^\* as (\w+)$/.exec(what)?.[1];
        if (all !== undefined) {
            return [...text.matchAll(new RegExp(`\\b${all}\\.(\\w+)`, "g"))].map(
                ([, name]) => name,
            );
        }
        return [...what.matchAll(/(\w+)(?: as \w+)?(?=[,\s}])/g)].map(([, name]) => name);
    });
}

/** What a bundle takes from the files that are loaded on first use, seen from its own folder. */
const fromLater = (/** @type {string} */ folder) => ({
    name: "from-later",
    setup({ onResolve }) {
        for (const [file, library] of Object.entries(lazy)) {
            onResolve({ filter: new RegExp(`^${library}$`) }, () => ({
                path: `${folder}/${file}.js`,
                external: true,
            }));
        }
    },
});

/**
 * Builds the extension in two steps, because esbuild splits only ES modules, and in as many files
 * as sharing makes necessary. So it splits first; then what a window needs at once becomes one
 * CommonJS file, the many small parts that are shared by later ones another, and each other part
 * one of its own. They take from each other what they share: there is one copy of every module in a
 * window.
 */
async function buildExtension() {
    const { outputFiles, metafile } = await build({
        ...options,
        entryPoints: ["src/extension.ts"],
        outdir: "dist",
        format: "esm",
        splitting: true,
        metafile: true,
        write: false,
        external: ["vscode", ...Object.values(lazy)],
    });
    const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
    const parts = new Map(
        Object.entries(metafile.outputs).map(([path, { imports, entryPoint }]) => [
            basename(path),
            {
                /** The source file that is imported; a part without one is shared by several. */
                source: entryPoint,
                imports: imports
                    .filter(({ external, kind }) => !external && kind === "import-statement")
                    .map((imported) => basename(imported.path)),
            },
        ]),
    );
    const atOnce = new Set(["extension.js"]);
    for (const part of atOnce) for (const other of parts.get(part).imports) atOnce.add(other);
    const later = [...parts.keys()].filter((part) => !atOnce.has(part));
    const small = smallShared(later, parts, atOnce, texts);
    /** "src/core/lock/drift.ts" is loaded from "core-lock-drift.js". */
    const nameOf = (/** @type {string} */ part) => {
        const { source } = parts.get(part);
        if (source === undefined) return part.replace("chunk", "shared");
        return `${source
            .replace(/^src\//, "")
            .replace(/\.ts$/, "")
            .replaceAll("/", "-")}.js`;
    };
    /** What others take of several parts that are in one file. */
    const given = (/** @type {Set<string>} */ inside) =>
        [...inside]
            .filter((part) =>
                later.some(
                    (other) => !inside.has(other) && parts.get(other).imports.includes(part),
                ),
            )
            .map((part) => `export * as "${part}" from "./${part}";`)
            .join("\n");

    const joined = (/** @type {string} */ folder, /** @type {Set<string>} */ inside) => ({
        name: "joined",
        setup({ onResolve, onLoad }) {
            onResolve({ filter: /^\.\// }, ({ path, kind, namespace }) => {
                if (namespace === "given") return { path, external: true };
                const part = basename(path);
                if (kind === "dynamic-import")
                    return { path: `${folder}/${nameOf(part)}`, external: true };
                if (inside.has(part)) return { path: part, namespace: "part" };
                if (atOnce.has(part) || small.has(part)) return { path: part, namespace: "given" };
                return { path: `${folder}/${nameOf(part)}`, external: true };
            });
            onResolve({ filter: /^\.\.\/extension\.js$/ }, ({ path }) => ({
                path,
                external: true,
            }));
            onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
                contents: texts.get(path),
            }));
            onLoad({ filter: /./, namespace: "given" }, ({ path }) => {
                const file = atOnce.has(path) ? "../extension.js" : "./shared.js";
                return { contents: `module.exports = require("${file}")["${path}"];` };
            });
        },
    });
    const write = (
        /** @type {string} */ outfile,
        /** @type {string} */ contents,
        /** @type {string} */ folder,
        /** @type {Set<string>} */ inside,
    ) =>
        build({
            ...options,
            minify: true,
            // As `require`: that is faster, and finds the module `vscode`.
            supported: { "dynamic-import": false },
            stdin: { contents },
            outfile,
            plugins: [
                joined(folder, inside),
                fromLater(folder),
                requiredOnce([contents, ...[...inside].map((part) => texts.get(part))]),
            ],
        });
    const entry = `export * from "./extension.js";\n${given(atOnce)}`;
    await write("dist/extension.js", entry, `./${LATER}`, atOnce);
    await write(`dist/${LATER}/shared.js`, given(small), ".", small);
    for (const part of later) {
        if (small.has(part)) continue;
        await write(`dist/${LATER}/${nameOf(part)}`, texts.get(part), ".", new Set());
    }
}

/** The parts that are shared, small, and need none but each other and what is loaded at once. */
function smallShared(later, parts, atOnce, texts) {
    const small = new Set(
        later.filter(
            (part) => parts.get(part).source === undefined && texts.get(part).length < 12_000,
        ),
    );
    const isClosed = (part) =>
        parts.get(part).imports.every((other) => small.has(other) || atOnce.has(other));
    for (let left = -1; left !== small.size;) {
        left = small.size;
        for (const part of small) if (!isClosed(part)) small.delete(part);
    }
    return small;
}

rmSync(`dist/${LATER}`, { recursive: true, force: true });
await build({
    ...options,
    entryPoints: lazy,
    outdir: `dist/${LATER}`,
    plugins: [withoutEditorParts],
    minify: true,
});
await buildExtension();
await build({
    ...options,
    entryPoints: ["src/cli.ts"],
    outdir: "dist",
    plugins: [fromLater(`./${LATER}`)],
    minify: true,
});

const tests = readdirSync("test", { recursive: true })
    .filter((file) => /\.test\.ts$|(?:^|\/)suite\.ts$/.test(file))
    .map((file) => `test/${file}`);
await build({
    ...options,
    entryPoints: tests,
    outdir: "dist/test",
    outbase: "test",
    external: [
        "vscode",
        "mocha",
        "esbuild",
        "playwright-core",
        "fast-check",
        "@vscode/test-electron",
    ],
    sourcemap: "inline",
});

const standIn = "test/fixtures/rust-analyzer";
if (existsSync(standIn)) {
    const outdir = "dist/test/rust-analyzer";
    const entryPoints = [`${standIn}/extension.ts`];
    await build({ ...options, entryPoints, outdir, external: ["vscode"] });
    cpSync(`${standIn}/package.json`, `${outdir}/package.json`);
}
