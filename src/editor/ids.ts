/** Every id that the manifest declares; a test compares the two. */

export const EXTENSION_ID = "nix-rust.nix-rust";

export const Command = {
    enter: "nixRust.enter",
    reload: "nixRust.reload",
    leave: "nixRust.leave",
    selectShell: "nixRust.selectShell",
    selectWindowFolder: "nixRust.selectWindowFolder",
    showEnvironment: "nixRust.showEnvironment",
    toggleValues: "nixRust.toggleValues",
    showLog: "nixRust.showLog",
    showActions: "nixRust.showActions",
    showProblem: "nixRust.showProblem",
    applyFix: "nixRust.applyFix",
    reviewConfig: "nixRust.reviewConfig",
    restartRustAnalyzer: "nixRust.restartRustAnalyzer",
    generateFlake: "nixRust.generateFlake",
    enterWithoutFlake: "nixRust.enterWithoutFlake",
    saveKeptFlake: "nixRust.saveKeptFlake",
    addToFlake: "nixRust.addToFlake",
    cancel: "nixRust.cancel",
    lock: "nixRust.lock",
    updateAll: "nixRust.updateAll",
    updateInput: "nixRust.updateInput",
    pinInput: "nixRust.pinInput",
    undoUpdate: "nixRust.undoUpdate",
    commitLock: "nixRust.commitLock",
    checkForUpdates: "nixRust.checkForUpdates",
    showLockWarnings: "nixRust.showLockWarnings",
    showLockChanges: "nixRust.showLockChanges",
    openInput: "nixRust.openInput",
    openInputPage: "nixRust.openInputPage",
    openLock: "nixRust.openLock",
    openToolchainFile: "nixRust.openToolchainFile",
    copyRevision: "nixRust.copyRevision",
    enterShell: "nixRust.enterShell",
    listShells: "nixRust.listShells",
    checkSetup: "nixRust.checkSetup",
    copySetup: "nixRust.copySetup",
    openLine: "nixRust.openLine",
    openSetting: "nixRust.openSetting",
    removeRustupToolchain: "nixRust.removeRustupToolchain",
    addPackage: "nixRust.addPackage",
    addInput: "nixRust.addInput",
    addNativeDependencies: "nixRust.addNativeDependencies",
    addRustOverlay: "nixRust.addRustOverlay",
    useToolchainFile: "nixRust.useToolchainFile",
    createToolchainFile: "nixRust.createToolchainFile",
} as const;

export type CommandId = (typeof Command)[keyof typeof Command];

export const SECTION = "nixRust";

export const Setting = {
    enter: "enter",
    nixPath: "nixPath",
    extraArguments: "extraArguments",
    keepOut: "environment.keepOut",
    letIn: "environment.letIn",
    extensionHost: "environment.extensionHost",
    hookTimeout: "shellHookTimeout",
    watch: "watch",
    warnAfterDays: "lock.warnAfterDays",
    nixLog: "log.nix",
    keepUnused: "keepUnusedDays",
} as const;

export type SettingName = (typeof Setting)[keyof typeof Setting];

/** The view "Nix" in the Explorer. */
export const VIEW_ID = "nixRust.view";

/** True while a folder of the window has a flake. */
export const FLAKE_CONTEXT = "nixRust.hasFlake";

/** True while a folder of the window is in its dev shell. */
export const INSIDE_CONTEXT = "nixRust.inside";
