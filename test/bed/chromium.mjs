import { isExecutable, onPath } from "./command.mjs";
import { installPackages } from "./packages.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const fixed = [
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * A Chromium for playwright: `$CHROMIUM`, the machine's, or Debian's, installed on the spot.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} its executable
 */
export async function chromium(log) {
    const named = process.env.CHROMIUM;
    if (named) {
        if (await isExecutable(named)) return named;
        throw new Error(`CHROMIUM names ${named}, which is not an executable file.`);
    }
    const found = await installed();
    if (found) return found;
    await installPackages(
        ["chromium", "fonts-dejavu-core"],
        "open VS Code in a browser; or set CHROMIUM to a Chromium or Chrome executable",
        log,
    );
    const made = await installed();
    if (made) return made;
    throw new Error("Chromium was installed but is not on PATH; set CHROMIUM to its executable.");
}

/** @returns {Promise<string | undefined>} */
async function installed() {
    for (const file of fixed) if (await isExecutable(file)) return file;
    for (const name of names) {
        const file = await onPath(name);
        if (file) return file;
    }
    return undefined;
}
