export interface StatusItem {
    id: string;
    text: string;
    label: string;
    icons: string[];
    /** "warning", "error", "prominent", … where the item has such a background. */
    kind: string;
}

export interface Notification {
    message: string;
    buttons: string[];
    source: string;
    severity: "error" | "warning" | "info" | "";
}

export interface PickItem {
    label: string;
    description: string;
    detail: string;
    focused: boolean;
}

export interface QuickPick {
    title: string;
    placeholder: string;
    items: PickItem[];
}

export interface Dialog {
    message: string;
    detail: string;
    buttons: string[];
}

/** workbench.mjs without the page; time-outs are in milliseconds. */
export interface Ui {
    statusBar(): Promise<StatusItem[]>;
    waitForStatus(
        wanted: Partial<Record<"id" | "text" | "label" | "kind", string>>,
        timeout?: number,
    ): Promise<StatusItem>;
    clickStatus(id: string): Promise<void>;
    statusTooltip(id: string): Promise<string>;
    runCommand(title: string): Promise<void>;
    quickPick(): Promise<QuickPick | null>;
    pick(label: string, timeout?: number): Promise<void>;
    answerInput(text: string): Promise<void>;
    notifications(): Promise<Notification[]>;
    waitForNotification(part: string, timeout?: number): Promise<Notification>;
    clickNotificationButton(button: string, part?: string): Promise<void>;
    clearNotifications(): Promise<void>;
    dialog(): Promise<Dialog | null>;
    clickDialogButton(button: string): Promise<void>;
    typeInTerminal(text: string): Promise<void>;
    terminalText(): Promise<string>;
    waitForTerminal(part: string, timeout?: number): Promise<string>;
    terminalTabs(): Promise<string[]>;
    openFile(name: string): Promise<void>;
    hover(word: string): Promise<string>;
    screenshot(file: string): Promise<void>;
}

export interface Control {
    /** Prints text on the standard output of the run. */
    log(text: string): Promise<void>;
    /** Ends the run. */
    done(failures: number): Promise<void>;
    ui: Ui;
}

/** By default the control server that `NIX_RUST_TEST_CONTROL` names; undefined without one. */
export function connectControl(url?: string): Control | undefined;
