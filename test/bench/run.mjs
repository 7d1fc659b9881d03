// `npm run bench [-- --json] [--only NAME]… [--runs N]`: rivals and ours in one run, in one table.
// NAME is a group (warm, cold, network, bundle, editor, drift, needs, growth) or a part of figures' names. With
// --json, standard output is one object and nothing else.
import { parseArgs } from "node:util";
import { makeBed } from "./bed.mjs";
import { Figures } from "./figures.mjs";
import { groupsOf } from "./groups.mjs";
import { machineFacts } from "./machine.mjs";
import { rounds } from "./rounds.mjs";
import { report } from "./table.mjs";

const { values } = parseArgs({
    options: {
        json: { type: "boolean" },
        only: { type: "string", multiple: true },
        runs: { type: "string", default: "10" },
    },
});
const runs = Number(values.runs);
const log = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
const direnvrc = process.env.NIX_RUST_BENCH_DIRENVRC || undefined;

/**
 * @param {string} group
 * @param {string} name
 */
function isWanted(group, name) {
    const { only } = values;
    if (!only) return true;
    return only.some((text) =>
        text in groups ? text === group : name.includes(text) || text.startsWith(name),
    );
}

if (!Number.isInteger(runs) || runs < 1) {
    log("--runs takes a number of at least 1");
    process.exit(1);
}
const bed = await makeBed(log);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
    process.once(signal, () => void bed.remove().finally(() => process.exit(code)));
const groups = groupsOf(bed, direnvrc);
const figures = new Figures();
try {
    const facts = await machineFacts(bed, direnvrc);
    for (const fact of facts) log(fact);
    let isAny = false;
    for (const [group, all] of Object.entries(groups)) {
        const contestants = all.filter(({ name }) => isWanted(group, name));
        if (contestants.length === 0) continue;
        isAny = true;
        const start = performance.now();
        log(`${group}: ${contestants.length} contestants, ${runs} rounds`);
        for (const { setup } of contestants) await setup?.();
        await rounds(contestants, figures, { runs });
        log(`${group}: done in ${Math.round((performance.now() - start) / 1_000)} s`);
    }
    if (!isAny) throw new Error(`There is no group and no figure ${values.only?.join(", ")}.`);
    console.log(values.json ? JSON.stringify(figures, undefined, 2) : report(facts, figures));
} catch (error) {
    log(error.stack);
    process.exitCode = 1;
} finally {
    await bed.remove();
}
