// Builds the extension, the core's command line, and the tests into dist/.
//
// A window loads dist/extension.js when it opens, and of dist/later/ what it comes to need: the
// libraries below, and each module of ours that is imported by `await import("./module")`.
import { build } from "esbuild";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
 * The module `vscode`, required once for the whole bundle and with the names that it uses. esbuild
 * would copy all of its hundreds of properties for each file that imports it, which took longer
 * than the rest of loading the bundle.
 */
const vscodeOnce = {
    name: "vscode-once",
    setup({ onResolve, onLoad }) {
        onResolve({ filter: /^vscode$/ }, ({ path, namespace }) =>
            namespace === "vscode-once"
                ? { path, external: true }
                : { path, namespace: "vscode-once" },
        );
        onLoad({ filter: /./, namespace: "vscode-once" }, () => {
            const names = readdirSync("src", { recursive: true })
                .filter((file) => file.endsWith(".ts"))
                .flatMap((file) => [
                    ...readFileSync(`src/${file}`, "utf8").matchAll(/\bvscode\.(\w+)/g),
                ])
                .map(([, name]) => name);
            const list = [...new Set(names)].join(", ");
            return { contents: `export const { ${list} } = require("vscode");` };
        });
    },
};

/**
 * Node's modules, each required once for a bundle. esbuild would do so in each file that imports
 * them, and in an extension host every call of `require` passes through several hooks.
 */
const builtinsOnce = {
    name: "builtins-once",
    setup({ onResolve, onLoad }) {
        onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
            namespace === "builtins-once"
                ? { path, external: true }
                : { path, namespace: "builtins-once" },
        );
        onLoad({ filter: /./, namespace: "builtins-once" }, ({ path }) => ({
            contents: `module.exports = require("${path}");`,
        }));
    },
};

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
 * CommonJS file, and each part that is loaded later another, which takes what both have from the
 * first: there is one copy of every module in a window.
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
    const given = [...atOnce].filter((part) =>
        later.some((other) => parts.get(other).imports.includes(part)),
    );
    /** "src/core/lock/drift.ts" is loaded from "core-lock-drift.js". */
    const nameOf = (/** @type {string} */ part) => {
        const { source } = parts.get(part);
        if (source === undefined) return part.replace("chunk", "shared");
        return `${source
            .replace(/^src\//, "")
            .replace(/\.ts$/, "")
            .replaceAll("/", "-")}.js`;
    };

    const joined = (/** @type {string} */ folder, /** @type {Set<string>} */ inside) => ({
        name: "joined",
        setup({ onResolve, onLoad }) {
            onResolve({ filter: /^\.\// }, ({ path, kind }) => {
                const part = basename(path);
                if (kind !== "dynamic-import" && inside.has(part))
                    return { path: part, namespace: "part" };
                if (kind !== "dynamic-import" && atOnce.has(part))
                    return { path: part, namespace: "given" };
                return { path: `${folder}/${nameOf(part)}`, external: true };
            });
            onResolve({ filter: /^\.\.\/extension\.js$/ }, ({ path }) => ({
                path,
                external: true,
            }));
            onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
                contents: texts.get(path),
            }));
            onLoad({ filter: /./, namespace: "given" }, ({ path }) => ({
                contents: `module.exports = require("../extension.js")["${path}"];`,
            }));
        },
    });
    const shared = {
        ...options,
        minify: true,
        // As `require`: that is faster, and finds the module `vscode`.
        supported: { "dynamic-import": false },
    };
    await build({
        ...shared,
        stdin: {
            contents: [
                'export * from "./extension.js";',
                ...given.map((part) => `export * as "${part}" from "./${part}";`),
            ].join("\n"),
        },
        outfile: "dist/extension.js",
        plugins: [joined(`./${LATER}`, atOnce), fromLater(`./${LATER}`), builtinsOnce, vscodeOnce],
    });
    for (const part of later) {
        await build({
            ...shared,
            stdin: { contents: texts.get(part) },
            outfile: `dist/${LATER}/${nameOf(part)}`,
            plugins: [joined(".", new Set()), fromLater("."), builtinsOnce, vscodeOnce],
        });
    }
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
