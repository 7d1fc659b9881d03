import { connect } from "node:net";
import { callNix, type Nix, type NixCall } from "./nix";
import type { LogRecord } from "./logRecord";

/** A binary cache that nix can't reach at all, as opposed to one that answers with an error. */
const UNREACHABLE =
    /unable to download '(https?:\/\/[^']+)\/nix-cache-info': .*\((?:6|7|28)\).*retrying in/;

/** How long another cache may take to accept a connection, in milliseconds. */
const PATIENCE = 1_000;

/**
 * {@link callNix}, without waiting for binary caches that can't be reached.
 *
 * Nix tries such a cache five times, which takes more than four seconds without a network and half
 * a minute behind a wall that swallows packets, and then goes on without it. When its first attempt
 * fails and no other cache of its configuration can be reached either, it is started again with
 * `--offline`, which comes to the same at once. Where any cache answers, nix is left to its ways.
 */
export async function callNixWithoutWaiting(nix: Nix, call: NixCall): Promise<string> {
    const offline = new AbortController();
    let asked = false;
    const onRecord = (record: LogRecord): void => {
        if (asked || record.action !== "message") return;
        const cache = UNREACHABLE.exec(record.text)?.[1];
        if (cache === undefined) return;
        asked = true;
        void isAnyOtherReachable(nix, cache).then((reachable) => {
            if (!reachable) offline.abort();
        });
    };
    const signals = [offline.signal, ...(call.signal === undefined ? [] : [call.signal])];
    try {
        return await callNix(nix, { ...call, signal: AbortSignal.any(signals), onRecord });
    } catch (error) {
        if (!offline.signal.aborted || call.signal?.aborted === true) throw error;
        nix.log.info("No binary cache can be reached: Nix goes on with what is on this machine.");
        const [subcommand = "", ...rest] = call.args;
        return callNix(nix, { ...call, args: [subcommand, "--offline", ...rest] });
    }
}

/** Whether a binary cache answers; only web caches can be tried, all other kinds count as reachable. */
export function isReachable(address: string): Promise<boolean> {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) return Promise.resolve(true);
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    return new Promise((resolve) => {
        const socket = connect({ host: url.hostname, port, timeout: PATIENCE });
        const end = (reachable: boolean) => (): void => {
            socket.destroy();
            resolve(reachable);
        };
        socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
    });
}

/** Whether nix has a cache besides the given one that it could use; in doubt it has. */
async function isAnyOtherReachable(nix: Nix, dead: string): Promise<boolean> {
    // A proxy resolves names that can't be resolved here.
    if ([...nix.env.keys()].some((name) => /^(?:https?|all)_proxy$/i.test(name))) return true;
    try {
        const args = ["show-config", "--json", ...optionArguments(nix.extraArguments)];
        const config = JSON.parse(await callNix(nix, { args, cwd: "/", signal: undefined })) as {
            substituters?: { value?: string[] };
        };
        const others = (config.substituters?.value ?? []).filter(
            (address) => address.replace(/\/+$/, "") !== dead.replace(/\/+$/, ""),
        );
        return (await Promise.all(others.map(isReachable))).includes(true);
    } catch {
        return true;
    }
}

/** The `--option NAME VALUE` among arguments: the ones that every subcommand takes. */
function optionArguments(args: readonly string[]): string[] {
    return args.flatMap((arg, i) => (arg === "--option" ? args.slice(i, i + 3) : []));
}
