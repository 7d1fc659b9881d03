/** A table's entry; names come from files of projects, and `constructor` is not one of them. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
    return Object.hasOwn(table, name) ? table[name] : undefined;
}
