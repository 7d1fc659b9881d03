import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import type { Flake } from "../nix/bed";

export type { Flake, Page };

export interface Server {
    readonly port: number;
    readonly pid: number;
    readonly logsDir: string;
    stop(): Promise<void>;
}

export interface ServerOptions {
    readonly dataDir: string;
    readonly extensionsDir: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly trust?: boolean | "ask";
    readonly userSettings?: object;
    readonly machineSettings?: object;
}

export interface StatusItem {
    readonly id: string;
    readonly text: string;
    readonly label: string;
    readonly icons: readonly string[];
    readonly kind: string;
}

export interface Notification {
    readonly message: string;
    readonly buttons: readonly string[];
    readonly source: string;
    readonly severity: string;
}

/** A question that has to be answered before anything else. */
export interface Dialog {
    readonly message: string;
    readonly detail: string;
    readonly buttons: readonly string[];
}

export interface QuickPick {
    readonly title: string;
    readonly placeholder: string;
    readonly items: readonly { readonly label: string; readonly description: string }[];
}

/** The functions of `test/bed/workbench.mjs` that the tests use; it has the explanations. */
export interface Workbench {
    waitForWorkbench(page: Page): Promise<void>;
    statusBar(page: Page): Promise<StatusItem[]>;
    clickStatus(page: Page, id: string): Promise<void>;
    quickPick(page: Page): Promise<QuickPick | null>;
    pick(page: Page, label: string): Promise<void>;
    notifications(page: Page): Promise<Notification[]>;
    clickNotificationButton(page: Page, button: string, part?: string): Promise<void>;
    clearNotifications(page: Page): Promise<void>;
    dialog(page: Page): Promise<Dialog | null>;
    clickDialogButton(page: Page, button: string): Promise<void>;
    distrustFolder(page: Page): Promise<void>;
    typeInTerminal(page: Page, text: string): Promise<void>;
    terminalText(page: Page): Promise<string>;
    terminalTabs(page: Page): Promise<string[]>;
    hover(page: Page, text: string): Promise<string>;
    screenshot(page: Page, file: string): Promise<void>;
}

interface OpenedWindow {
    readonly page: Page;
    close(): Promise<void>;
}

interface Bed extends Workbench {
    startServer(options: ServerOptions): Promise<Server>;
    installExtension(
        vsix: string,
        options: { dataDir: string; extensionsDir: string },
    ): Promise<void>;
    openWindow(
        server: Server,
        options: { target: string | undefined; profileDir: string },
    ): Promise<OpenedWindow>;
    windowUrl(server: Server, window: { target: string | undefined }): string;
    newestNix(): Promise<{ version: string; bin: string }>;
    rustToolchain(): Promise<{ version: string; dir: string }>;
    nixpkgs(): Promise<string>;
    instantiate(name: string, folder: string, options?: { git?: boolean }): Promise<string>;
    writeFlake(folder: string, flake?: Flake): Promise<string>;
    commit(folder: string, message?: string): Promise<void>;
    git(folder: string, ...args: string[]): Promise<string>;
    onPath(name: string): Promise<string | undefined>;
    oddFlakes: Readonly<Record<string, Flake>>;
}

const MODULES = [
    "server",
    "window",
    "workbench",
    "nix",
    "rust",
    "project",
    "flake",
    "odd-flakes",
    "command",
];

let loaded: Promise<Bed> | undefined;

/** The test bed's modules. They find each other from where they lie, so they are not bundled. */
export function bed(): Promise<Bed> {
    loaded ??= Promise.all(
        MODULES.map(async (name): Promise<Partial<Bed>> => {
            const file = resolve("test/bed", `${name}.mjs`);
            return (await import(pathToFileURL(file).href)) as Partial<Bed>;
        }),
    ).then((modules) => Object.assign({}, ...modules) as Bed);
    return loaded;
}

/** How long anything may take on a busy machine, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Looks until there is something to see.
 *
 * @param what is said when it does not come; a function tells what there was instead
 */
export async function until<T>(
    what: string | (() => string | Promise<string>),
    look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
        const found = await look();
        if (found !== undefined && found !== false) return found;
        if (Date.now() > deadline) {
            throw new Error(`It never came: ${typeof what === "string" ? what : await what()}`);
        }
        await pause(50);
    }
}
