import { nearestName } from "../nearestName";
import { replacement, type Span, type TextFix } from "../textFix";
import { releaseOf, type Release } from "./channel";
import { FIRST_WITH_PROFILES, PROFILES } from "./distribution";
import { tomlPlaces, type TomlEntry, type TomlHeader } from "./tomlPlaces";
import { componentProblem, targetProblem, type PartProblem } from "./toolchainPart";
import {
    channelProblems,
    problem,
    warning,
    type ToolchainFile,
    type ToolchainFileProblem,
} from "./toolchainProblem";

const KEYS = ["channel", "components", "targets", "profile", "path"];

/** What people write for a key, where that is not just misspelt. */
const MEANT_KEYS: Readonly<Record<string, string>> = {
    extensions: "components",
    toolchain: "channel",
    version: "channel",
};

/** The `[toolchain]` of a file, with where its parts are. */
interface Table {
    readonly file: ToolchainFile;
    readonly entries: readonly TomlEntry[];
    readonly header: TomlHeader | undefined;
    readonly values: Readonly<Record<string, unknown>>;
    readonly release: Release | undefined;
}

/** What is wrong with a toolchain file that is well-formed TOML. */
export function tableProblems(
    file: ToolchainFile,
    document: Readonly<Record<string, unknown>>,
): ToolchainFileProblem[] {
    const { entries, headers } = tomlPlaces(file.text);
    const values = document["toolchain"];
    if (!isTable(values)) return [withoutTable(file, entries, headers)];
    const table: Table = {
        file,
        entries: entries.filter(({ path }) => path.length === 2 && path[0] === "toolchain"),
        header: headers.find(({ path }) => path[0] === "toolchain"),
        values,
        release: releaseOf(values["channel"], file.pin),
    };
    return [
        ...table.entries.flatMap((entry) => unknownKey(table, entry)),
        ...pathProblems(table),
        ...channelEntry(table),
        ...profileProblems(table),
        ...listProblems(table, "components", (name) =>
            componentProblem(name, table.release, file.reader),
        ),
        ...listProblems(table, "targets", (name) => targetProblem(name, table.release)),
    ];
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutTable(
    { text }: ToolchainFile,
    entries: readonly TomlEntry[],
    headers: readonly TomlHeader[],
): ToolchainFileProblem {
    const message =
        "The section “[toolchain]” is missing, which is where a toolchain file says what it asks for.";
    const top = entries.find(({ path: [name, more] }) => more === undefined && isKey(name));
    if (top !== undefined) {
        const { from } = top.key;
        const fix = replacement({ from, to: from }, "[toolchain]\n", "Add “[toolchain]” above");
        return problem(top.key, message, [fix]);
    }
    const near = headers.find(({ path: [name = ""] }) => nearestName(name, ["toolchain"]));
    if (near === undefined) {
        return problem(headers[0] ?? entries[0]?.key ?? { from: 0, to: text.length }, message);
    }
    return problem(near, message, [replacement(near, "[toolchain]", "Replace by “[toolchain]”")]);
}

function isKey(name: string | undefined): boolean {
    return name !== undefined && KEYS.includes(name);
}

function unknownKey({ file, values }: Table, entry: TomlEntry): ToolchainFileProblem[] {
    const key = entry.path[1] ?? "";
    if (isKey(key)) return [];
    const near = MEANT_KEYS[key] ?? nearestName(key, KEYS);
    const meant = near !== undefined && near in values ? undefined : near;
    const fix =
        meant === undefined
            ? removal(file.text, entry)
            : replacement(entry.key, meant, `Replace by “${meant}”`);
    if (file.reader === "rust-overlay") {
        const message = `rust-overlay stops at “${key}”: it knows channel, components, targets and profile.`;
        return [problem(entry.key, message, [fix])];
    }
    // It is ignored, which matters where something else was meant.
    if (meant === undefined) return [];
    return [warning(entry.key, `${file.reader} ignores “${key}”.`, [fix])];
}

function pathProblems({ file, entries, values }: Table): ToolchainFileProblem[] {
    const path = named(entries, "path");
    if (path === undefined) return [];
    const hasChannel = "channel" in values;
    const fixes = hasChannel ? [removal(file.text, path)] : [];
    if (file.reader !== "rustup") {
        const message = `${file.reader} can't use a toolchain by its path. Add its folder to the dev shell's PATH instead.`;
        return [problem(path.key, message, fixes)];
    }
    return hasChannel
        ? [problem(path.key, "rustup takes a channel or a path, and not both.", fixes)]
        : [];
}

function channelEntry({ file, entries, header, values }: Table): ToolchainFileProblem[] {
    const { text, reader } = file;
    const entry = named(entries, "channel");
    const channel = values["channel"];
    if (entry !== undefined && typeof channel === "string") {
        return channelProblems(file, channel, entry.value, (name) => `"${name}"`);
    }
    if (entry !== undefined) {
        const written = text.slice(entry.value.from, entry.value.to);
        const fix = replacement(entry.value, `"${written}"`, "Put it in quotes");
        const isVersion = /^[\w.-]+$/.test(written);
        const message = "The channel has to be a text in quotes.";
        return [problem(entry.value, message, isVersion ? [fix] : [])];
    }
    // rustup is content with any other key; a misspelt one has been reported.
    if ("path" in values || (reader === "rustup" && entries.length > 0)) return [];
    const near = entries.some(({ path: [, key = ""] }) => {
        return (MEANT_KEYS[key] ?? nearestName(key, KEYS)) === "channel";
    });
    if (near) return [];
    const message = "No toolchain is named here. Add a channel, such as “stable” or “1.80”.";
    const at = header ?? entries[0]?.key ?? { from: 0, to: text.length };
    const line = 'channel = "stable"\n';
    const end = header === undefined ? -1 : text.indexOf("\n", header.to);
    const fix =
        end < 0
            ? replacement({ from: text.length, to: text.length }, `\n${line}`, ADD_CHANNEL)
            : replacement({ from: end + 1, to: end + 1 }, line, ADD_CHANNEL);
    return [problem(at, message, header === undefined ? [] : [fix])];
}

const ADD_CHANNEL = "Ask for the stable toolchain";

function profileProblems({ file, entries, values, release }: Table): ToolchainFileProblem[] {
    const entry = named(entries, "profile");
    if (entry === undefined) return [];
    const profile = values["profile"];
    const { reader, text } = file;
    if (typeof profile !== "string") {
        return [problem(entry.value, "The profile has to be a text in quotes.")];
    }
    if (reader === "rust-overlay" && typeof release === "number" && release < FIRST_WITH_PROFILES) {
        const message = `Rust 1.${release} has no profiles; they begin with 1.${FIRST_WITH_PROFILES}.`;
        return [problem(entry.key, message, [removal(text, entry)])];
    }
    if (PROFILES.some((name) => name === profile)) return [];
    const near = /^(?:full|all)$/.test(profile) ? "complete" : nearestName(profile, PROFILES);
    const message = `There is no profile “${profile}”. There are ${PROFILES.join(", ")}.`;
    const fixes = (near === undefined ? PROFILES : [near]).map((name) =>
        replacement(entry.value, `"${name}"`, `Replace by “${name}”`),
    );
    return [problem(entry.value, message, fixes)];
}

function listProblems(
    { file, entries, values }: Table,
    name: "components" | "targets",
    check: (item: string) => PartProblem | undefined,
): ToolchainFileProblem[] {
    const entry = named(entries, name);
    if (entry === undefined) return [];
    const { text, reader } = file;
    const list = values[name];
    if (typeof list === "string") {
        const written = text.slice(entry.value.from, entry.value.to);
        const fix = replacement(entry.value, `[${written}]`, "Make it a list");
        return [problem(entry.value, `The ${name} have to be a list.`, [fix])];
    }
    if (!Array.isArray(list)) return [problem(entry.value, `The ${name} have to be a list.`)];
    return entry.items.flatMap((at, i) => {
        const item: unknown = list[i];
        if (typeof item !== "string") {
            return [problem(at, `Each of the ${name} has to be a text in quotes.`)];
        }
        const found = check(item);
        if (found === undefined) return [];
        const fix = partFix(file, entries, entry, i, found);
        // fenix leaves out a component that it does not have, and stops at a target.
        const lenient = reader === "fenix" && name === "components";
        return [(lenient ? warning : problem)(at, found.message, [fix])];
    });
}

function partFix(
    { text }: ToolchainFile,
    entries: readonly TomlEntry[],
    list: TomlEntry,
    index: number,
    { meant, target }: PartProblem,
): TextFix {
    const at = list.items[index] ?? list.value;
    if (meant !== undefined) return replacement(at, `"${meant}"`, `Replace by “${meant}”`);
    const without = itemRemoval(list, index);
    if (target === undefined) return { title: "Leave it out", edits: [without] };
    const targets = named(entries, "targets");
    const title = `Move “${target}” to the targets`;
    if (targets === undefined) {
        const end = list.value.to;
        const line = `\ntargets = ["${target}"]`;
        return { title, edits: [without, { from: end, to: end, text: line }] };
    }
    const last = targets.items.at(-1);
    const isThere = targets.items.some((it) => text.slice(it.from + 1, it.to - 1) === target);
    if (isThere) return { title, edits: [without] };
    const from = last?.to ?? targets.value.from + 1;
    const added = last === undefined ? `"${target}"` : `, "${target}"`;
    return { title, edits: [without, { from, to: from, text: added }] };
}

/** An item with the comma that it needs no more. */
function itemRemoval({ items }: TomlEntry, index: number): Span & { text: string } {
    const [before, at, after] = [items[index - 1], items[index], items[index + 1]];
    const from = after !== undefined ? at?.from : (before?.to ?? at?.from);
    const to = after !== undefined ? after.from : at?.to;
    return { from: from ?? 0, to: to ?? 0, text: "" };
}

function named(entries: readonly TomlEntry[], name: string): TomlEntry | undefined {
    return entries.find(({ path }) => path[1] === name);
}

/** Takes an entry's line out, or the entry alone where it shares the line. */
function removal(text: string, { key, value }: TomlEntry): TextFix {
    const start = text.lastIndexOf("\n", key.from - 1) + 1;
    const end = text.indexOf("\n", value.to);
    const to = end < 0 ? text.length : end + 1;
    const isAlone =
        text.slice(start, key.from).trim() === "" && /^\s*(?:#.*)?$/.test(text.slice(value.to, to));
    const at = isAlone ? { from: start, to } : { from: key.from, to: value.to };
    return replacement(at, "", "Remove it");
}
