import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * What would talk, look things up or move of its own accord while a test looks at the window.
 * The terminal draws with DOM elements, so that its text can be read.
 */
const quiet = {
    "chat.commandCenter.enabled": false,
    "chat.disableAIFeatures": true,
    "extensions.autoCheckUpdates": false,
    "extensions.autoUpdate": false,
    "extensions.ignoreRecommendations": true,
    "git.autofetch": false,
    "git.openRepositoryInParentFolders": "never",
    "npm.fetchOnlinePackageInfo": false,
    "remote.autoForwardPorts": false,
    "telemetry.feedback.enabled": false,
    "telemetry.telemetryLevel": "off",
    "terminal.integrated.defaultProfile.linux": "bash",
    "terminal.integrated.defaultProfile.osx": "bash",
    "terminal.integrated.gpuAcceleration": "off",
    "terminal.integrated.initialHint": false,
    "terminal.integrated.stickyScroll.enabled": false,
    "typescript.disableAutomaticTypeAcquisition": true,
    "update.mode": "none",
    "window.confirmBeforeClose": "never",
    "workbench.editor.empty.hint": "hidden",
    "workbench.enableExperiments": false,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.settings.enableNaturalLanguageSearch": false,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
    "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/**
 * Settings lie where the server looks for them: a user's in `data/User`, which code-server keeps
 * beside the machine's instead of in the browser.
 *
 * @param {string} dataDir
 * @param {{ user?: object, machine?: object }} settings
 */
export async function writeSettings(dataDir, { user = {}, machine = {} }) {
    await merge(path.join(dataDir, "data", "User", "settings.json"), quiet, user);
    await merge(path.join(dataDir, "data", "Machine", "settings.json"), {}, machine);
}

/**
 * @param {string} file
 * @param {object} defaults
 * @param {object} wanted
 */
async function merge(file, defaults, wanted) {
    const settings = { ...defaults, ...(await readSettings(file)), ...wanted };
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(settings, undefined, 4) + "\n");
}

/**
 * @param {string} file
 * @returns {Promise<object>}
 */
export async function readSettings(file) {
    try {
        return JSON.parse(await readFile(file, "utf8"));
    } catch (error) {
        if (error.code === "ENOENT") return {};
        throw new Error(`${file} is not plain JSON: ${error.message}`);
    }
}
