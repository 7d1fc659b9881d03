// Builds the extension, the core's command line, and the tests into dist/.
import { build } from "esbuild";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";

const options = {
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
};

/** The libraries that only some windows need, each in a file of its own that is loaded on first use. */
const lazy = {
    execa: "execa",
    "smol-toml": "smol-toml",
    "nix-grammar": "@replit/codemirror-lang-nix",
};

const besideTheBundle = {
    name: "beside-the-bundle",
    setup({ onResolve }) {
        for (const [file, library] of Object.entries(lazy)) {
            onResolve({ filter: new RegExp(`^${library}$`) }, ({ kind }) =>
                kind === "entry-point" ? undefined : { path: `./${file}.js`, external: true },
            );
        }
    },
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

await build({
    ...options,
    entryPoints: lazy,
    outdir: "dist",
    plugins: [withoutEditorParts],
    minify: true,
});
await build({
    ...options,
    entryPoints: ["src/extension.ts", "src/cli.ts"],
    outdir: "dist",
    plugins: [besideTheBundle, vscodeOnce],
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
