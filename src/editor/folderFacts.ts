import { flakeBelow } from "../core/project/project";
import type { FolderFacts } from "../core/shell/status";
import type { ViewFacts } from "../core/view/viewFacts";
import { snapshotOf, type OpenFolders } from "./openFolder";
import { readSettings } from "./settings";

/** What the status bar tells of the folder that is meant; undefined where there is none. */
export function factsOf({ all, active, feeding }: OpenFolders): FolderFacts | undefined {
    if (active === undefined) return undefined;
    const { shell, workspaceFolder } = active;
    return {
        name: workspaceFolder.name,
        state: shell.state,
        shell: shell.choice.shell,
        drift: shell.drift,
        ignoredDrift: shell.ignoredDrift,
        wantedToolchain: shell.wantedToolchain,
        unkept: shell.unkept,
        manual: readSettings(workspaceFolder.uri).enter === "manual",
        oneOfSeveral: all.length > 1,
        flakeBelow: flakeBelow(shell.project),
        feedsWindow: active === feeding,
        asksForSettings: shell.flakeConfig !== undefined && !shell.isConfigDecided,
        capturingSince: shell.capturingSince,
    };
}

/** What the view tells of it. */
export async function viewFactsOf(folders: OpenFolders): Promise<ViewFacts | undefined> {
    const facts = factsOf(folders);
    const folder = folders.active;
    if (facts === undefined || folder === undefined) return undefined;
    const { readViewFacts } = await import("../core/view/viewFacts");
    const { project, listedShells: shells } = folder.shell;
    const uri = folder.workspaceFolder.uri.toString();
    return readViewFacts({ ...facts, uri, project, shells }, Date.now());
}

/** What decides what the view shows, each part a new object when it is another. */
export function viewPartsOf({ all, active }: OpenFolders): readonly unknown[] {
    const shell = active?.shell;
    return [
        active?.workspaceFolder.uri.toString(),
        all.length,
        shell?.project.flake,
        snapshotOf(active),
        shell?.choice.shell,
        shell?.drift,
        shell?.ignoredDrift.join(),
        shell?.listedShells,
    ];
}
