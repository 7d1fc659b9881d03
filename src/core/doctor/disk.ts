import { statfs } from "node:fs/promises";
import { within } from "./within";
import { page, type Finding } from "./finding";

/** The room on the disk of a folder. */
export interface DiskFacts {
    readonly folder: string;
    /** Bytes that this user may still write; undefined where that can't be told. */
    readonly free: number | undefined;
}

/** How long a look at a disk may take, in milliseconds: it may be across a network. */
const PATIENCE = 3_000;

/** Less than this is in the way of the next build, in bytes; twice it is worth knowing. */
const TIGHT = 2 * 1024 ** 3;

const COLLECT = page(
    "How to free disk space",
    "https://nix.dev/manual/nix/latest/package-management/garbage-collection",
);

/** Looks at the disks that these folders are on; the ones that do not exist are left out. */
export async function lookAtDisks(folders: readonly string[]): Promise<DiskFacts[]> {
    const looks = folders.map(async (folder): Promise<DiskFacts[]> => {
        try {
            const stat = await within(PATIENCE, statfs(folder));
            return [{ folder, free: stat && stat.bavail * stat.bsize }];
        } catch {
            return [];
        }
    });
    return (await Promise.all(looks)).flat();
}

export function diskFindings(disks: readonly DiskFacts[]): Finding[] {
    return disks.map(({ folder, free }): Finding => {
        if (free === undefined) {
            return {
                level: "note",
                summary: `The disk of ${folder} does not answer.`,
                detail: "It may be on a network that is slow or gone.",
                remedies: [COLLECT],
            };
        }
        const room = `${size(free)} are free for ${folder}.`;
        if (free >= 2 * TIGHT)
            return { level: "good", summary: room, detail: "", remedies: [COLLECT] };
        return {
            level: free < TIGHT ? "problem" : "note",
            summary: `Only ${room}`,
            detail: "Nix needs room to build and to unpack what it downloads; nix-collect-garbage frees some.",
            remedies: [COLLECT],
        };
    });
}

function size(bytes: number): string {
    const mebibytes = Math.floor(bytes / (1 << 20));
    return mebibytes < 1024 ? `${mebibytes} MB` : `${(mebibytes / 1024).toFixed(1)} GB`;
}
