import { createHash } from "node:crypto";
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { flakeFolder, type Project } from "./project";

/** Where in the extension's storage the flakes are that no repository has. */
const FLAKES = "flakes";

/** The folder that keeps the flake of a folder which is not to be touched. */
export function keptFolder(storage: string, folder: string): string {
    const key = createHash("sha256").update(folder).digest("hex").slice(0, 20);
    return join(storage, FLAKES, key);
}

/** The project with the flake that is kept for it, where it has none of its own. */
export function withKeptFlake(project: Project, storage: string): Project {
    if (project.flake !== undefined) return project;
    const flake = join(keptFolder(storage, project.folder), "flake.nix");
    if (!existsSync(flake)) return project;
    // Git knows nothing of it, so nix sees it as it is.
    return { ...project, flake, repository: undefined, isKept: true };
}

/** Keeps a flake for a folder, with the toolchain file that it reads. */
export function keepFlake(storage: string, project: Project, text: string): void {
    const folder = keptFolder(storage, project.folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyToolchainFile(project, folder);
    const unfinished = join(folder, `flake.nix.${process.pid}`);
    writeFileSync(unfinished, text);
    renameSync(unfinished, join(folder, "flake.nix"));
}

/** Brings the copy of the toolchain file to what the project's own says now. */
export function refreshKept(project: Project): void {
    const folder = flakeFolder(project);
    if (project.isKept === true && folder !== undefined) copyToolchainFile(project, folder);
}

/** The texts of a kept flake's files, flake.nix first. */
export type KeptFlake = Readonly<Record<"flake.nix", string>> &
    Readonly<Partial<Record<"flake.lock", string>>>;

/** The flake that is kept for a folder; undefined where none is. */
export function keptFlake(storage: string, folder: string): KeptFlake | undefined {
    const read = (name: string): string | undefined => {
        try {
            return readFileSync(join(keptFolder(storage, folder), name), "utf8");
        } catch {
            return undefined;
        }
    };
    const [flake, lock] = [read("flake.nix"), read("flake.lock")];
    if (flake === undefined) return undefined;
    return lock === undefined ? { "flake.nix": flake } : { "flake.nix": flake, "flake.lock": lock };
}

/** Forgets it, for example because it is a file of the project now. */
export function dropKeptFlake(storage: string, folder: string): void {
    rmSync(keptFolder(storage, folder), { recursive: true, force: true });
}

/** Only where it differs: a new time would look like a change. */
function copyToolchainFile({ toolchainFile }: Project, folder: string): void {
    if (toolchainFile === undefined) return;
    const copy = join(folder, basename(toolchainFile));
    mkdirSync(dirname(copy), { recursive: true });
    const isSame = existsSync(copy) && readFileSync(copy).equals(readFileSync(toolchainFile));
    if (!isSame) copyFileSync(toolchainFile, copy);
}
