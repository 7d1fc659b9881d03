import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { until, type Notification, type Page, type StatusItem, type Workbench } from "./bed";
import { parseEnvironment } from "./machine";

const STATUS = "nix-rust.nix-rust.status";

/** How long a toast may take after its notification, in milliseconds. */
const LATEST_TOAST = 3_000;

let outputs = 0;

interface WindowContext {
    /** Where terminals put what they are asked for. */
    readonly folder: string;
    readonly urlOf: (target: string | undefined) => string;
    readonly close: () => Promise<void>;
}

/** A window as the person in front of it sees and uses it. */
export class EditorWindow {
    readonly #bed: Workbench;
    readonly #folder: string;
    readonly #urlOf: (target: string | undefined) => string;
    readonly close: () => Promise<void>;

    constructor(
        readonly page: Page,
        workbench: Workbench,
        context: WindowContext,
    ) {
        this.#bed = workbench;
        this.#folder = context.folder;
        this.#urlOf = context.urlOf;
        this.close = context.close;
    }

    /** Runs a command by its title in the palette. */
    async run(title: string): Promise<void> {
        // The palette has the commands of the moment when it opens; extensions may come later.
        await until(`the command “${title}”`, async () => {
            const labels = await this.search(title);
            if (labels.includes(title)) return true;
            await this.page.keyboard.press("Escape");
            return false;
        });
        await this.pick(title);
    }

    /** Opens the palette, and tells which commands it finds. */
    async search(title: string): Promise<string[]> {
        await this.page.keyboard.press("F1");
        const input = this.page.locator(".quick-input-widget input.input");
        await input.waitFor();
        await input.fill(`>${title}`);
        return until("what the palette finds", async () => {
            const labels = (await this.#bed.quickPick(this.page))?.items.map(({ label }) => label);
            // Until it has searched, it shows all commands.
            return labels !== undefined && labels.length > 0 && labels.length < 12 && labels;
        });
    }

    async key(name: string): Promise<void> {
        await this.page.keyboard.press(name);
    }

    async pick(label: string): Promise<void> {
        await this.#bed.pick(this.page, label);
    }

    /** The labels of the list with that title or question, once it has any. */
    choices(title: string): Promise<string[]> {
        return until(`choices in the list “${title}”`, async () => {
            const list = await this.#bed.quickPick(this.page);
            const isMeant = list !== null && `${list.title}${list.placeholder}`.includes(title);
            return isMeant && list.items.length > 0 && list.items.map(({ label }) => label);
        });
    }

    /** Opens a file by its name; the one in that folder, where there are several. */
    async open(file: string, folder = ""): Promise<void> {
        await this.page.keyboard.press("ControlOrMeta+P");
        await this.page.locator(".quick-input-widget input.input").fill(file);
        const found = this.page.locator(".quick-input-list .monaco-list-row", { hasText: file });
        await found.filter({ hasText: folder }).first().click();
        await this.page.locator(".tab.active", { hasText: file }).waitFor();
    }

    /** The extension's item in the status bar; undefined where it shows none. */
    async status(): Promise<StatusItem | undefined> {
        const items = await this.#bed.statusBar(this.page);
        return items.find(({ id }) => id === STATUS);
    }

    /** Waits until the extension's item says this. */
    waitForStatus(text: string | RegExp): Promise<StatusItem> {
        const matches = (item: StatusItem): boolean =>
            typeof text === "string" ? item.text === text : text.test(item.text);
        return until(
            async () => `the status “${text}”; it is “${(await this.status())?.text}”`,
            async () => {
                const item = await this.status();
                return item !== undefined && matches(item) && item;
            },
        );
    }

    /** Waits until rust-analyzer's server has answered. */
    async waitForRustAnalyzer(): Promise<void> {
        await until("an answer of rust-analyzer's server", async () => {
            const items = await this.#bed.statusBar(this.page);
            return items.some(
                ({ id, label }) =>
                    id.startsWith("rust-lang.rust-analyzer") && label.includes("Server is running"),
            );
        });
    }

    /** Closes what is open here and opens a folder or workspace, or nothing, anew. */
    async goTo(target: string | undefined): Promise<void> {
        // Leaving the page is what ends its extension host.
        await this.page.goto("about:blank");
        await this.page.goto(this.#urlOf(target));
        await this.#bed.waitForWorkbench(this.page);
    }

    /**
     * Waits until the editor watches the files of its folder, which it begins some time after it
     * shows them: until its explorer lists files that appear.
     */
    async waitForWatcher(folder: string): Promise<void> {
        const probes = join(folder, "probes");
        mkdirSync(probes);
        const listed = this.page.locator(".explorer-folders-view .monaco-list-row");
        await until("a new file in the explorer", async () => {
            if ((await listed.filter({ hasText: "probes" }).count()) > 0) return true;
            rmSync(probes, { recursive: true });
            mkdirSync(probes);
            return false;
        });
        rmSync(probes, { recursive: true });
        await listed.filter({ hasText: "probes" }).waitFor({ state: "detached" });
    }

    /**
     * Waits until the browser has written down what the window is to remember; it does so every few
     * seconds, where a desktop's window does it when it closes.
     */
    async waitForMemory(part: string): Promise<void> {
        await until(`“${part}” in the memory of the window`, () =>
            this.page.evaluate(isRemembered, part),
        );
    }

    /** Rests the pointer on the extension's item until it says something with this part. */
    async tooltip(part: string): Promise<string> {
        const item = this.page.locator(`.statusbar [id="${STATUS}"]`);
        const hover = this.page.locator(".workbench-hover-container .monaco-hover");
        return until(`a tooltip with “${part}”`, async () => {
            // Again and again: the item moves when others come and go, and an open tooltip stays
            // as it was.
            await this.page.mouse.move(700, 300);
            await hover.waitFor({ state: "hidden" });
            await item.hover();
            const said = hover.filter({ hasText: part });
            await said.waitFor({ timeout: 3_000 }).catch(() => {});
            return (await said.count()) > 0 && said.first().innerText();
        });
    }

    async clickStatus(): Promise<void> {
        await this.#bed.clickStatus(this.page, STATUS);
    }

    /** Trusts the folder of a window in restricted mode. */
    async trust(): Promise<void> {
        await this.run("Workspaces: Manage Workspace Trust");
        const editor = this.page.locator(".monaco-modal-editor-block");
        await editor.locator(".trusted .monaco-button", { hasText: /^\s*Trust\s*$/ }).click();
        await this.page.locator('.statusbar [id="status.workspaceTrust"]').waitFor({
            state: "detached",
        });
        await editor.locator(".codicon-close").last().click();
        await editor.waitFor({ state: "hidden" });
    }

    notifications(): Promise<Notification[]> {
        return this.#bed.notifications(this.page);
    }

    /**
     * Waits for a notification: a toast, or one that VS Code put into its centre without a toast,
     * as it does with some that come while a list of choices closes.
     */
    waitForNotification(part: string): Promise<Notification> {
        const asked = Date.now();
        return until(
            async () =>
                `a notification with “${part}”; there are ${JSON.stringify(await this.notifications())}`,
            async () => {
                const all = await this.notifications();
                if (all.length === 0 && Date.now() - asked > LATEST_TOAST) await this.#openCentre();
                return all.find(({ message }) => message.includes(part));
            },
        );
    }

    /** Opens the centre where the bell says that it has something new. */
    async #openCentre(): Promise<void> {
        const bell = this.page.locator(
            '.statusbar [id="status.notifications"]:has(.codicon-bell-dot)',
        );
        if ((await bell.count()) > 0) await bell.first().click();
    }

    async press(button: string): Promise<void> {
        await this.#bed.clickNotificationButton(this.page, button);
    }

    async clearNotifications(): Promise<void> {
        await this.#bed.clearNotifications(this.page);
    }

    /** What the question says that has to be answered first, once there is one. */
    async dialog(): Promise<string> {
        const { message, detail } = await until("a question", async () => {
            return (await this.#bed.dialog(this.page)) ?? undefined;
        });
        return `${message}\n${detail}`;
    }

    /** Answers that question. */
    async answer(button: string): Promise<void> {
        await this.#bed.clickDialogButton(this.page, button);
    }

    /** The environment of a new terminal; in the folder of that name, where there are several. */
    async terminalEnvironment(folder?: string): Promise<ReadonlyMap<string, string>> {
        await this.newTerminal(folder);
        return parseEnvironment(await this.inTerminal("/usr/bin/env -0"));
    }

    /** Opens a terminal that is the only one. */
    async newTerminal(folder?: string): Promise<void> {
        const terminals = this.page.locator(".terminal-wrapper");
        if ((await terminals.count()) > 0) {
            await this.run("Terminal: Kill All Terminals");
            await until("no terminal", async () => (await terminals.count()) === 0);
        }
        await this.run("Terminal: Create New Terminal");
        if (folder !== undefined) await this.pick(folder);
        // It takes the focus when it is ready, but for what else takes it in that moment: a view that
        // is drawn anew, for one. What is typed without it goes elsewhere.
        await this.page.locator(".terminal-wrapper.active .xterm-screen").click();
        await this.page.locator(".terminal-wrapper.active .xterm.focus").waitFor();
    }

    /** What a simple command prints in the terminal that is active. */
    async inTerminal(command: string): Promise<string> {
        const folder = join(this.#folder, "outputs");
        mkdirSync(folder, { recursive: true });
        const file = join(folder, `${++outputs}`);
        const line = `${command} >'${file}.part' 2>&1; /bin/mv '${file}.part' '${file}'`;
        await this.#bed.typeInTerminal(this.page, line);
        await until(
            async () =>
                `the end of ${command}; to be seen is\n${await this.#bed.terminalText(this.page)}`,
            () => existsSync(file),
        );
        return readFileSync(file, "utf8");
    }

    /** What is to be seen in the terminal that is active. */
    terminalText(): Promise<string> {
        return this.#bed.terminalText(this.page);
    }

    terminals(): Promise<string[]> {
        return this.#bed.terminalTabs(this.page);
    }

    /** The text in sight of the active editor. */
    async editorText(): Promise<string> {
        const lines = await this.page
            .locator(".editor-group-container.active .monaco-editor .view-line")
            .evaluateAll((elements) =>
                elements
                    .map((element) => ({
                        top: element.getBoundingClientRect().top,
                        text: element.textContent.replaceAll("\u00a0", " "),
                    }))
                    .sort((a, b) => a.top - b.top)
                    .map(({ text }) => text),
            );
        return lines.join("\n");
    }

    /** Waits until the panel below the editors shows a text. */
    async waitForPanel(part: string): Promise<void> {
        await this.page.locator(".part.panel .view-line", { hasText: part }).first().waitFor();
    }

    waitForEditor(part: string): Promise<string> {
        return until(
            async () => `“${part}” in the editor, which shows\n${await this.editorText()}`,
            async () => {
                const text = await this.editorText();
                return text.includes(part) && text;
            },
        );
    }

    /** The lines of the view "Nix", each as a screen reader says it. */
    async rows(): Promise<string[]> {
        const rows = await this.#view.locator(".monaco-list-row").evaluateAll((elements) =>
            elements
                .map((element) => ({
                    at: Number(element.getAttribute("data-index")),
                    said: element.getAttribute("aria-label") ?? "",
                }))
                .sort((a, b) => a.at - b.at)
                .map(({ said }) => said),
        );
        return rows;
    }

    /** The line of the view "Nix" that the keyboard is on. */
    async focusedRow(): Promise<string> {
        const row = this.#view.locator(".monaco-list-row.focused");
        return (await row.getAttribute("aria-label")) ?? "";
    }

    /** Clicks on the line of the view "Nix" with that label. */
    async clickRow(label: string): Promise<void> {
        await this.#row(label).click();
    }

    /** Opens a line of the view "Nix" that has others below it. */
    async openRow(label: string): Promise<void> {
        await this.#row(label).locator(".monaco-tl-twistie").click();
    }

    /** Picks from the menu that a click with the other button opens. */
    async clickRowMenu(label: string, title: string): Promise<void> {
        await this.#row(label).click({ button: "right" });
        const item = this.page.locator(".context-view .action-menu-item", { hasText: title });
        // For a moment, a new menu takes no clicks, so that one does not go through it.
        await item.hover();
        await this.page.keyboard.press("Enter");
        await item.waitFor({ state: "detached" });
    }

    /** Presses the icon that a line of the view "Nix" has at its end. */
    async pressRowAction(label: string, title: string): Promise<void> {
        await this.#row(label).hover();
        await this.#row(label).locator(`.action-label[aria-label="${title}"]`).click();
    }

    #row(label: string): Locator {
        const says = ["", "Warning. "].flatMap((kind) => [
            `="${kind}${label}"`,
            `^="${kind}${label}:"`,
        ]);
        const rows = says.map((is) => `.monaco-list-row[aria-label${is}]`);
        return this.#view.locator(rows.join(", "));
    }

    get #view(): Locator {
        return this.page.locator(".pane", { has: this.page.locator('.title:text-is("Nix")') });
    }

    waitForRow(text: string | RegExp): Promise<string> {
        return until(
            async () =>
                `the line “${text}” in the view, which has\n${(await this.rows()).join("\n")}`,
            async () =>
                (await this.rows()).find((row) =>
                    typeof text === "string" ? row === text : text.test(row),
                ),
        );
    }

    /** The titles of the open editors. */
    tabs(): Promise<string[]> {
        return this.page
            .locator(".tabs-container .tab")
            .evaluateAll((tabs) => tabs.map((tab) => tab.textContent.trim()));
    }

    /** The text of the page that is shown in the active editor, once it has this part. */
    report(part: string): Promise<string> {
        return until(`a page with “${part}”`, async () => {
            const text = await this.#inPage((page) => page.locator("main").innerText());
            return text?.includes(part) && text;
        });
    }

    /** Keeps a picture that is high enough for all of the page in the active editor. */
    async wholePicture(name: string): Promise<void> {
        const size = this.page.viewportSize();
        if (size === null) return;
        await this.page.setViewportSize({ ...size, height: 2_000 });
        await this.picture(name);
        await this.page.setViewportSize(size);
    }

    /** The text in the clipboard. */
    async clipboard(): Promise<string> {
        await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        return this.page.evaluate(readClipboard);
    }

    /** Presses a link of the page that is shown in the active editor. */
    async pressLink(label: string): Promise<void> {
        await until(`the link “${label}”`, () =>
            this.#inPage(async (page) => {
                const link = page.locator("a", { hasText: label }).first();
                if ((await link.count()) === 0) return false;
                await link.click();
                return true;
            }),
        );
    }

    /** Goes to a link of the page that is shown by the keyboard, and follows it. */
    async followLink(label: string): Promise<void> {
        await until(`the focus on the link “${label}”`, async () => {
            const focused = await this.#inPage(async (page) => {
                const link = page.locator("a:focus");
                return (await link.count()) > 0 && link.innerText();
            });
            if (focused === label) return true;
            await this.page.keyboard.press("Tab");
            return false;
        });
        await this.page.keyboard.press("Enter");
    }

    /** A page of an extension is in a frame within a frame, which is replaced when it changes. */
    async #inPage<T>(use: (page: Frame) => Promise<T>): Promise<T | undefined> {
        for (const frame of this.page.frames()) {
            try {
                if ((await frame.locator("body main h1").count()) > 0) return await use(frame);
            } catch (error) {
                if (!/detached|closed/.test(String(error))) throw error;
            }
        }
        return undefined;
    }

    async waitForTab(title: string): Promise<void> {
        await this.page.locator(".tab.active", { hasText: title }).waitFor();
    }

    /** The groups of texts that are drawn above lines of the editor, from the top. */
    async lenses(): Promise<string[]> {
        const groups = this.page.locator(".editor-group-container.active .codelens-decoration");
        return groups.evaluateAll((elements) =>
            elements
                .map((element) => ({
                    top: element.getBoundingClientRect().top,
                    text: element.textContent.replaceAll("\u00a0", " ").trim(),
                }))
                .sort((a, b) => a.top - b.top)
                .map(({ text }) => text),
        );
    }

    waitForLens(text: string | RegExp): Promise<string> {
        return until(
            async () => `the lens “${text}”; there are\n${(await this.lenses()).join("\n")}`,
            async () =>
                (await this.lenses()).find((lens) =>
                    typeof text === "string" ? lens.includes(text) : text.test(lens),
                ),
        );
    }

    /** Presses a link of the lens that begins so. */
    async pressLensAfter(lens: RegExp, title: string): Promise<void> {
        const group = this.page.locator(".codelens-decoration", { hasText: lens });
        await group.getByText(title, { exact: true }).click();
    }

    /** Rests the pointer on a text of the editor until it says something. */
    hover(text: string): Promise<string> {
        return this.#bed.hover(this.page, text);
    }

    /** Rests the pointer on a line of one of two editors that are compared. */
    async hoverLine(side: string, text: RegExp): Promise<string> {
        const line = this.page.locator(`.editor-group-container.active ${side} .view-line`, {
            hasText: text,
        });
        await line.first().locator("span span").first().hover();
        const hover = this.page.locator(".monaco-resizable-hover .monaco-hover").filter({
            visible: true,
        });
        await hover.first().waitFor();
        return hover.first().innerText();
    }

    /** Presses an icon at the right of the editor's tabs. */
    async pressTitleAction(title: string): Promise<void> {
        await this.page.locator(`.editor-actions .action-label[aria-label*="${title}"]`).click();
    }

    /** Presses one of the links that are drawn above lines of the editor. */
    async pressLens(title: string): Promise<void> {
        await this.page.locator(".codelens-decoration a", { hasText: title }).click();
    }

    /** Waits until the cursor is in that line. */
    async waitForLine(line: number): Promise<void> {
        await until(`the cursor in line ${line}`, async () => {
            const items = await this.#bed.statusBar(this.page);
            return items.some(({ text }) => text.startsWith(`Ln ${line},`));
        });
    }

    /** Keeps a picture for people to look at, where NIX_RUST_SCREENSHOTS names a folder. */
    async picture(name: string): Promise<void> {
        const folder = process.env["NIX_RUST_SCREENSHOTS"];
        if (!folder) return;
        mkdirSync(folder, { recursive: true });
        await this.#bed.screenshot(this.page, join(folder, `${name}.png`));
    }
}

/** Runs in the page. */
function readClipboard(): Promise<string> {
    const { navigator } = globalThis as unknown as {
        navigator: { clipboard: { readText(): Promise<string> } };
    };
    return navigator.clipboard.readText();
}

/** Runs in the page: whether one of its databases has a value with that text. */
async function isRemembered(part: string): Promise<boolean> {
    const { indexedDB } = globalThis as unknown as { indexedDB: Databases };
    const result = <T>(request: Pending<T>): Promise<T> =>
        new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(new Error("a database can't be read"));
        });
    for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith("vscode-web-state-db-")) continue;
        const database = await result(indexedDB.open(name));
        const store = database.transaction("ItemTable").objectStore("ItemTable");
        const values = await result(store.getAll());
        database.close();
        if (values.some((value) => String(value).includes(part))) return true;
    }
    return false;
}

interface Pending<T> {
    readonly result: T;
    onsuccess: () => void;
    onerror: () => void;
}

/** As much of the browser's databases as is used; the tests are compiled for Node. */
interface Databases {
    databases(): Promise<{ name: string }[]>;
    open(name: string): Pending<{
        close(): void;
        transaction(store: string): {
            objectStore(name: string): { getAll(): Pending<unknown[]> };
        };
    }>;
}
