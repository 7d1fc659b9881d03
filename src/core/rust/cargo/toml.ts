/** A table of a TOML file, of which nothing is known yet. */
export type Table = Readonly<Record<string, unknown>>;

/** Parses TOML; undefined for a text that is none. */
export async function parseToml(text: string): Promise<Table | undefined> {
    const { parse } = await import("smol-toml");
    try {
        return parse(text);
    } catch {
        return undefined;
    }
}

/** A value as a table; an empty one where it is something else. */
export function table(value: unknown): Table {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    return isTable ? (value as Table) : {};
}

/** The texts of a list; none where it is something else. */
export function texts(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
