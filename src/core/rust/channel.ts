import { nearestName } from "../nearestName";
import { lastPatch, OLDEST_MINOR, releaseDate, stableAt } from "./distribution";
import type { ToolchainReader } from "./toolchainReader";

/** Times in milliseconds since 1970. */
export interface Pin {
    /** When the input that knows the toolchains was locked; now where it is not. */
    readonly at: number;
    readonly now: number;
}

/** Why a channel is refused. */
export interface ChannelProblem {
    readonly message: string;
    /** What may be meant, best first. */
    readonly meant: readonly string[];
    /** Whether a newer input would have it. */
    readonly needsUpdate: boolean;
}

/** The release that a channel stands for: its minor version, or "nightly". */
export type Release = number | "nightly";

const MOVING = ["stable", "beta", "nightly"];
const VERSION = /^1\.(\d+)(?:\.(\d+))?$/;
const DATED = /^(stable|beta|nightly)-(\d{4}-\d{2}-\d{2})$/;
/** A channel or date with the machine that it is for, as rustup takes it. */
const WITH_HOST =
    /^((?:stable|beta|nightly|\d+\.\d+(?:\.\d+)?)(?:-\d{4}-\d{2}-\d{2})?)-[a-z]\w*-[\w-]+$/;

/** Which release a channel is; undefined where that can't be told. */
export function releaseOf(channel: unknown, { at }: Pin): Release | undefined {
    if (typeof channel !== "string") return undefined;
    const name = WITH_HOST.exec(channel)?.[1] ?? channel;
    const [, minor] = VERSION.exec(name) ?? [];
    if (minor !== undefined) return Number(minor);
    const [, moving = name, date] = DATED.exec(name) ?? [];
    if (moving === "nightly") return "nightly";
    const time = date === undefined ? at : Date.parse(date);
    if (Number.isNaN(time)) return undefined;
    if (moving === "stable") return stableAt(time);
    return moving === "beta" ? stableAt(time) + 1 : undefined;
}

/** What is wrong with a channel, for who reads it; undefined where nothing is for all we know. */
export function channelProblem(
    channel: string,
    reader: ToolchainReader,
    pin: Pin,
): ChannelProblem | undefined {
    if (MOVING.includes(channel)) return undefined;
    const [, minor, patch] = VERSION.exec(channel) ?? [];
    if (minor !== undefined) return versionProblem(channel, Number(minor), patch, reader, pin);
    const [, moving, date] = DATED.exec(channel) ?? [];
    if (moving !== undefined && date !== undefined) {
        return dateProblem(moving, date, reader, pin);
    }
    const [, withoutHost] = WITH_HOST.exec(channel) ?? [];
    if (withoutHost !== undefined) {
        if (reader !== "rust-overlay") return channelProblem(withoutHost, reader, pin);
        const meant = channelProblem(withoutHost, reader, pin)?.meant ?? [withoutHost];
        const message =
            "rust-overlay does not take a channel with the machine's name in it; it chooses the machine itself.";
        return { message, meant, needsUpdate: false };
    }
    const meant = meantChannel(channel);
    // rustup takes any other name for a toolchain that the user made.
    if (reader === "rustup" && meant === undefined) return undefined;
    const known = "stable, beta, nightly, nightly-YYYY-MM-DD, 1.80 or 1.80.1";
    const message = `“${channel}” is not the name of a channel. ${reader} knows names such as ${known}.`;
    return { message, meant: meant === undefined ? [] : [meant], needsUpdate: false };
}

function versionProblem(
    channel: string,
    minor: number,
    patch: string | undefined,
    reader: ToolchainReader,
    { at, now }: Pin,
): ChannelProblem | undefined {
    if (minor < OLDEST_MINOR && reader === "rust-overlay") {
        const message = `rust-overlay has no Rust older than 1.${OLDEST_MINOR}.0.`;
        return { message, meant: [`1.${OLDEST_MINOR}.0`], needsUpdate: false };
    }
    const out = releaseDate(minor);
    if (out > now) {
        const message = `Rust 1.${minor} is not out yet; the newest is 1.${stableAt(now)}.`;
        return { message, meant: [`1.${stableAt(at)}`, "stable"], needsUpdate: false };
    }
    if (out > at && reader === "rust-overlay") {
        const message = `Rust ${channel} is newer than the rust-overlay that flake.lock pins (${dayOf(at)}). Update that input, or ask for an older Rust.`;
        return { message, meant: [`1.${stableAt(at)}`], needsUpdate: true };
    }
    const last = minor < OLDEST_MINOR ? undefined : lastPatch(minor);
    if (patch === undefined || last === undefined || Number(patch) <= last) return undefined;
    const message = `There is no Rust ${channel}; the last 1.${minor} is 1.${minor}.${last}.`;
    return { message, meant: [`1.${minor}.${last}`], needsUpdate: false };
}

function dateProblem(
    moving: string,
    date: string,
    reader: ToolchainReader,
    { at, now }: Pin,
): ChannelProblem | undefined {
    const time = Date.parse(date);
    if (Number.isNaN(time)) {
        return { message: `${date} is not a date.`, meant: [moving], needsUpdate: false };
    }
    if (time > now) {
        const message = `There is no ${moving} of ${date} yet.`;
        return { message, meant: [moving], needsUpdate: false };
    }
    if (reader !== "rust-overlay") return undefined;
    if (moving === "stable") {
        const message = "rust-overlay does not take stable with a date. Name the version instead.";
        return { message, meant: [`1.${stableAt(time)}`], needsUpdate: false };
    }
    if (time > at) {
        const message = `The ${moving} of ${date} is newer than the rust-overlay that flake.lock pins (${dayOf(at)}). Update that input, or ask for an older one.`;
        return { message, meant: [], needsUpdate: true };
    }
    if (time >= oldestKept(at)) return undefined;
    const year = new Date(oldestKept(at)).getUTCFullYear();
    const message = `rust-overlay has no ${moving} as old as ${date}; it keeps those from ${year} on.`;
    return { message, meant: [moving], needsUpdate: false };
}

/** rust-overlay drops the nightlies and betas before the last year's, early in a year. */
function oldestKept(at: number): number {
    const date = new Date(at);
    const isDone = date.getUTCMonth() >= 3;
    return Date.UTC(date.getUTCFullYear() - (isDone ? 1 : 2), 0, 1);
}

function meantChannel(channel: string): string | undefined {
    const name = channel.trim().toLowerCase();
    if (MOVING.includes(name) || VERSION.test(name) || DATED.test(name)) return name;
    if (/^1\.\d+\.\d+-beta/.test(name)) return "beta";
    const [version] = /(?<!\d)1\.\d+(?:\.\d+)?/.exec(name) ?? [];
    if (version !== undefined && /^(?:v|rust|[=^~<> ])*1\.[\d.]+(?:[.*x])*$/.test(name))
        return version;
    if (name === "1" || name === "latest" || name === "release") return "stable";
    return nearestName(name, MOVING);
}

function dayOf(time: number): string {
    return new Date(time).toISOString().slice(0, 10);
}
