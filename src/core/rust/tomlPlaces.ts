import type { Span } from "../textFix";

/** A `key = value` of a TOML file. */
export interface TomlEntry {
    /** The names of the tables that it is in, and its own. */
    readonly path: readonly string[];
    readonly key: Span;
    readonly value: Span;
    /** The values of an array; empty for all else. */
    readonly items: readonly Span[];
}

/** A `[table]`. */
export interface TomlHeader extends Span {
    readonly path: readonly string[];
}

/**
 * Where things are in a TOML file. The library that reads TOML does not tell; it does check that
 * the text is well-formed, which is taken for granted here.
 */
export function tomlPlaces(text: string): { entries: TomlEntry[]; headers: TomlHeader[] } {
    const places = new Places(text);
    places.read();
    return places;
}

const BLANK = /(?:[\s\uFEFF]|#[^\n]*)*/y;
const NAME = /[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'/y;
const STRING = /"""[^]*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const BARE = /[^,\]}#\n]*/y;

class Places {
    readonly entries: TomlEntry[] = [];
    readonly headers: TomlHeader[] = [];
    readonly #text: string;
    #at = 0;

    constructor(text: string) {
        this.#text = text;
    }

    read(): void {
        let table: readonly string[] = [];
        for (this.#skip(BLANK); this.#at < this.#text.length; this.#skip(BLANK)) {
            const from = this.#at;
            if (this.#text[from] === "[") {
                this.#skip(/\[+/y);
                table = this.#path();
                this.#skip(/\s*\]+/y);
                this.headers.push({ path: table, from, to: this.#at });
            } else {
                this.#entry(table);
            }
            // Text that is not well-formed after all must not keep us here.
            if (this.#at === from) this.#at++;
        }
    }

    #entry(table: readonly string[]): void {
        const from = this.#at;
        const path = [...table, ...this.#path()];
        const key = { from, to: this.#at };
        this.#skip(/[ \t]*=[ \t]*/y);
        const start = this.#at;
        const items = this.#value(path);
        this.entries.push({ path, key, value: { from: start, to: this.#at }, items });
    }

    #path(): string[] {
        const names: string[] = [];
        do {
            this.#skip(/[ \t]*/y);
            names.push(this.#skip(NAME).replace(/^(["'])(.*)\1$/, "$2"));
        } while (this.#skip(/[ \t]*\./y) !== "");
        return names;
    }

    /** @returns the items of an array. */
    #value(path: readonly string[]): Span[] {
        const opening = this.#text[this.#at];
        if (opening !== "[" && opening !== "{") {
            const start = this.#at;
            if (this.#skip(STRING) === "") {
                const bare = this.#skip(BARE);
                this.#at = start + bare.trimEnd().length;
            }
            return [];
        }
        const items: Span[] = [];
        const closing = opening === "[" ? "]" : "}";
        this.#at++;
        for (;;) {
            this.#skip(BLANK);
            const from = this.#at;
            const next = this.#text[from];
            if (next === undefined) return items;
            if (next === closing || next === ",") this.#at++;
            else if (opening === "{") this.#entry(path);
            else {
                this.#value(path);
                items.push({ from, to: this.#at });
            }
            if (next === closing) return items;
            if (this.#at === from) this.#at++;
        }
    }

    #skip(pattern: RegExp): string {
        pattern.lastIndex = this.#at;
        const match = pattern.exec(this.#text)?.[0] ?? "";
        this.#at += match.length;
        return match;
    }
}
