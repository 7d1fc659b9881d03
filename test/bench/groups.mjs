import path from "node:path";
import { driftContestants, needsContestants } from "./analysis.mjs";
import { nixWithCaches } from "./bed.mjs";
import { bundleContestants } from "./bundle.mjs";
import {
    direnvContestant,
    nixContestant,
    ourContestant,
    ownProject,
    restoreContestant,
} from "./contestants.mjs";
import { editorContestants } from "./editor.mjs";
import { flakes } from "./flakes.mjs";
import { growthContestants } from "./growth.mjs";

/**
 * @typedef {import("./bed.mjs").Bed} Bed
 * @typedef {import("./contestants.mjs").Contestant} Contestant
 */

/** The command that the extension stands in for, with and without looking things up. */
const develop = ["develop", "-c", "true"];
const developOffline = ["develop", "--offline", "-c", "true"];

/**
 * Who runs against whom, by the name of the group.
 *
 * @param {Bed} bed
 * @param {string | undefined} direnvrc nix-direnv's
 * @returns {Record<string, Contestant[]>}
 */
export function groupsOf(bed, direnvrc) {
    const known = flakes(bed);
    return {
        warm: warm(bed, known, direnvrc),
        cold: [
            ...cold(bed, "smallest", known.smallest, direnvrc),
            ...cold(bed, "evaluating", known.evaluating, direnvrc),
        ],
        network: network(bed, known),
        bundle: bundleContestants(bed),
        editor: editorContestants(bed),
        drift: driftContestants(bed),
        needs: needsContestants(bed),
        growth: growthContestants(bed),
    };
}

/**
 * Nothing changed since the last time.
 *
 * @param {Bed} bed
 * @param {ReturnType<typeof flakes>} known
 * @param {string | undefined} direnvrc
 */
function warm(bed, known, direnvrc) {
    const project = (/** @type {string} */ name) => ownProject(bed, name, known.smallest);
    const nix = (/** @type {string} */ what, /** @type {string[]} */ args) => {
        const name = `warm: ${what}`;
        return nixContestant(bed, name, project(name), { args, cold: false });
    };
    const direnv = (/** @type {"warm" | "touched"} */ state, /** @type {string} */ rc) => {
        const name = `${state}: ${rc ? "nix-direnv" : "direnv"}`;
        return direnvContestant(bed, name, project(name), { state, direnvrc: rc });
    };
    const ours = (/** @type {string} */ what, /** @type {"check" | "gate" | "reload"} */ verb) => {
        const name = `warm: ours, ${what}`;
        return ourContestant(bed, name, project(name), { verb });
    };
    const restore = (/** @type {string} */ what, /** @type {"restore" | "open"} */ verb) => {
        const name = `warm: ours, ${what} of 300 variables`;
        const make = ownProject(bed, name, known["300 variables"]);
        return restoreContestant(bed, name, make, { verb, count: 300 });
    };
    return [
        nix("nix develop --offline -c true", developOffline),
        nix("nix print-dev-env", ["print-dev-env"]),
        ...["", direnvrc ?? ""]
            .slice(0, direnvrc ? 2 : 1)
            .flatMap((rc) => [direnv("warm", rc), direnv("touched", rc)]),
        restore("restore", "restore"),
        restore("project and restore", "open"),
        ours("freshness check, files only", "gate"),
        ours("freshness check, nix asked", "check"),
        ours("re-capture", "reload"),
    ];
}

/**
 * The flake was changed and committed, so that everybody has to evaluate and build.
 *
 * @param {Bed} bed
 * @param {string} flake
 * @param {() => Promise<import("../bed/flake.mjs").Shell>} shell
 * @param {string | undefined} direnvrc
 */
function cold(bed, flake, shell, direnvrc) {
    const name = (/** @type {string} */ what) => `cold, ${flake}: ${what}`;
    const project = (/** @type {string} */ what) => ownProject(bed, name(what), shell);
    const nix = (/** @type {string} */ what, /** @type {string[]} */ args) =>
        nixContestant(bed, name(what), project(what), { args, cold: true });
    const direnv = (/** @type {string} */ what, /** @type {string} [rc] */ rc) =>
        direnvContestant(bed, name(what), project(what), { state: "cold", direnvrc: rc });
    const ours = (/** @type {string} */ what, /** @type {"capture" | "check"} */ verb) =>
        ourContestant(bed, name(what), project(what), { verb, changed: true });
    return [
        nix("nix develop --offline -c true", developOffline),
        nix("nix print-dev-env", ["print-dev-env"]),
        direnv("direnv"),
        ...(direnvrc ? [direnv("nix-direnv", direnvrc)] : []),
        ours("ours, capture", "capture"),
        ours("ours, re-capture after a change", "check"),
    ];
}

/**
 * Without `--offline`: where no network can be reached, nix waits for it. In the first part there
 * are no binary caches, so that only the search for bashInteractive waits.
 *
 * @param {Bed} bed
 * @param {ReturnType<typeof flakes>} known
 */
function network(bed, known) {
    const contestants = [];
    for (const [flake, isCold] of /** @type {const} */ ([
        ["smallest", false],
        ["evaluating", true],
    ])) {
        const name = `not offline, ${flake}, ${isCold ? "cold" : "warm"}`;
        const project = (/** @type {string} */ what) =>
            ownProject(bed, `${name}: ${what}`, known[flake]);
        const verb = isCold ? "capture" : "reload";
        contestants.push(
            nixContestant(bed, `${name}: nix develop -c true`, project("nix"), {
                args: develop,
                cold: isCold,
            }),
            ourContestant(
                bed,
                `${name}: ours, ${isCold ? "capture" : "re-capture"}`,
                project("ours"),
                {
                    verb,
                    changed: isCold,
                },
            ),
        );
    }
    const name = "not offline, caches set, smallest, cold";
    const project = (/** @type {string} */ what) =>
        ownProject(bed, `${name}: ${what}`, known.smallest);
    const bin = () => nixWithCaches(bed);
    const env = async () => {
        const PATH = [await bin(), bed.env.PATH].join(path.delimiter);
        return { ...bed.env, PATH };
    };
    return [
        ...contestants,
        nixContestant(bed, `${name}: nix develop -c true`, project("nix"), {
            args: develop,
            cold: true,
            bin,
        }),
        nixContestant(bed, `${name}: nix develop --offline -c true`, project("nix offline"), {
            args: developOffline,
            cold: true,
            bin,
        }),
        ourContestant(bed, `${name}: ours, capture`, project("ours"), {
            verb: "capture",
            changed: true,
            env,
        }),
    ];
}
