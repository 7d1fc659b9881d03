import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { connectControl, type Ui } from "../bed/control.mjs";

export type Variables = Readonly<Record<string, string | undefined>>;

/** The folder that is this suite's own: VS Code's data, the home, the workspace, what nix notes. */
export const AT = process.env["NIX_RUST_TEST_AT"] ?? "";

/** The checkout. */
export const EXTENSION_PATH =
    vscode.extensions.getExtension("nix-rust.nix-rust")?.extensionPath ?? "";

/** The extension host's environment before anything of ours was activated in it. */
export const atStart: Variables = environmentAtStart();

/** It is noted by the extension of run.mjs that comes first. */
function environmentAtStart(): Variables {
    const noted = (globalThis as { environmentAtStart?: Variables }).environmentAtStart;
    assert.ok(noted, "nobody has noted the environment");
    return noted;
}

/** An environment without what VS Code adds itself when one of its parts starts. */
export function withoutEditor(variables: Variables): Variables {
    return Object.fromEntries(
        Object.entries(variables).filter(([name]) => !name.startsWith("VSCODE_")),
    );
}

const dumps = mkdtempSync(join(tmpdir(), "dump-"));
after(() => rmSync(dumps, { recursive: true, force: true }));
let dumped = 0;

/** Waits for a condition, and fails with its name when it does not come true. */
export async function until(what: string, condition: () => unknown, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await condition())) {
        if (Date.now() > deadline) assert.fail(`never came true: ${what}`);
        await pause(20);
    }
}

/** Waits until a variable of the extension host has this value; undefined for none. */
export function untilHost(name: string, value: string | undefined): Promise<void> {
    return until(`${name} is ${value} in the extension host`, () => process.env[name] === value);
}

/** The extension's own command, by the last part of its id. */
export async function command(name: string): Promise<void> {
    await vscode.commands.executeCommand(`nixRust.${name}`);
}

/** Enters the dev shell as the user would, without the terminal that this opens. */
export async function enter(): Promise<void> {
    await command("enter");
    closeTerminals();
}

export function closeTerminals(): void {
    for (const terminal of vscode.window.terminals) terminal.dispose();
}

/** Sets a setting of ours for the user; undefined for its default. */
export async function set(name: string, value: unknown): Promise<void> {
    await vscode.workspace
        .getConfiguration("nixRust")
        .update(name, value, vscode.ConfigurationTarget.Global);
}

export function firstFolder(): vscode.WorkspaceFolder {
    return folderNamed(undefined);
}

/** A folder of the workspace; without a name the first. */
export function folderNamed(name: string | undefined): vscode.WorkspaceFolder {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const found = folders.find((folder) => name === undefined || folder.name === name);
    assert.ok(found, `no folder ${name}`);
    return found;
}

export type TaskKind = "shell" | "process";

/** The environment that a task of a folder runs in. */
export async function taskEnvironment(
    folder = firstFolder(),
    kind: TaskKind = "process",
    options: vscode.ProcessExecutionOptions = {},
): Promise<Variables> {
    const file = dumpFile();
    const execution =
        kind === "shell"
            ? new vscode.ShellExecution(`env -0 > ${file}`, options)
            : new vscode.ProcessExecution("/bin/sh", ["-c", `env -0 > ${file}`], options);
    const name = `dump ${dumped}`;
    const task = new vscode.Task({ type: "dump" }, folder, name, "tests", execution);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Never };
    const ended = new Promise<number | undefined>((resolve) => {
        const listener = vscode.tasks.onDidEndTaskProcess((event) => {
            if (event.execution.task.name !== name) return;
            listener.dispose();
            resolve(event.exitCode);
        });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
    return parse(file);
}

/** The environment of what a user types into a terminal. */
export async function terminalEnvironment(terminal: vscode.Terminal): Promise<Variables> {
    const file = dumpFile();
    await typeIn(terminal, `env -0 > ${file}.part; mv ${file}.part ${file}`, file);
    return parse(file);
}

/** What a program prints that a user starts in a terminal. */
export async function terminalOutput(terminal: vscode.Terminal, line: string): Promise<string> {
    const file = dumpFile();
    await typeIn(terminal, `${line} > ${file}.part; mv ${file}.part ${file}`, file);
    return readFileSync(file, "utf8");
}

async function typeIn(terminal: vscode.Terminal, line: string, file: string): Promise<void> {
    terminal.sendText(line);
    await until(`the terminal has run ${line}`, () => existsSync(file));
}

function dumpFile(): string {
    return join(dumps, String(++dumped));
}

function parse(file: string): Variables {
    const records = readFileSync(file, "utf8").split("\0").slice(0, -1);
    return Object.fromEntries(
        records.map((record) => {
            const equals = record.indexOf("=");
            return [record.slice(0, equals), record.slice(equals + 1)];
        }),
    );
}

/** The window's user interface; a test that needs it is skipped in a VS Code that we do not hold. */
export function userInterface(test: Mocha.Context): Ui {
    const control = connectControl(process.env["NIX_RUST_TEST_CONTROL"]);
    return control === undefined ? test.skip() : control.ui;
}

/**
 * The configuration that a debugger would be started with. A provider that comes last notes it and
 * ends the session, so no debugger is needed.
 */
export async function resolvedDebugConfiguration(
    wanted: object,
): Promise<vscode.DebugConfiguration> {
    const configuration: vscode.DebugConfiguration = {
        name: "test",
        type: "lldb",
        request: "launch",
        program: "/bin/true",
        ...wanted,
    };
    let seen: vscode.DebugConfiguration | undefined;
    const last = vscode.debug.registerDebugConfigurationProvider(configuration.type, {
        resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
            seen = configuration;
            return undefined;
        },
    });
    await vscode.debug.startDebugging(firstFolder(), configuration);
    last.dispose();
    assert.ok(seen, "no provider was asked");
    return seen;
}

/** The whole lines of a file, none where there is no such file. */
export function linesOf(file: string): string[] {
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** What nix was called with, and how that ended, in a line each. */
export const calls = (): string[] => linesOf(join(AT, "nix-calls"));

/** Longer than the extension waits for files to settle, in milliseconds. */
const SETTLED = 600;

/** Does something to files, and waits until VS Code has told of the last of them. */
export async function whileWatched(file: string, change: () => void): Promise<void> {
    const pattern = new vscode.RelativePattern(firstFolder(), file);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const told = new Promise<void>((resolve) => {
        watcher.onDidChange(() => resolve());
        watcher.onDidCreate(() => resolve());
        watcher.onDidDelete(() => resolve());
    });
    change();
    await told;
    watcher.dispose();
    // The extension was told in the same moment, so its timer runs out before this one.
    await pause(SETTLED);
}

/** All that the extension has logged. */
export function logText(): string {
    const logs = dataFiles().filter((file) => file.endsWith("Nix Rust.log"));
    return logs.map((file) => readFileSync(file, "utf8")).join("");
}

/** Makes folders that are opened from now on such that were never opened before. */
export function forgetSnapshots(): void {
    for (const file of dataFiles()) if (file.endsWith("/snapshot.json")) rmSync(file);
}

function dataFiles(): string[] {
    const data = join(AT, "vs");
    return readdirSync(data, { recursive: true, encoding: "utf8" }).map((file) => join(data, file));
}
