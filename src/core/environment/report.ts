import type { Snapshot } from "../snapshot";
import { isKeptFromHost, reasonText } from "./omission";
import type { Change } from "./change";

const MASK = "••••••";

const mark = (name: string): string => (isKeptFromHost(name) ? " (*)" : "");

/** What "Show Environment" shows: every change and every omission, values masked unless asked for. */
export function environmentReport(
    title: string,
    snapshot: Snapshot,
    values: "masked" | "shown",
): string {
    const { changes, omitted, toolchain } = snapshot;
    const masked = (text: string): string => (values === "masked" ? MASK : text);
    const section = (heading: string, items: readonly (string | string[])[]): string[] =>
        items.length === 0 ? [] : ["", `# ${heading} (${items.length})`, "", ...items.flat()];
    const ofKind = <Op extends Change["op"]>(op: Op): Extract<Change, { op: Op }>[] =>
        changes.filter((change): change is Extract<Change, { op: Op }> => change.op === op);
    const entries = (change: { name: string; value: string }): string[] => [
        `${change.name}${mark(change.name)}:`,
        ...change.value.split(":").map((entry) => `    ${masked(entry)}`),
    ];
    const hostNote = changes.some(({ name }) => isKeptFromHost(name))
        ? [
              "",
              "(*) only in terminals, tasks and rust-analyzer: it would break the editor's own programs.",
          ]
        : [];
    return [
        title,
        "",
        `Read at ${new Date(snapshot.takenAt).toISOString()} with Nix ${snapshot.nixVersion}.`,
        toolchain === undefined
            ? "The dev shell has no Rust."
            : `Rust: ${toolchain.version}, at ${toolchain.sysroot}`,
        ...(values === "masked"
            ? ["Values are masked, as some are secrets: “Nix: Show or Hide Values” shows them."]
            : []),
        ...section(
            "Set",
            ofKind("set").map(
                ({ name, value }) => `${name}${mark(name)}=${masked(indented(value))}`,
            ),
        ),
        ...section("Added in front of lists", ofKind("prepend").map(entries)),
        ...section("Added at the end of lists", ofKind("append").map(entries)),
        ...section(
            "Unset (empty in terminals, where the editor can't remove a variable)",
            ofKind("unset").map(({ name }) => name),
        ),
        ...section(
            "Left out, and why",
            omitted.map(({ name, reason }) => `${name}: ${reasonText(reason)}`),
        ),
        ...hostNote,
        "",
    ].join("\n");
}

/** Values of several lines stay tellable from what follows. */
function indented(value: string): string {
    return value.replaceAll("\n", "\n    ");
}
