import type { Failure } from "../failure/failure";
import type { FixId } from "../failure/fix";
import { addInput } from "../flake/edit/addInput";
import { addRustOverlay } from "../flake/edit/addOverlay";
import { editBetween } from "../flake/edit/textEdit";
import { nearestName } from "../nearestName";
import { replacement, type Span, type TextFix } from "../textFix";
import { suggestions, wrongName } from "../failure/suggestions";

/** A change of a file of the flake that mends a failure. */
export interface Repair extends TextFix {
    readonly id: FixId;
}

/** What a repair is worked out from. */
export interface Broken {
    readonly failure: Failure;
    /** The text of the file, as it is now. */
    readonly text: string;
    /** Where the failure is in it, in UTF-16 units; undefined where it is in another file. */
    readonly at: number | undefined;
    /** The system that nix builds for, such as "x86_64-linux". */
    readonly system: string;
}

/**
 * The changes of one file that mend a failure, best first. None is a guess: each is what nix or
 * nixpkgs says, or a mistake that is known to circulate (the reference on flakes, section 1).
 */
export async function repairs(broken: Broken): Promise<Repair[]> {
    const { failure } = broken;
    switch (failure.kind) {
        case "missing-attr":
        case "undefined-var":
            return [
                ...(await withRustOverlay(broken)),
                ...versionOfToolchain(broken),
                ...otherNames(broken),
            ];
        case "hash-mismatch":
            return otherHash(broken);
        case "unexpected-arg":
            return moreArguments(broken);
        case "syntax":
            return missingSemicolon(broken);
        case "bad-input-attr":
            return otherWord(broken, INPUT_ATTRIBUTES);
        case "bad-input-url":
            return otherScheme(broken);
        case "unfree":
        case "insecure":
            return allowPackage(broken);
        case "no-attr":
        case "wrong-system":
            return moreSystems(broken);
        case "pure-eval":
            return ownNixpkgs(broken);
        case "eval-other":
        case "abort":
            return [
                ...toolchainFileAsSet(broken),
                ...withoutFrameworks(broken),
                ...otherNames(broken),
            ];
        default:
            return [];
    }
}

function otherNames(broken: Broken): Repair[] {
    const { failure, text } = broken;
    const name = wrongName(failure);
    const at = name === undefined ? undefined : nameFrom(broken, name);
    if (at === undefined) return [];
    return suggestions(failure).map((meant) => {
        // `pkgs.xorg.libX11` became `pkgs.libx11`.
        const set = meant === meant.toLowerCase() ? /\bxorg\.$/.exec(text.slice(0, at.from)) : null;
        const span = { from: at.from - (set?.[0].length ?? 0), to: at.to };
        return repair("replace-attribute", replacement(span, meant, `Replace by “${meant}”`));
    });
}

/** The name at the place or, as nix names where a selection begins, after it on the line. */
function nameFrom({ text, at }: Broken, name: string): Span | undefined {
    const word = new RegExp(`(?<![\\w'-])${escaped(name)}(?![\\w'-])`, "g");
    if (at === undefined) {
        const all = [...text.matchAll(word)];
        const [only] = all;
        return all.length === 1 && only !== undefined ? spanOf(only.index, name) : undefined;
    }
    word.lastIndex = at;
    const match = word.exec(text);
    const between = match === null ? "" : text.slice(at, match.index);
    return match === null || /[;\n][^]*\n/.test(between) ? undefined : spanOf(match.index, name);
}

/** `rustToolchain.rust.version`: the toolchain itself has the version. */
function versionOfToolchain({ failure, text, at = 0 }: Broken): Repair[] {
    if (failure.subject !== "rust") return [];
    const pattern = /\.rust\.version\b/g;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return [];
    const span = spanOf(match.index, match[0]);
    return [repair("replace-attribute", replacement(span, ".version", "Replace by “.version”"))];
}

/** `fromRustupToolchainFile { src = ./x; }`: it takes a path. */
function toolchainFileAsSet({ failure, text }: Broken): Repair[] {
    if (!/cannot coerce a set to a string|expected a path|is a set while a/.test(failure.detail)) {
        return [];
    }
    const match =
        /(fromRustupToolchainFile\s*)\{\s*(?:src|file|path)\s*=\s*([^;}]+?)\s*;?\s*\}/.exec(text);
    if (match === null) return [];
    const [whole, call = "", path = ""] = match;
    const argument = /^[\w./-]+$/.test(path) ? path : `(${path})`;
    const span = spanOf(match.index, whole);
    const title = `Replace by “${call.trim()} ${argument}”`;
    return [repair("replace-attribute", replacement(span, `${call}${argument}`, title))];
}

/** `darwin.apple_sdk.frameworks.X`: the SDK comes with the compiler now. */
function withoutFrameworks({ failure, text }: Broken): Repair[] {
    if (!/apple_sdk/.test(failure.detail)) return [];
    const pattern = /[ \t]*(?:[\w.]+\.)?darwin\.apple_sdk(?:_[\d_]+)?\.frameworks\.\w+[ \t]*\n?/g;
    const edits = [...text.matchAll(pattern)].map((match) => ({
        ...spanOf(match.index, match[0]),
        text: "",
    }));
    if (edits.length === 0) return [];
    return [repair("replace-attribute", { title: "Remove the frameworks", edits })];
}

function otherHash({ failure, text }: Broken): Repair[] {
    const [, specified = "", got = ""] =
        /specified:\s*(\S+)\s*got:\s*(\S+)/.exec(failure.detail) ?? [];
    const from = specified === "" ? -1 : text.indexOf(specified);
    if (from < 0) return [];
    const title = `Replace the hash by “${got}”`;
    return [repair("replace-hash", replacement(spanOf(from, specified), got, title))];
}

async function moreArguments({ failure, text }: Broken): Promise<Repair[]> {
    const name = failure.subject;
    if (!/^[A-Za-z_][\w'-]*$/.test(name)) return [];
    const title = `Add “${name}” to the arguments of outputs`;
    const named = await addInput(text, { name, url: "", follows: [], content: "flake" });
    return named.kind === "edited" ? wholeText("add-argument", title, text, named.text) : [];
}

/** `rust-bin` comes from an overlay: its input, and its place where nixpkgs is imported. */
async function withRustOverlay({ failure, text }: Broken): Promise<Repair[]> {
    if (failure.subject !== "rust-bin") return [];
    const added = await addRustOverlay(text, undefined);
    const title = "Add rust-overlay, which has “rust-bin”";
    return added.kind === "edited" ? wholeText("add-rust-overlay", title, text, added.text) : [];
}

/** Adds a setting where the flake imports nixpkgs, or where it takes nixpkgs as it is. */
function withNixpkgsSetting(
    text: string,
    setting: (nixpkgs: string) => string,
): string | undefined {
    const imported = /\bimport\s+((?:inputs\.)?nixpkgs[\w-]*)\s*\{/.exec(text);
    if (imported !== null) {
        const at = imported.index + imported[0].length;
        const end = text.indexOf("}", at);
        const inside = text.slice(at, end);
        // A set of several lines gets a line more, like its others.
        const indent = /^[ \t]*\r?\n([ \t]*)/.exec(inside)?.[1];
        const added = setting(imported[1] ?? "nixpkgs");
        return insertedAt(text, at, indent === undefined ? ` ${added}` : `\n${indent}${added}`);
    }
    const legacy =
        /((?:inputs\.)?nixpkgs[\w-]*)\.legacyPackages\.(?:\$\{(\w+)\}|("?)([\w-]+)\3)/.exec(text);
    if (legacy === null) return undefined;
    const [whole, nixpkgs = "nixpkgs", variable, , literal = ""] = legacy;
    const system =
        variable === undefined
            ? `system = "${literal}";`
            : variable === "system"
              ? "inherit system;"
              : `system = ${variable};`;
    const call = `(import ${nixpkgs} { ${system} ${setting(nixpkgs)} })`;
    return text.slice(0, legacy.index) + call + text.slice(legacy.index + whole.length);
}

function insertedAt(text: string, at: number, added: string): string {
    return text.slice(0, at) + added + text.slice(at);
}

function wholeText(id: FixId, title: string, before: string, after: string): Repair[] {
    const edit = editBetween(before, after);
    return edit === undefined ? [] : [repair(id, { title, edits: [edit] })];
}

/** `unexpected X, expecting ';'`: it belongs after what comes before X. */
function missingSemicolon({ failure, text, at }: Broken): Repair[] {
    if (at === undefined || !/expecting ';'|expecting '[^']*' or ';'/.test(failure.detail))
        return [];
    // An unexpected `=` is the next binding's, whose name comes before it.
    const isNext = text[at] === "=";
    const next = isNext ? text.slice(0, at).replace(/[\w'"${}.-]+\s*$/, "") : text.slice(0, at);
    const before = next.replace(/(?:\s|#[^\n]*(?=\n))+$/, "");
    const from = before.length;
    return [
        repair("replace-attribute", replacement({ from, to: from }, ";", "Add the missing “;”")),
    ];
}

const INPUT_ATTRIBUTES = [
    "url",
    "flake",
    "inputs",
    "follows",
    "type",
    "owner",
    "repo",
    "ref",
    "rev",
];

function otherWord(broken: Broken, words: readonly string[]): Repair[] {
    const { subject } = broken.failure;
    const meant = nearestName(subject, words);
    const at = meant === undefined ? undefined : nameFrom({ ...broken, at: undefined }, subject);
    if (meant === undefined || at === undefined) return [];
    return [repair("replace-attribute", replacement(at, meant, `Replace by “${meant}”`))];
}

const SCHEMES = ["github", "gitlab", "sourcehut", "path", "git", "git+https", "git+ssh", "https"];

function otherScheme({ failure, text }: Broken): Repair[] {
    const scheme = /(?:^|['"])([\w+]+):/.exec(failure.subject)?.[1] ?? "";
    const meant = SCHEMES.includes(scheme) ? undefined : nearestName(scheme, SCHEMES);
    const from = meant === undefined ? -1 : text.indexOf(`"${scheme}:`);
    if (meant === undefined || from < 0) return [];
    const span = spanOf(from + 1, scheme);
    return [repair("replace-attribute", replacement(span, meant, `Replace by “${meant}”`))];
}

/** Allows one package where the flake imports nixpkgs, and nothing more. */
function allowPackage({ failure, text }: Broken): Repair[] {
    const name = failure.subject;
    if (!/^[\w.+-]+$/.test(name)) return [];
    const isUnfree = failure.kind === "unfree";
    const unfree = name.replace(/-\d.*$/, "");
    const title = `Allow “${isUnfree ? unfree : name}”`;
    const fix = (edit: TextFix): Repair => repair("allow-package", edit);
    const setting = (nixpkgs: string): string =>
        isUnfree
            ? `config.allowUnfreePredicate = pkg: builtins.elem (${nixpkgs}.lib.getName pkg) [ "${unfree}" ];`
            : `config.permittedInsecurePackages = [ "${name}" ];`;
    const list = isUnfree
        ? /allowUnfreePredicate\s*=[^;]*?\[/.exec(text)
        : /permittedInsecurePackages\s*=\s*\[/.exec(text);
    if (list !== null) {
        const from = list.index + list[0].length;
        return [fix(replacement({ from, to: from }, ` "${isUnfree ? unfree : name}"`, title))];
    }
    const after = withNixpkgsSetting(text, setting);
    return after === undefined ? [] : wholeText("allow-package", title, text, after);
}

/** A list of systems that lacks the one that is asked for. */
function moreSystems({ failure, text, system }: Broken): Repair[] {
    if (failure.kind === "no-attr" && !failure.subject.includes(system)) return [];
    const list = /\[((?:\s*"[\w-]+-(?:linux|darwin)")+\s*)\]/.exec(text);
    if (list === null || text.includes(`"${system}"`)) return [];
    const [, items = ""] = list;
    const last = list.index + 1 + items.trimEnd().length;
    const before = /(\s*)"[\w-]+"\s*$/.exec(items)?.[1] ?? " ";
    const added = `${before === "" ? " " : before}"${system}"`;
    const title = `Add “${system}” to the systems`;
    return [repair("add-system", replacement({ from: last, to: last }, added, title))];
}

/** `<nixpkgs>` is what the flake's own input is for. */
function ownNixpkgs({ failure, text }: Broken): Repair[] {
    const [, names = ""] = /\boutputs\s*=[^:]*\{([^{}]*)\}/.exec(text) ?? [];
    const from = text.indexOf("<nixpkgs>");
    if (failure.subject !== "<nixpkgs>" || from < 0 || !/\bnixpkgs\b/.test(names)) return [];
    const title = "Use the flake's input nixpkgs";
    return [repair("replace-attribute", replacement(spanOf(from, "<nixpkgs>"), "nixpkgs", title))];
}

function repair(id: FixId, fix: TextFix): Repair {
    return { ...fix, id };
}

function spanOf(from: number, text: string): Span {
    return { from, to: from + text.length };
}

function escaped(text: string): string {
    return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
