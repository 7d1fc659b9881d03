// mocha's usual output, and the counts in the file that NIX_RUST_TEST_RESULT names.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class extends Mocha.reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        runner.once("end", () => {
            const { passes, failures, pending } = this.stats;
            const result = { passed: passes, failed: failures, skipped: pending };
            const file = process.env.NIX_RUST_TEST_RESULT;
            if (file) writeFileSync(file, JSON.stringify(result));
        });
    }
};
