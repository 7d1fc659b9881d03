// Builds the extension, the core's command line, and the tests into dist/.
import { build } from "esbuild";
import { cpSync, existsSync, readdirSync } from "node:fs";

const options = {
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
};

/** The libraries that only some windows need, each in a file of its own that is loaded on first use. */
const lazy = ["execa", "smol-toml"];

const besideTheBundle = {
    name: "beside-the-bundle",
    setup({ onResolve }) {
        onResolve({ filter: new RegExp(`^(?:${lazy.join("|")})$`) }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : { path: `./${path}.js`, external: true },
        );
    },
};

await build({ ...options, entryPoints: lazy, outdir: "dist", minify: true });
await build({
    ...options,
    entryPoints: ["src/extension.ts", "src/cli.ts"],
    outdir: "dist",
    external: ["vscode"],
    plugins: [besideTheBundle],
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
