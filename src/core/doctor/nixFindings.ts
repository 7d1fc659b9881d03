import { failureOf, type Failure } from "../failure/failure";
import { sentenceFor } from "../failure/sentence";
import type { NixVersion } from "../nix/version";
import { opensSetting, page, type Finding } from "./finding";
import type { CacheFacts, NixFacts, StoreFacts } from "./nixFacts";

/** nixpkgs' own check (lib/minfeatures.nix) asks for this since 2025. */
const OLDEST_FOR_NIXPKGS = { major: 2, minor: 18 };

const INSTALL = page("How to install Nix", "https://nixos.org/download/");
const UPGRADE = page(
    "How to upgrade Nix",
    "https://nix.dev/manual/nix/latest/installation/upgrading",
);
const CONFIGURATION = page(
    "About Nix's configuration",
    "https://nix.dev/manual/nix/latest/command-ref/conf-file",
);
const FLAKES = page("About flakes", "https://wiki.nixos.org/wiki/Flakes");
const DAEMON = page(
    "About the Nix daemon",
    "https://nix.dev/manual/nix/latest/installation/multi-user",
);
const TRUSTED = page(
    "About trusted users",
    "https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-trusted-users",
);
const CACHES = page(
    "About binary caches",
    "https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-substituters",
);

const NAMES: Record<NixVersion["implementation"], string> = {
    nix: "Nix",
    lix: "Lix",
    determinate: "Determinate Nix",
};

/** What is to be said of the machine's nix. */
export function nixFindings(facts: NixFacts): Finding[] {
    if (facts.executable === undefined) {
        return [
            {
                level: "problem",
                summary: "Nix was not found.",
                detail:
                    facts.configured === ""
                        ? "It was looked for on the PATH that VS Code was started with and in the usual folders of Nix."
                        : `Your setting nixRust.nixPath is ${facts.configured}, and no program is there.`,
                remedies: [INSTALL, opensSetting("nixRust.nixPath")],
            },
        ];
    }
    return [
        versionFinding(facts, facts.executable),
        ...flakesFinding(facts),
        ...storeFindings(facts.store),
        ...cacheFindings(facts.caches),
    ];
}

function versionFinding({ version, isOnPath }: NixFacts, executable: string): Finding {
    if (version === undefined || "kind" in version) {
        const { message } = sentenceFor(version ?? failureOf("nix-unusable", executable));
        return problem(message, `It is ${executable}.`, [opensSetting("nixRust.nixPath"), UPGRADE]);
    }
    const name = `${NAMES[version.implementation]} ${version.text}`;
    if (isOlderThan(version, OLDEST_FOR_NIXPKGS)) {
        return {
            level: "note",
            summary: `${name} is too old for current nixpkgs, which asks for 2.18.`,
            detail:
                `It is ${executable}. Dev shells that are locked to an older nixpkgs work; after an ` +
                "update of that input they may not.",
            remedies: [UPGRADE, opensSetting("nixRust.nixPath")],
        };
    }
    return {
        level: "good",
        summary: `${name} was found.`,
        detail: isOnPath
            ? `It is ${executable}.`
            : `It is ${executable}, which is not on the PATH that VS Code was started with; ` +
              "Nix Rust looks there by itself.",
        remedies: [opensSetting("nixRust.nixPath")],
    };
}

function isOlderThan(version: NixVersion, oldest: typeof OLDEST_FOR_NIXPKGS): boolean {
    return version.major === oldest.major
        ? version.minor < oldest.minor
        : version.major < oldest.major;
}

function flakesFinding({ features }: NixFacts): Finding[] {
    if (features === undefined) return [];
    const { command, flakes } = features;
    if (command && flakes) {
        return [
            {
                level: "good",
                summary: "Flakes are on in your Nix configuration.",
                detail: "",
                remedies: [FLAKES],
            },
        ];
    }
    return [
        {
            level: "note",
            summary: "Flakes are off in your Nix configuration, which is no obstacle here.",
            detail:
                "Nix Rust switches them on for each of its own calls. For nix commands that you type " +
                "yourself, add this line to ~/.config/nix/nix.conf: " +
                "experimental-features = nix-command flakes",
            remedies: [FLAKES, CONFIGURATION],
        },
    ];
}

function storeFindings(store: StoreFacts | Failure | undefined): Finding[] {
    if (store === undefined) return [];
    if ("kind" in store) return [problem(sentenceFor(store).message, "", [DAEMON])];
    if (store.address !== "daemon") {
        const summary = /^local\b/.test(store.address)
            ? "Nix works without a daemon, as a single user's."
            : `Nix uses the store ${store.address}.`;
        return [{ level: "good", summary, detail: "", remedies: [DAEMON] }];
    }
    const reached: Finding = {
        level: "good",
        summary: "The Nix daemon answers.",
        detail: "",
        remedies: [DAEMON],
    };
    switch (store.isTrusted) {
        case undefined:
            return [reached];
        case true:
            return [{ ...reached, detail: "It trusts you (trusted-users)." }];
        case false:
            return [
                reached,
                {
                    level: "note",
                    summary: "The Nix daemon does not count you among its trusted users.",
                    detail:
                        "So it ignores binary caches and other settings that a flake or your own " +
                        "configuration names, and builds here what it could fetch from them. Ask who " +
                        "looks after this machine, if that matters to you.",
                    remedies: [TRUSTED],
                },
            ];
    }
}

function cacheFindings(caches: readonly CacheFacts[]): Finding[] {
    const tried = caches.filter((cache) => cache.isReachable !== undefined);
    const dead = tried.filter((cache) => cache.isReachable === false);
    const list = (some: readonly CacheFacts[]): string =>
        some.map(({ address }) => address).join(", ");
    if (caches.length === 0) {
        return [
            {
                level: "note",
                summary: "Nix has no binary cache, so it builds everything here.",
                detail: "",
                remedies: [CACHES],
            },
        ];
    }
    if (dead.length === 0) {
        const isTried = tried.length > 0;
        return [
            {
                level: "good",
                summary: isTried
                    ? "Nix's binary caches can be reached."
                    : "Nix's binary caches are behind a proxy or are no web addresses, and were not tried.",
                detail: list(caches),
                remedies: [CACHES],
            },
        ];
    }
    const isOffline = dead.length === tried.length;
    return [
        {
            level: "note",
            summary: isOffline
                ? "None of Nix's binary caches can be reached, as without a network."
                : "Not all of Nix's binary caches can be reached.",
            detail: isOffline
                ? `Dev shells that are on this machine already work all the same. Tried: ${list(dead)}.`
                : `Nix goes on with the others. Not reached: ${list(dead)}.`,
            remedies: [CACHES],
        },
    ];
}

function problem(summary: string, detail: string, remedies: Finding["remedies"]): Finding {
    return { level: "problem", summary, detail, remedies };
}
