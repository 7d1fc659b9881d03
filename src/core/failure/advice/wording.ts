import type { Failure } from "../failure";

/** ` (flake.nix, line 3)`, as much of it as is known; a file of an input would mislead. */
export function at({ place }: Failure): string {
    if (place === undefined || place.file.startsWith("«")) return "";
    const line = place.line === undefined ? "" : `, line ${place.line}`;
    return ` (${fileName(place.file)}${line})`;
}

export function named({ subject }: Failure, otherwise: string, before = ""): string {
    return subject === "" ? otherwise : `${before}“${subject}”`;
}

export function about({ subject }: Failure): string {
    return subject === "" ? "" : ` (${withoutQuery(subject)})`;
}

export function capital(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Nix's own first line, for those who know what it means. */
export function quoted(detail: string): string {
    const lines = detail.split("\n").map((text) => text.trim());
    const own = lines.find((text) => text !== "" && !/^(?:…|-{3})/.test(text));
    const line = own ?? lines.at(-1)?.replace(/^… /, "") ?? "";
    if (line === "") return "";
    // What a module's assertions are about is a list under a heading.
    const first = lines.slice(lines.indexOf(line) + 1).find((text) => text !== "");
    if (/assertions:$/.test(line) && first?.startsWith("- "))
        return `: ${shortLine(first.slice(2))}`;
    return `: ${shortLine(lines.length === 1 ? line : wholeSentences(line))}`;
}

export function shortLine(line: string): string {
    const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
    return short.replace(STORE_SOURCE, "").replace(/[.!:;]+$/, "");
}

/** A file as people know it: within its project where nix names a copy, else its last part. */
export function fileName(file: string): string {
    const inStore = /^\/nix\/store\/[a-z0-9]{32}-[^/]*source\/+(.+)$/.exec(file)?.[1];
    return inStore ?? file.slice(file.lastIndexOf("/") + 1);
}

/** An address without what nix adds to it: `git+ssh://host/r?ref=main&rev=…` → `git+ssh://host/r`. */
function withoutQuery(subject: string): string {
    return /^[a-z][a-z+]*:[./]/.test(subject) ? subject.replace(/[?#].*$/, "") : subject;
}

const STORE_SOURCE = /\/nix\/store\/[a-z0-9]{32}-[^\s/]*source\/+/g;

/** Without the sentence that goes on in the next line, where others come before it. */
function wholeSentences(line: string): string {
    const end = line.lastIndexOf(". ");
    return /[.!?]$/.test(line) || end < 0 ? line : line.slice(0, end);
}
