/**
 * Whether a version of rustc is what a channel asks for; undefined where the channel does not say,
 * as "stable" does not, which is another version every six weeks.
 *
 * @param version as rustc prints it, such as "rustc 1.97.1 (8bab26f4f 2026-07-14)"
 */
export function meetsChannel(version: string, channel: string): boolean | undefined {
    if (!/^\d+\.\d+/.test(channel)) return undefined;
    const number = /\d+\.\d+\.\d+/.exec(version)?.[0] ?? "";
    return `${number}.`.startsWith(`${channel}.`);
}
