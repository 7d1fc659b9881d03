/**
 * What a person sees and does in a window. Every function takes the page first and returns plain
 * data, so that a test in the extension host can call it through the control server as well.
 *
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{ id: string, text: string, label: string, icons: string[], kind: string }} StatusItem
 * @typedef {{ message: string, buttons: string[], source: string, severity: string }} Notification
 * @typedef {{ label: string, description: string, detail: string, focused: boolean }} PickItem
 * @typedef {{ message: string, detail: string, buttons: string[] }} Dialog
 */

const patience = 30_000;

const widget = ".quick-input-widget";
const row = `${widget} .quick-input-list .monaco-list-row`;
const restricted = '.statusbar [id="status.workspaceTrust"]';
const restrictedBanner = '[id="workbench.parts.banner"] .message-container';
const dialogBox = ".monaco-dialog-box";
const activeTerminal = ".terminal-wrapper.active";
const activeEditor = ".editor-group-container.active .monaco-editor";

/** @param {Page} page */
export async function waitForWorkbench(page, timeout = 60_000) {
    await page.locator(`.monaco-workbench .statusbar [id="status.problems"]`).waitFor({ timeout });
}

/**
 * @param {Page} page
 * @returns {Promise<StatusItem[]>}
 */
export function statusBar(page) {
    return page.locator(".statusbar .statusbar-item").evaluateAll((items) =>
        items.map((item) => ({
            id: item.id,
            text: item.textContent.replace(/\s+/g, " ").trim(),
            label: item.getAttribute("aria-label") ?? "",
            icons: [...item.querySelectorAll(".codicon")].flatMap((icon) =>
                [...icon.classList].flatMap(
                    (name) => /^codicon-(?!modifier)(.+)/.exec(name)?.[1] ?? [],
                ),
            ),
            kind: /(\w+)-kind/.exec(item.className)?.[1] ?? "",
        })),
    );
}

/**
 * @param {Page} page
 * @param {Partial<Record<"id" | "text" | "label" | "kind", string>>
 *     | ((item: StatusItem) => boolean)} wanted strings are parts of the item's; the id is whole
 * @returns {Promise<StatusItem>}
 */
export function waitForStatus(page, wanted, timeout = patience) {
    const matches =
        typeof wanted === "function"
            ? wanted
            : (/** @type {StatusItem} */ item) =>
                  Object.entries(wanted).every(([key, value]) =>
                      key === "id" ? item.id === value : item[key].includes(value),
                  );
    return until(
        page,
        async () => (await statusBar(page)).find(matches),
        timeout,
        async () =>
            `status item ${wanted}; there are: ${(await statusBar(page)).map((item) => `${item.id} “${item.text}”`).join(", ")}`,
    );
}

/**
 * @param {Page} page
 * @param {string} id
 */
export async function clickStatus(page, id) {
    await page.locator(`.statusbar [id="${id}"] a`).click({ timeout: patience });
}

/**
 * What the status item says when the pointer rests on it.
 *
 * @param {Page} page
 * @param {string} id
 */
export async function statusTooltip(page, id) {
    await page.locator(`.statusbar [id="${id}"]`).hover({ timeout: patience });
    return hoverText(page, ".workbench-hover-container .monaco-hover");
}

/**
 * Runs a command as the palette lists it, such as "Nix: Enter Dev Shell".
 *
 * @param {Page} page
 * @param {string} title
 */
export async function runCommand(page, title) {
    await page.keyboard.press("F1");
    const input = page.locator(`${widget} input.input`);
    await input.waitFor({ timeout: patience });
    await input.fill(`>${title}`);
    await pick(page, title);
}

/**
 * @param {Page} page
 * @returns {Promise<{ title: string, placeholder: string, items: PickItem[] } | null>} null when
 *     none is open
 */
export function quickPick(page) {
    return page.evaluate((selector) => {
        const root = document.querySelector(selector);
        if (!root || getComputedStyle(root).display === "none") return null;
        const text = (/** @type {Element} */ from, /** @type {string} */ part) =>
            from.querySelector(part)?.textContent?.trim() ?? "";
        return {
            title: text(root, ".quick-input-title"),
            placeholder: root.querySelector("input.input")?.getAttribute("placeholder") ?? "",
            items: [...root.querySelectorAll(".quick-input-list .monaco-list-row")].map((row) => ({
                label: text(row, ".label-name"),
                description: text(row, ".label-description"),
                detail: text(row, ".quick-input-list-label-meta"),
                focused: row.classList.contains("focused"),
            })),
        };
    }, widget);
}

/**
 * Chooses the item with that label; without one, the first whose label has it as a part.
 *
 * @param {Page} page
 * @param {string} label
 */
export async function pick(page, label, timeout = patience) {
    const index = await until(
        page,
        async () => {
            const items = (await quickPick(page))?.items ?? [];
            const exact = items.findIndex((item) => item.label === label);
            const found = exact < 0 ? items.findIndex((item) => item.label.includes(label)) : exact;
            return found < 0 ? undefined : { found };
        },
        timeout,
        async () =>
            `item “${label}” in the quick pick; it shows: ${JSON.stringify(await quickPick(page))}`,
    );
    await page.locator(row).nth(index.found).click();
}

/**
 * Replaces what the open input box or quick pick holds, and confirms it.
 *
 * @param {Page} page
 * @param {string} text
 */
export async function answerInput(page, text) {
    const input = page.locator(`${widget} input.input`);
    await input.waitFor({ timeout: patience });
    await input.fill(text);
    await input.press("Enter");
}

/**
 * The notifications in sight, newest first: toasts, or the centre when that is open.
 *
 * @param {Page} page
 * @returns {Promise<Notification[]>}
 */
export function notifications(page) {
    return page.locator(".notification-list-item").evaluateAll((items) =>
        items
            .filter((item) => item.checkVisibility())
            .map((item) => ({
                message: item.querySelector(".notification-list-item-message")?.textContent ?? "",
                buttons: [
                    ...item.querySelectorAll(
                        ".notification-list-item-buttons-container .monaco-text-button",
                    ),
                ].map((button) => button.textContent.trim()),
                source: (
                    item.querySelector(".notification-list-item-source")?.textContent ?? ""
                ).replace(/^Source: /, ""),
                severity:
                    ["error", "warning", "info"].find((name) =>
                        item.querySelector(`.notification-list-item-icon.codicon-${name}`),
                    ) ?? "",
            })),
    );
}

/**
 * @param {Page} page
 * @param {string} part of its message
 * @returns {Promise<Notification>}
 */
export function waitForNotification(page, part, timeout = patience) {
    return until(
        page,
        async () => (await notifications(page)).find((item) => item.message.includes(part)),
        timeout,
        async () =>
            `notification with “${part}”; there are: ${JSON.stringify(await notifications(page))}`,
    );
}

/**
 * Clicks a button of a notification; of the one whose message has `part`, when several have it.
 *
 * @param {Page} page
 * @param {string} button
 */
export async function clickNotificationButton(page, button, part = "") {
    await page
        .locator(".notification-list-item", { hasText: part })
        .locator(".monaco-text-button", { hasText: whole(button) })
        .first()
        .click({ timeout: patience });
}

/** @param {Page} page */
export async function clearNotifications(page) {
    await runCommand(page, "Notifications: Clear All Notifications");
}

/**
 * The modal dialog, or null.
 *
 * @param {Page} page
 * @returns {Promise<Dialog | null>}
 */
export function dialog(page) {
    return page.evaluate((selector) => {
        const box = document.querySelector(selector);
        if (!box) return null;
        const text = (/** @type {string} */ part) =>
            box.querySelector(part)?.textContent?.trim() ?? "";
        return {
            message: text(".dialog-message"),
            detail: text(".dialog-message-detail"),
            buttons: [...box.querySelectorAll(".dialog-buttons .monaco-button")].map((button) =>
                button.textContent.trim(),
            ),
        };
    }, dialogBox);
}

/**
 * @param {Page} page
 * @param {string} button
 */
export async function clickDialogButton(page, button) {
    const box = page.locator(dialogBox);
    await box.locator(".monaco-button", { hasText: button }).first().click({ timeout: patience });
    await box.waitFor({ state: "detached", timeout: patience });
}

/**
 * Waits for VS Code's question whether to trust the folder.
 *
 * @param {Page} page
 * @returns {Promise<Dialog>}
 */
export function trustPrompt(page, timeout = patience) {
    return until(
        page,
        () => trustQuestion(page),
        timeout,
        async () => "trust prompt",
    );
}

/**
 * Trusts the folder of the window: in answer to the question, or else in restricted mode's editor.
 *
 * @param {Page} page
 */
export async function trustFolder(page) {
    if ((await askedOrRestricted(page)) === "asked") {
        await clickDialogButton(page, "Yes");
    } else {
        await runCommand(page, "Workspaces: Manage Workspace Trust");
        await page
            .locator(".workspace-trust-editor .trusted .monaco-button", { hasText: whole("Trust") })
            .click({ timeout: patience });
        await page.keyboard.press("Escape");
        await page
            .locator(".monaco-modal-editor-block")
            .waitFor({ state: "hidden", timeout: patience });
    }
    await page.locator(restricted).waitFor({ state: "detached", timeout: patience });
}

/**
 * Leaves the folder of the window in restricted mode.
 *
 * @param {Page} page
 */
export async function distrustFolder(page) {
    if ((await askedOrRestricted(page)) === "asked") await clickDialogButton(page, "No");
}

/**
 * The status item of restricted mode is there while the question is still to come, the banner not.
 *
 * @param {Page} page
 */
function askedOrRestricted(page) {
    return until(
        page,
        async () => {
            if (await trustQuestion(page)) return "asked";
            return (await page.locator(restrictedBanner).count()) ? "restricted" : undefined;
        },
        patience,
        async () => "trust prompt or restricted mode",
    );
}

/** @param {Page} page */
async function trustQuestion(page) {
    const found = await dialog(page);
    return found && /trust/i.test(found.message) ? found : undefined;
}

/**
 * Types a line into the active terminal once its shell has printed something, and enters it.
 *
 * @param {Page} page
 * @param {string} text
 */
export async function typeInTerminal(page, text) {
    await waitForTerminal(page, "");
    await page.locator(`${activeTerminal} .xterm-helper-textarea`).focus({ timeout: patience });
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
}

/**
 * The lines in sight of the active terminal; empty ones at the end are left out.
 *
 * @param {Page} page
 */
export async function terminalText(page) {
    const lines = await page
        .locator(`${activeTerminal} .xterm-rows > div`)
        .evaluateAll((rows) =>
            rows.map((row) => row.textContent.replaceAll("\u00a0", " ").trimEnd()),
        );
    return lines.join("\n").trimEnd();
}

/**
 * Waits until the active terminal shows a text: any at all, when it is empty.
 *
 * @param {Page} page
 * @param {string} part
 */
export function waitForTerminal(page, part, timeout = patience) {
    return until(
        page,
        async () => {
            const text = await terminalText(page);
            return text && text.includes(part) ? text : undefined;
        },
        timeout,
        async () => `“${part}” in the terminal, which shows:\n${await terminalText(page)}`,
    );
}

/**
 * The names of the terminals in the panel.
 *
 * @param {Page} page
 */
export function terminalTabs(page) {
    return page
        .locator(".terminal-tabs-entry, .single-terminal-tab")
        .filter({ visible: true })
        .evaluateAll((tabs) => tabs.map((tab) => tab.textContent.trim()));
}

/**
 * Opens a file of the workspace by its name, as quick open finds it.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
    await page.keyboard.press("ControlOrMeta+P");
    const input = page.locator(`${widget} input.input`);
    await input.waitFor({ timeout: patience });
    await input.fill(name);
    await pick(page, name.split("/").at(-1));
    await page
        .locator(".tab.active", { hasText: name.split("/").at(-1) })
        .waitFor({ timeout: patience });
    await page.locator(`${activeEditor} .view-line`).first().waitFor({ timeout: patience });
}

/**
 * The hover that appears over a word of the active editor, its first occurrence in sight.
 *
 * @param {Page} page
 * @param {string} word
 */
export async function hover(page, word) {
    const place = await until(
        page,
        () =>
            page.locator(`${activeEditor} .view-lines`).evaluate((lines, word) => {
                const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(word);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + word.length);
                    const box = range.getBoundingClientRect();
                    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
                }
                return undefined;
            }, word),
        patience,
        async () => `word “${word}” in the editor`,
    );
    await page.mouse.move(place.x, place.y);
    return hoverText(page, `${activeEditor} .monaco-resizable-hover .monaco-hover`);
}

/**
 * @param {Page} page
 * @param {string} file
 */
export async function screenshot(page, file) {
    await page.screenshot({ path: file });
}

/**
 * @param {Page} page
 * @param {string} selector
 */
function hoverText(page, selector) {
    return until(
        page,
        async () => {
            const text = await page
                .locator(selector)
                .filter({ visible: true })
                .first()
                .innerText({ timeout: 250 })
                .catch(() => "");
            return text && !/^Loading/.test(text) ? text.trim() : undefined;
        },
        patience,
        async () => "hover",
    );
}

/**
 * @template T
 * @param {Page} page
 * @param {() => Promise<T | undefined>} look
 * @param {number} timeout
 * @param {() => Promise<string>} what names what did not come
 * @returns {Promise<T>}
 */
async function until(page, look, timeout, what) {
    const deadline = Date.now() + timeout;
    for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > deadline)
            throw new Error(`After ${timeout / 1000} s there is no ${await what()}`);
        await page.waitForTimeout(50);
    }
}

/** @param {string} text */
function whole(text) {
    return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}
