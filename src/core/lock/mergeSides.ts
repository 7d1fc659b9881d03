import { parseLock } from "./lockFile";

/** The two texts that a merge left in one flake.lock. */
export interface MergeSides {
    /** Of the branch that was merged into. */
    readonly ours: string;
    readonly theirs: string;
}

/**
 * Takes a flake.lock with conflict markers apart; undefined where there are none, or a side is no
 * lock by itself.
 */
export function mergeSides(text: string): MergeSides | undefined {
    const ours: string[] = [];
    const theirs: string[] = [];
    let part: "both" | "ours" | "base" | "theirs" = "both";
    let conflicts = 0;
    for (const line of text.split(/(?<=\n)/)) {
        const [marker] = /^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|$)/.exec(line) ?? [];
        switch (marker?.[0]) {
            case "<":
                part = "ours";
                conflicts++;
                break;
            case "|":
                part = "base";
                break;
            case "=":
                part = "theirs";
                break;
            case ">":
                part = "both";
                break;
            default:
                if (part === "both" || part === "ours") ours.push(line);
                if (part === "both" || part === "theirs") theirs.push(line);
        }
    }
    const sides = { ours: ours.join(""), theirs: theirs.join("") };
    const areLocks = [sides.ours, sides.theirs].every((side) => "nodes" in parseLock(side));
    return conflicts > 0 && areLocks ? sides : undefined;
}
