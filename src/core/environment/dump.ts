/** What precedes and follows the records of a dump: a dump without both is not complete. */
export const DUMP_START = "nix-rust dump start";
export const DUMP_END = "nix-rust dump end";

/** An environment as raw bytes became text, with the names whose values could not. */
export interface Dump {
    readonly variables: ReadonlyMap<string, string>;
    readonly notText: readonly string[];
}

/**
 * Reads NUL-separated `NAME=value` records between {@link DUMP_START} and {@link DUMP_END}.
 *
 * @returns undefined when the dump is not complete.
 */
export function parseDump(bytes: Buffer): Dump | undefined {
    const records = split(bytes);
    if (records[0]?.toString() !== DUMP_START || records.at(-1)?.toString() !== DUMP_END) {
        return undefined;
    }
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const variables = new Map<string, string>();
    const notText: string[] = [];
    for (const record of records.slice(1, -1)) {
        const equals = record.indexOf("=");
        if (equals <= 0) continue;
        const name = record.subarray(0, equals).toString();
        try {
            variables.set(name, decoder.decode(record.subarray(equals + 1)));
        } catch {
            notText.push(name);
        }
    }
    return { variables, notText };
}

function split(bytes: Buffer): Buffer[] {
    const records: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
        records.push(bytes.subarray(start, end));
        start = end + 1;
    }
    return records;
}
