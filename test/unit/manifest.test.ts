import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import {
    Command,
    EXTENSION_ID,
    FLAKE_CONTEXT,
    INSIDE_CONTEXT,
    SECTION,
    Setting,
    VIEW_ID,
} from "../../src/editor/ids";
import { readRepositoryFile, ROOT } from "./repository";

interface Property {
    readonly default?: unknown;
    readonly type?: string;
    readonly enum?: readonly string[];
    readonly enumDescriptions?: readonly string[];
    readonly description?: string;
    readonly markdownDescription?: string;
    readonly scope?: string;
    readonly order?: number;
}

interface Contribution {
    readonly command: string;
    readonly title: string;
    readonly category?: string;
    readonly enablement?: string;
}

interface Manifest {
    readonly name: string;
    readonly publisher: string;
    readonly main: string;
    readonly icon: string;
    readonly browser?: string;
    readonly engines: { readonly vscode: string };
    readonly extensionKind: readonly string[];
    readonly capabilities: Readonly<
        Record<
            "untrustedWorkspaces" | "virtualWorkspaces",
            { supported: boolean; description: string }
        >
    >;
    readonly activationEvents: readonly string[];
    readonly dependencies?: object;
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly contributes: {
        readonly commands: readonly Contribution[];
        readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
        readonly views: Readonly<Record<string, readonly { id: string; when: string }[]>>;
        readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
        readonly walkthroughs?: readonly {
            readonly steps: readonly {
                readonly description: string;
                readonly when?: string;
                readonly media: object;
                readonly completionEvents?: readonly string[];
            }[];
        }[];
    };
}

const MANIFEST = JSON.parse(readRepositoryFile("package.json")) as Manifest;
const { commands, menus, views, configuration, walkthroughs } = MANIFEST.contributes;
const settings = Object.entries(configuration.properties);

/** The settings module on an editor where each setting has the value that `values` has. */
async function readSettings(values: Readonly<Record<string, unknown>>): Promise<unknown> {
    const result = await build({
        stdin: {
            contents: 'export { readSettings } from "./src/editor/settings";',
            resolveDir: ROOT,
            loader: "ts",
        },
        bundle: true,
        write: false,
        platform: "node",
        format: "cjs",
        external: ["vscode"],
    });
    const fakeEditor = {
        workspace: {
            getConfiguration: (section: string) => ({
                get: (name: string): unknown => values[`${section}.${name}`],
            }),
        },
    };
    const module = { exports: {} as { readSettings(folder: undefined): unknown } };
    const requires = (id: string): unknown => (id === "vscode" ? fakeEditor : require(id));
    new Function("module", "exports", "require", result.outputFiles[0]?.text ?? "")(
        module,
        module.exports,
        requires,
    );
    return module.exports.readSettings(undefined);
}

describe("the manifest", () => {
    it("declares the commands that the code has, no more and no fewer", () => {
        const declared = commands.map(({ command }) => command);
        assert.deepEqual(declared.toSorted(), Object.values(Command).toSorted());
    });

    it("has every command and setting of its own in the README", () => {
        const readme = readRepositoryFile("README.md");
        const hidden = (menus["commandPalette"] ?? []).filter(({ when }) => when !== undefined);
        const elsewhere = hidden.map(({ command }) => command);
        const shown = commands.filter(({ command }) => !elsewhere.includes(command));
        const names = [
            ...shown.map(({ title }) => title),
            ...settings.map(([key]) => `\`${key}\``),
        ];
        for (const name of names) assert.ok(readme.includes(`\n| ${name} `), name);
    });

    it("declares the settings that the code reads, no more and no fewer", () => {
        const read = Object.values(Setting).map((name) => `${SECTION}.${name}`);
        assert.deepEqual(settings.map(([name]) => name).toSorted(), read.toSorted());
    });

    it("has the defaults that the code has", async () => {
        const defaults = Object.fromEntries(
            settings.map(([name, property]) => [name, property.default]),
        );
        assert.deepEqual(await readSettings(defaults), await readSettings({}));
    });

    it("has the name by which the code finds itself", () => {
        assert.equal(`${MANIFEST.publisher}.${MANIFEST.name}`, EXTENSION_ID);
    });

    it("gives every command the category Nix, and a title without a prefix of its own", () => {
        for (const { command, title, category } of commands) {
            assert.equal(category, "Nix", command);
            assert.match(title, /^[A-Z][^:]*$/, command);
            assert.doesNotMatch(title, /^Nix\b|\p{Extended_Pictographic}|\$\(/u, command);
        }
        const titles = commands.map(({ title }) => title);
        assert.equal(new Set(titles).size, titles.length);
    });

    it("names only commands, settings and context keys that exist", () => {
        const known = new Set<string>(Object.values(Command));
        for (const items of Object.values(menus)) {
            for (const { command } of items) assert.ok(known.has(command), command);
        }
        const names = new Set([
            ...known,
            ...settings.map(([name]) => name),
            ...[INSIDE_CONTEXT, FLAKE_CONTEXT, VIEW_ID],
        ]);
        const conditions = JSON.stringify([commands, menus, views, walkthroughs ?? []]);
        for (const [name] of conditions.matchAll(/\bnixRust\.[\w.]*\w/g)) {
            assert.ok(names.has(name), name);
        }
    });

    it("describes every setting in sentences, with a scope, a default and a place of its own", () => {
        for (const [name, property] of settings) {
            const text = property.description ?? property.markdownDescription ?? "";
            assert.match(text, /^[A-Z][^]*\.$/, name);
            assert.match(
                property.scope ?? "",
                /^(?:machine|window|resource|machine-overridable)$/,
                name,
            );
            assert.notEqual(property.default, undefined, name);
            assert.notEqual(property.type, undefined, name);
            if (property.enum !== undefined) {
                assert.equal(property.enumDescriptions?.length, property.enum.length, name);
                assert.ok(property.enum.includes(property.default as string), name);
            }
        }
        const orders = settings.map(([, { order }]) => order);
        assert.deepEqual(
            orders,
            orders.map((_, i) => i + 1),
        );
    });

    it("lets no workspace decide which programs run, or with which arguments", () => {
        for (const [name, { scope }] of settings) {
            if (/path|arguments|executable/i.test(name)) assert.equal(scope, "machine", name);
        }
        const { untrustedWorkspaces, virtualWorkspaces } = MANIFEST.capabilities;
        assert.equal(untrustedWorkspaces.supported, false);
        assert.equal(virtualWorkspaces.supported, false);
        for (const { description } of [untrustedWorkspaces, virtualWorkspaces]) {
            assert.match(description, /\.$/);
        }
    });

    it("starts only for Rust and Nix, where the workspace is", () => {
        for (const event of MANIFEST.activationEvents) {
            assert.match(event, /^(?:onLanguage:rust|workspaceContains:[\w*/.-]+)$/);
            assert.doesNotMatch(event, /^\*|\*\*/);
        }
        assert.deepEqual(MANIFEST.extensionKind, ["workspace"]);
        assert.equal(MANIFEST.browser, undefined);
    });

    it("is checked against the oldest editor that it runs in", () => {
        assert.equal(MANIFEST.devDependencies["@types/vscode"], MANIFEST.engines.vscode.slice(1));
        assert.match(MANIFEST.engines.vscode, /^\^\d+\.\d+\.\d+$/);
        const installed = readRepositoryFile("node_modules/@types/vscode/package.json");
        assert.equal(
            (JSON.parse(installed) as { version: string }).version,
            MANIFEST.devDependencies["@types/vscode"],
        );
    });

    it("ships bundles alone: nothing is installed with it", () => {
        assert.equal(MANIFEST.dependencies, undefined);
        const [first, ...rest] = readRepositoryFile(".vscodeignore").trim().split("\n");
        assert.equal(first, "**");
        for (const line of rest)
            assert.match(line, /^!(?:[\w.-]+|dist\/[\w.-]+\.js|dist\/later\/\*\.js|media\/\*\*)$/);
        assert.ok(rest.includes(`!${MANIFEST.main.replace("./", "")}`));
        assert.ok(rest.includes("!package.json") && rest.includes("!media/**"));
        assert.match(MANIFEST.icon, /^media\/.*\.png$/);
        assert.ok(existsSync(join(ROOT, MANIFEST.icon)));
    });

    it("shows pictures and texts in its walkthrough that exist", () => {
        for (const { steps } of walkthroughs ?? []) {
            for (const without of ["nixRust.hasFlake", "!nixRust.hasFlake"]) {
                assert.ok(steps.filter(({ when }) => when !== without).length <= 4);
            }
            for (const { media, description } of steps) {
                assert.doesNotMatch(description, /`/, "VS Code shows the marks themselves");
                for (const path of Object.values(media).filter((value) =>
                    /^media\//.test(String(value)),
                )) {
                    assert.ok(existsSync(join(ROOT, String(path))), String(path));
                }
            }
        }
    });
});
