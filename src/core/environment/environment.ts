/** A process environment. Never mutated: every operation returns a new one. */
export type Environment = ReadonlyMap<string, string>;

/** Node's environment record as an {@link Environment}; undefined values are left out. */
export function environmentOf(record: Readonly<Record<string, string | undefined>>): Environment {
    const environment = new Map<string, string>();
    for (const [name, value] of Object.entries(record)) {
        if (value !== undefined) environment.set(name, value);
    }
    return environment;
}

/** The record that Node's process functions take. */
export function recordOf(environment: Environment): Record<string, string> {
    return Object.fromEntries(environment);
}
