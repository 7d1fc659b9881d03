import assert from "node:assert/strict";
import type { NixFacts } from "../../../../src/core/doctor/nixFacts";
import { nixFindings } from "../../../../src/core/doctor/nixFindings";
import { failureOf } from "../../../../src/core/failure/failure";
import { lines } from "./sections";

const version = { implementation: "nix", major: 2, minor: 34, text: "2.34.8" } as const;

const good: NixFacts = {
    executable: "/nix/bin/nix",
    configured: "",
    isOnPath: true,
    version,
    features: { command: true, flakes: true },
    store: { address: "daemon", isTrusted: true },
    caches: [{ address: "https://cache.nixos.org", isReachable: true }],
};

/** What each machine is, and the findings that are not good. */
const MACHINES: Readonly<Record<string, [Partial<NixFacts>, ...string[]]>> = {
    "in good order": [{}],
    "without nix": [{ executable: undefined }, "problem: Nix was not found."],
    "with an old nix": [
        { version: { ...version, minor: 8, text: "2.8.0" } },
        "note: Nix 2.8.0 is too old for current nixpkgs, which asks for 2.18.",
    ],
    "with Lix": [{ version: { ...version, implementation: "lix", minor: 93, text: "2.93.3" } }],
    "with flakes off": [
        { features: { command: false, flakes: false } },
        "note: Flakes are off in your Nix configuration, which is no obstacle here.",
    ],
    "with flakes on, and the command off": [
        { features: { command: false, flakes: true } },
        "note: Flakes are off in your Nix configuration, which is no obstacle here.",
    ],
    "of a single user": [{ store: { address: "local", isTrusted: true } }],
    "whose daemon does not trust the user": [
        { store: { address: "daemon", isTrusted: false } },
        "note: The Nix daemon does not count you among its trusted users.",
    ],
    "whose daemon does not tell whom it trusts": [
        { store: { address: "daemon", isTrusted: undefined } },
    ],
    offline: [
        { caches: [{ address: "https://cache.nixos.org", isReachable: false }] },
        "note: None of Nix's binary caches can be reached, as without a network.",
    ],
    "with one cache of two": [
        {
            caches: [
                { address: "https://cache.nixos.org", isReachable: true },
                { address: "https://gone.example", isReachable: false },
            ],
        },
        "note: Not all of Nix's binary caches can be reached.",
    ],
    "behind a proxy": [{ caches: [{ address: "https://a.example", isReachable: undefined }] }],
    "without caches": [
        { caches: [] },
        "note: Nix has no binary cache, so it builds everything here.",
    ],
    "whose configuration can't be read": [{ features: undefined, store: undefined }],
};

describe("nixFindings", () => {
    for (const [name, [facts, ...expected]] of Object.entries(MACHINES)) {
        it(`tells of a machine ${name}`, () => {
            const found = lines(nixFindings({ ...good, ...facts }));
            assert.deepEqual(
                found.filter((line) => !line.startsWith("good")),
                expected,
            );
        });
    }

    it("tells why a nix can't be used, and a daemon does not answer, in the words of failures", () => {
        const [first, , third] = nixFindings({
            ...good,
            version: failureOf("nix-unusable", "/nix/bin/nix"),
            store: failureOf("daemon-down"),
        });
        assert.equal(first?.level, "problem");
        assert.match(first.summary, /could not be started/);
        assert.equal(first.detail, "It is /nix/bin/nix.");
        assert.equal(third?.level, "problem");
        assert.match(third.summary, /daemon/);
    });

    it("says that a path that was set leads nowhere", () => {
        const [found] = nixFindings({ ...good, executable: undefined, configured: "/no/nix" });
        assert.match(found?.detail ?? "", /nixRust\.nixPath is \/no\/nix, and no program/);
    });

    it("says where a nix is that the PATH does not lead to", () => {
        const [found] = nixFindings({ ...good, isOnPath: false });
        assert.equal(found?.level, "good");
        assert.match(found.detail, /\/nix\/bin\/nix.*not on the PATH/);
    });
});
