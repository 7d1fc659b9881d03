/** The longest line that nixfmt makes. */
const WIDTH = 100;

/**
 * A piece of Nix, to be laid out as nixfmt does (RFC 166), as far as generated flakes need it.
 * A text is an expression that stays on one line.
 */
export type Nix = string | NixSet | NixList | NixFunction | NixCall | NixOperation | NixLet;

export interface NixSet {
    readonly kind: "set";
    readonly entries: readonly Entry[];
}

export interface NixList {
    readonly kind: "list";
    readonly items: readonly Item[];
}

export interface NixFunction {
    readonly kind: "function";
    /** A name, or a pattern such as `{ pkgs, ... }` or, with each name on its line, a list. */
    readonly argument: string | readonly string[];
    /** A name for the whole of what a pattern takes apart: `inputs@{ … }`. */
    readonly name?: string;
    readonly body: Nix;
}

export interface NixCall {
    readonly kind: "call";
    readonly head: string;
    readonly argument: Nix;
}

export interface NixOperation {
    readonly kind: "operation";
    readonly operator: "++" | "//";
    readonly operands: readonly Nix[];
}

export interface NixLet {
    readonly kind: "let";
    readonly entries: readonly Entry[];
    readonly body: Nix;
}

/** A binding, or with no value a whole statement such as `inherit (nixpkgs) lib`. */
export interface Entry {
    readonly name: string;
    readonly value?: Nix;
    /** A comment above it, which is broken into lines. */
    readonly comment?: string | undefined;
    /** Whether a blank line is before it, unless it is the first. */
    readonly apart?: boolean;
}

export interface Item {
    readonly value: Nix;
    /** A comment behind it. */
    readonly comment?: string | undefined;
}

export function set(...entries: readonly (Entry | undefined)[]): NixSet {
    return { kind: "set", entries: entries.filter((entry) => entry !== undefined) };
}

export function bind(name: string, value: Nix, comment?: string): Entry {
    return { name, value, comment };
}

/** The same with a blank line before it. */
export function apart(entry: Entry): Entry {
    return { ...entry, apart: true };
}

export function list(...values: readonly Nix[]): NixList {
    return { kind: "list", items: values.map((value) => ({ value })) };
}

export function fn(argument: NixFunction["argument"], body: Nix): NixFunction {
    return { kind: "function", argument, body };
}

/** A function with its arguments up to the last one, and the last. */
export function call(head: string, argument: Nix): NixCall {
    return { kind: "call", head, argument };
}

/** Puts operands together; a single one stays what it is. */
export function operation(operator: "++" | "//", first: Nix, ...rest: readonly Nix[]): Nix {
    return rest.length === 0 ? first : { kind: "operation", operator, operands: [first, ...rest] };
}

/** `let … in`, or the body alone where there is nothing to define. */
export function letIn(entries: readonly Entry[], body: Nix): Nix {
    return entries.length === 0 ? body : { kind: "let", entries, body };
}

/** The text of a file that holds one expression. */
export function fileText(expression: Nix): string {
    return `${layout(expression, WIDTH, "", "").join("\n")}\n`;
}

/** On one line, where nixfmt allows it whatever the width. */
function oneLine(nix: Nix): string | undefined {
    if (typeof nix === "string") return nix;
    switch (nix.kind) {
        case "set":
            return oneInside("{", nix.entries.map(entryLine), "}");
        case "list":
            return oneInside("[", nix.items.map(itemLine), "]");
        case "function": {
            const body = oneLine(nix.body);
            const argument = nix.argument;
            return body === undefined || typeof argument !== "string"
                ? undefined
                : `${argument}: ${body}`;
        }
        case "call": {
            const argument = oneLine(nix.argument);
            if (argument === undefined) return undefined;
            return `${nix.head} ${isClosed(nix.argument) ? argument : `(${argument})`}`;
        }
        case "operation": {
            const operands = nix.operands.map(oneLine);
            return operands.includes(undefined) ? undefined : operands.join(` ${nix.operator} `);
        }
        case "let":
            return undefined;
    }
}

/** An inner set with something in it makes the outer one open. */
function holdsSet(nix: Nix | undefined): boolean {
    if (nix === undefined || typeof nix === "string") return false;
    switch (nix.kind) {
        case "set":
            return nix.entries.length > 0;
        case "list":
            return nix.items.some(({ value }) => holdsSet(value));
        case "function":
        case "let":
            return holdsSet(nix.body);
        case "call":
            return holdsSet(nix.argument);
        case "operation":
            return nix.operands.some(holdsSet);
    }
}

function oneInside(open: string, parts: (string | undefined)[], close: string): string | undefined {
    if (parts.length > 1 || parts.includes(undefined)) return undefined;
    return [open, ...parts, close].join(" ");
}

function entryLine({ name, value, comment }: Entry): string | undefined {
    if (comment !== undefined || holdsSet(value)) return undefined;
    if (value === undefined) return `${name};`;
    const line = oneLine(value);
    return line === undefined ? undefined : `${name} = ${line};`;
}

function itemLine({ value, comment }: Item): string | undefined {
    const line = oneLine(value);
    if (comment !== undefined || line === undefined) return undefined;
    return isClosed(value) ? line : `(${line})`;
}

/** Whether it can be an argument or an item of a list without brackets around it. */
function isClosed(nix: Nix): boolean {
    if (typeof nix === "string") return true;
    return nix.kind === "set" || nix.kind === "list";
}

/** Lines for an expression after `prefix`, in a column that has `width` left. */
function layout(nix: Nix, width: number, prefix: string, suffix: string, isOpen = false): string[] {
    const line = isOpen ? undefined : oneLine(nix);
    if (line !== undefined && prefix.length + line.length + suffix.length <= width) {
        return [prefix + line + suffix];
    }
    if (typeof nix === "string") return [prefix + nix + suffix];
    switch (nix.kind) {
        case "set":
            return [`${prefix}{`, ...indent(entryLines(nix.entries, width - 2)), `}${suffix}`];
        case "list":
            return [`${prefix}[`, ...indent(itemLines(nix.items, width - 2)), `]${suffix}`];
        case "function":
            return functionLines(nix, width, prefix, suffix);
        case "call":
            return callLines(nix, width, prefix, suffix);
        case "operation":
            return nix.operands.flatMap((operand, index) =>
                layout(
                    operand,
                    width,
                    index === 0 ? prefix : `${nix.operator} `,
                    index === nix.operands.length - 1 ? suffix : "",
                    isOpen && index === 0,
                ),
            );
        case "let":
            return [
                `${prefix}let`,
                ...indent(entryLines(nix.entries, width - 2)),
                "in",
                ...layout(nix.body, width, "", suffix),
            ];
    }
}

function functionLines(nix: NixFunction, width: number, prefix: string, suffix: string): string[] {
    const { argument, body } = nix;
    if (typeof argument !== "string") {
        const names = argument.map((name) => (name === "..." ? `  ${name}` : `  ${name},`));
        const open = nix.name === undefined ? "{" : `${nix.name}@{`;
        return [prefix + open, ...names, "}:", ...layout(body, width, "", suffix)];
    }
    if (isHuggedFunction(nix)) return layout(body, width, `${prefix}${argument}: `, suffix);
    return [`${prefix}${argument}:`, ...layout(body, width, "", suffix)];
}

/** `pkgs: {`: the body begins on the argument's line. */
function isHuggedFunction({ argument, body }: NixFunction): boolean {
    return typeof argument === "string" && !argument.startsWith("{") && isBracketed(body);
}

function isBracketed(nix: Nix): nix is NixSet | NixList {
    return typeof nix !== "string" && (nix.kind === "set" || nix.kind === "list");
}

function callLines(nix: NixCall, width: number, prefix: string, suffix: string): string[] {
    const { head, argument } = nix;
    if (isClosed(argument)) return layout(argument, width, `${prefix}${head} `, suffix);
    const isHugged =
        typeof argument !== "string" && argument.kind === "function" && isHuggedFunction(argument);
    if (isHugged) return layout(argument, width, `${prefix}${head} (`, `)${suffix}`);
    return [`${prefix}${head} (`, ...indent(layout(argument, width - 2, "", "")), `)${suffix}`];
}

function entryLines(entries: readonly Entry[], width: number): string[] {
    return entries.flatMap((entry, index) => [
        ...(entry.apart === true && index > 0 ? [""] : []),
        ...wrapped(entry.comment ?? "", width - 2).map((line) => `# ${line}`),
        ...bindingLines(entry, width),
    ]);
}

function bindingLines({ name, value }: Entry, width: number): string[] {
    if (value === undefined) return statementLines(name);
    const rest = restOfHuggedOperation(value);
    if (rest !== undefined) {
        const { head, last } = rest;
        return layout(last, width, `${name} = ${head} `, ";", isAlwaysOpen(last));
    }
    const line = isAlwaysOpen(value) ? undefined : oneLine(value);
    const fits = line !== undefined && `${name} = ${line};`.length <= width;
    if (fits || isHugged(value))
        return layout(value, width, `${name} = `, ";", isAlwaysOpen(value));
    return [`${name} =`, ...indent(layout(value, width - 2, "", ";"))];
}

/** More than three names of an `inherit` stand on lines of their own. */
function statementLines(statement: string): string[] {
    const [, head = statement, names = ""] = /^(inherit(?: \(.+\))?) (.+)$/.exec(statement) ?? [];
    const all = names.split(" ");
    return all.length > 3 ? [head, ...indent([...all, ";"])] : [`${statement};`];
}

/** A set that a binding names is never on one line, unless it is empty. */
function isAlwaysOpen(nix: Nix): boolean {
    if (typeof nix === "string") return false;
    if (nix.kind === "operation") return isAlwaysOpen(nix.operands[0] ?? "");
    return nix.kind === "set" && nix.entries.length > 0;
}

/** `name = value ++ [`: a list or set at the end that goes on below. */
function restOfHuggedOperation(nix: Nix): { head: string; last: Nix } | undefined {
    if (typeof nix === "string" || nix.kind !== "operation") return undefined;
    const [first, last, ...more] = nix.operands;
    if (typeof first !== "string" || last === undefined || !isBracketed(last)) return undefined;
    return more.length > 0 ? undefined : { head: `${first} ${nix.operator}`, last };
}

/** Whether its first line may stand behind the `=` although it has several. */
function isHugged(nix: Nix): boolean {
    if (typeof nix === "string") return true;
    switch (nix.kind) {
        case "set":
        case "list":
        case "call":
            return true;
        case "operation":
            return nix.operands[0] !== undefined && isBracketed(nix.operands[0]);
        case "function":
            return isHuggedFunction(nix);
        case "let":
            return false;
    }
}

function itemLines(items: readonly Item[], width: number): string[] {
    return items.flatMap(({ value, comment }) => {
        const lines = isClosed(value)
            ? layout(value, width, "", "")
            : layout(value, width, "(", ")");
        const last = lines.pop() ?? "";
        return [...lines, comment === undefined ? last : `${last} # ${comment}`];
    });
}

/** A paragraph in lines of at most `width` characters, where its words allow that. */
function wrapped(text: string, width: number): string[] {
    const lines: string[] = [];
    for (const word of text.split(" ").filter((part) => part !== "")) {
        const last = lines.at(-1);
        if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
        else lines[lines.length - 1] = `${last} ${word}`;
    }
    return lines;
}

function indent(lines: readonly string[]): string[] {
    return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
