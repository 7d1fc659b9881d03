import { apply, type Change } from "../core/environment/change";
import { environmentOf, type Environment } from "../core/environment/environment";
import { exchanged } from "../core/environment/listEnds";
import { isKeptFromHost } from "../core/environment/omission";

/**
 * The environment of the extension host, which rust-analyzer's server, its Run and Debug lenses
 * and other extensions inherit. The only module that assigns to `process.env` (decision 3).
 */
export class HostEnvironment {
    /** The environment before anything of ours. */
    readonly base: Environment = environmentOf(process.env);
    #ours: ReadonlyMap<string, string | undefined> = new Map();

    /** What we put there, by name; undefined where we removed something. */
    get ours(): ReadonlyMap<string, string | undefined> {
        return this.#ours;
    }

    /** Puts these changes in the place of the earlier ones. Synchronous. */
    replace(changes: readonly Change[]): void {
        const wanted = hostChanges(changes, this.base);
        for (const [name, given] of this.#ours) {
            const value = wanted.has(name) ? wanted.get(name) : this.base.get(name);
            const now = process.env[name];
            if (now === given) assign(name, value);
            // What somebody else added to a list, or changed meanwhile, is theirs.
            else assign(name, exchanged(now, given, value) ?? (wanted.has(name) ? value : now));
        }
        for (const [name, value] of wanted) if (!this.#ours.has(name)) assign(name, value);
        this.#ours = wanted;
    }

    dispose(): void {
        this.replace([]);
    }
}

/** The values that the host's environment gets; undefined for what is removed. */
function hostChanges(
    changes: readonly Change[],
    base: Environment,
): Map<string, string | undefined> {
    const kept = changes.filter((change) => !isKeptFromHost(change.name));
    const result = apply(kept, base);
    return new Map(kept.map(({ name }) => [name, result.get(name)]));
}

function assign(name: string, value: string | undefined): void {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
}
