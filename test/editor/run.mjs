import {
    appendFile,
    mkdir,
    mkdtemp,
    readFile,
    realpath,
    rename,
    rm,
    writeFile,
} from "node:fs/promises";
import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { bedDir } from "../bed/cache.mjs";
import { writeFlake } from "../bed/flake.mjs";
import { newestNix } from "../bed/nix.mjs";
import { commit, instantiate, lockInputs } from "../bed/project.mjs";
import { desktopVsCode } from "../bed/vscode.mjs";

const root = path.resolve(import.meta.dirname, "../..");

/** What a start-up file does that would hide the dev shell's tools. */
const bashrc = `export PATH="$HOME/.cargo/bin:$PATH"
`;

/** VS Code stops at the first of these that has no value, and would run the command. */
const variablesOfVsCode = `
export WITH_VARIABLES='\${workspaceFolder} \${env:HOME} \${userHome} \${pathSeparator}'
export WITH_MISSING='\${workspaceFolder:none} \${config:none.such} \${file} \${input:none}'
export WITH_COMMANDS='\${command:workbench.action.terminal.new}'
export WITH_NESTED='\${env:\${env:HOME}} \$\${env:HOME} \${ \${'
export PATH="/with/\\\${env:HOME}/\\\${file}:$PATH"
`;

/**
 * What a suite opens VS Code with.
 *
 * @typedef {object} Suite
 * @property {string} name also of its file, unless it has several
 * @property {string[]} [files] without `.test.ts`, in the order in which they run
 * @property {object} [settings] the user's
 * @property {Record<string, string>} [env]
 * @property {(at: string) => Promise<string>} prepare makes the workspace in an empty folder, and
 *     returns what to open
 */

/** @type {Suite[]} */
const suites = [
    {
        name: "single",
        files: [
            "single-manual",
            "single-environment",
            "single-settings",
            "single-commands",
            "single-debug",
            "single-log",
        ],
        settings: { "nixRust.enter": "manual" },
        async prepare(at) {
            const folder = await instantiate("example", path.join(at, "hello-nix"), { git: false });
            await edit(path.join(folder, "flake.nix"), {
                'GREETING = "Hello";': `GREETING = "Hello";
                    ATTRIBUTE_SECRET = "secret-of-an-attribute";
                    LD_LIBRARY_PATH = "/lib/of-the-dev-shell";`,
                "export PROJECT_ROOT=$PWD": `export PROJECT_ROOT=$PWD
                        export HOOK_SECRET=secret-of-the-hook
                        echo "the secret is $HOOK_SECRET"
                        export SECRETS_PATH=/secret/of/a/list:/another
                        export FROM_FILE="$(cat hook-input 2>/dev/null)"`,
            });
            await commit(folder);
            return folder;
        },
    },
    {
        name: "hostile",
        env: { UNSET_ME: "still here" },
        async prepare(at) {
            const folder = await instantiate("hostile", path.join(at, "hostile"), { git: false });
            await appendFile(path.join(folder, "hook.sh"), variablesOfVsCode);
            // Only folders with Rust are entered by themselves.
            await writeFile(path.join(folder, "Cargo.toml"), '[package]\nname = "hostile"\n');
            await commit(folder);
            return folder;
        },
    },
    {
        name: "multi-root",
        async prepare(at) {
            const folder = await instantiate("multi-root", path.join(at, "multi-root"));
            return path.join(folder, "all.code-workspace");
        },
    },
    {
        name: "names",
        async prepare(at) {
            // In the URL of an input these characters mean something else to Nix.
            const plain = await instantiate("example", path.join(at, "plain"));
            const odd = path.join(at, 'it\'s a "Größe" #1 100%41 世界 $(id)');
            await rename(plain, odd);
            return odd;
        },
    },
    {
        name: "none",
        async prepare(at) {
            const folder = path.join(at, "none");
            await mkdir(folder);
            await writeFile(path.join(folder, "notes.txt"), "Neither Rust nor a dev shell.\n");
            return folder;
        },
    },
    {
        name: "freshness",
        async prepare(at) {
            for (const state of ["old", "new"]) await lockedState(at, state);
            const folder = path.join(at, "old");
            await commit(folder);
            return folder;
        },
    },
    {
        name: "unwatched",
        settings: { "files.watcherExclude": { "**": true } },
        async prepare(at) {
            await lockedState(at, "old");
            const folder = path.join(at, "old");
            await commit(folder);
            return folder;
        },
    },
];

/**
 * A project whose dev shell is made of everything that can decide one. Two states of it differ in
 * what their flake.lock says only.
 *
 * @param {string} at
 * @param {string} state
 */
async function lockedState(at, state) {
    const input = path.join(at, "input");
    await mkdir(input, { recursive: true });
    await writeFile(
        path.join(input, "flake.nix"),
        `{ outputs = { self }: { value = "of the ${state} input"; }; }\n`,
    );
    const folder = path.join(at, state);
    await writeFlake(folder, {
        inputs: { other: `path:${input}` },
        attributes: { FROM_FLAKE: "first" },
        hook: `echo entered >> ${at}/entered
export FROM_WATCHED="$(cat watched.env 2>/dev/null)"`,
        expression: `(import ./nix/values.nix) // {
            FROM_INPUT = self.inputs.other.value;
            FROM_TOOLCHAIN = (fromTOML (builtins.readFile ./rust-toolchain.toml)).toolchain.channel;
        }`,
    });
    const files = {
        "nix/values.nix": '{ FROM_IMPORT = "first"; }\n',
        "rust-toolchain.toml": '[toolchain]\nchannel = "1.80.0"\n',
        "Cargo.toml": '[package]\nname = "fresh"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/main.rs": "fn main() {}\n",
        "README.md": "# Fresh\n",
        ".gitignore": "/watched.env\n",
    };
    for (const [file, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await writeFile(path.join(folder, file), text);
    }
    await lockInputs(folder);
}

/**
 * Runs the suites that live in the extension host, each in a VS Code of its own.
 *
 * @param {(line: string) => void} log
 * @param {string[]} [names] of the suites to run instead of all
 * @returns {Promise<{ name: string, file: string, ok: boolean, start: number, end: number }[]>}
 *     `file` is what the suite left: `{ passed, failed, skipped }`
 */
export async function runEditorTests(log, names) {
    const wanted = suites.filter(({ name }) => !names?.length || names.includes(name));
    const outcomes = [];
    for (const suite of wanted) outcomes.push(await runSuite(suite, log));
    return outcomes;
}

/**
 * @param {Suite} suite
 * @param {(line: string) => void} log
 */
async function runSuite({ name, files = [name], settings = {}, env = {}, prepare }, log) {
    const start = Date.now();
    const results = await mkdtemp(path.join(tmpdir(), "nix-rust-editor-"));
    const file = path.join(results, "result.json");
    process.once("exit", () => rmSync(results, { recursive: true, force: true }));
    // Short, as sockets lie in it, and the real path, as it is compared with what programs say.
    const at = await realpath(await mkdtemp(path.join(tmpdir(), "ed-")));
    let ok = false;
    try {
        const [userDataDir, home, workspace] = await folders(at, ["vs", "home", "workspace"]);
        await writeFile(path.join(home, ".bashrc"), bashrc);
        await mkdir(path.join(home, ".cargo/bin"), { recursive: true });
        await mkdir(path.join(userDataDir, "User"));
        await writeFile(
            path.join(userDataDir, "User/settings.json"),
            JSON.stringify({ "terminal.integrated.defaultProfile.linux": "bash", ...settings }),
        );
        const target = await prepare(workspace);
        const nix = await countedNix(path.join(at, "bin"), path.join(at, "nix-calls"));
        log(`\neditor ${name}`);
        await runTests({
            vscodeExecutablePath:
                (await desktopVsCode()) ?? path.join(import.meta.dirname, "../bed/code.mjs"),
            extensionDevelopmentPath: [root, await debuggers(path.join(at, "debuggers"))],
            extensionTestsPath: path.join(root, "dist/test/editor/suite.js"),
            launchArgs: [
                target,
                `--user-data-dir=${userDataDir}`,
                `--extensions-dir=${path.join(at, "extensions")}`,
            ],
            extensionTestsEnv: {
                // As when started in a terminal: no login shell's environment on top of this one.
                VSCODE_CLI: "1",
                // What is made once per machine is not found under another home.
                NIX_RUST_BED: bedDir(),
                HOME: home,
                PATH: [nix, process.env.PATH].join(path.delimiter),
                NIX_RUST_TEST_SUITE: JSON.stringify(
                    files.map((file) => path.join(root, "dist/test/editor", `${file}.test.js`)),
                ),
                NIX_RUST_TEST_RESULT: file,
                NIX_RUST_TEST_AT: at,
                ...env,
            },
        });
        ok = true;
    } catch (error) {
        // The counts tell of failed tests; whatever else went wrong would go unseen.
        if (!existsSync(file) || JSON.parse(await readFile(file, "utf8")).failed === 0) log(error);
    } finally {
        await rm(at, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
    return { name, file, ok, start, end: Date.now() };
}

/**
 * @param {string} at
 * @param {string[]} names
 */
function folders(at, names) {
    return Promise.all(
        names.map(async (name) => {
            await mkdir(path.join(at, name));
            return path.join(at, name);
        }),
    );
}

/**
 * An extension that makes VS Code treat our debuggers' configurations as it does real ones, and notes
 * the extension host's environment before anything of ours is activated.
 *
 * @param {string} at
 */
async function debuggers(at) {
    const types = ["lldb", "lldb-dap", "gdb", "cppdbg"];
    const manifest = {
        name: "debuggers",
        publisher: "nix-rust",
        version: "1.0.0",
        engines: { vscode: "^1.93.0" },
        contributes: { debuggers: types.map((type) => ({ type, label: type })) },
        activationEvents: ["*"],
        main: "main.js",
    };
    await mkdir(at);
    await writeFile(
        path.join(at, "main.js"),
        "globalThis.environmentAtStart = { ...process.env };\n",
    );
    await writeFile(path.join(at, "package.json"), JSON.stringify(manifest));
    return at;
}

/**
 * A nix that notes how it was called, before and after.
 *
 * @param {string} bin
 * @param {string} calls
 */
async function countedNix(bin, calls) {
    const nix = path.join((await newestNix()).bin, "nix");
    await mkdir(bin);
    await writeFile(
        path.join(bin, "nix"),
        `#!/bin/sh
echo "start $$ $*" >> '${calls}'
'${nix}' "$@"
code=$?
echo "end $$ $code" >> '${calls}'
exit $code
`,
        { mode: 0o755 },
    );
    return bin;
}

/**
 * @param {string} file
 * @param {Record<string, string>} replacements
 */
async function edit(file, replacements) {
    let text = await readFile(file, "utf8");
    for (const [old, replacement] of Object.entries(replacements)) {
        if (!text.includes(old)) throw new Error(`${file} has no ${old}`);
        text = text.replace(old, () => replacement);
    }
    await writeFile(file, text);
}
