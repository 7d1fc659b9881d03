import { writeFileSync } from "node:fs";
import { format } from "node:util";
import { connectControl } from "../bed/control.mjs";

/**
 * What VS Code calls in its extension host: runs the test files that NIX_RUST_TEST_SUITE lists, and
 * leaves the counts in the file that NIX_RUST_TEST_RESULT names.
 */
export async function run(): Promise<void> {
    const { default: Mocha } = await import("mocha");
    const control = connectControl();
    let printed = Promise.resolve();
    if (control !== undefined) {
        Mocha.reporters.Base.consoleLog = (...args: unknown[]): void => {
            const line = `${format(...args)}\n`;
            printed = printed.then(() => control.log(line));
        };
    }
    const mocha = new Mocha({ timeout: 120_000, slow: 10_000 });
    for (const file of JSON.parse(required("NIX_RUST_TEST_SUITE")) as string[]) mocha.addFile(file);
    await mocha.loadFilesAsync();
    const failures = await new Promise<number>((resolve) => {
        const runner = mocha.run(resolve);
        runner.once("end", () => {
            const { passes, failures: failed, pending } = runner.stats ?? {};
            const counts = { passed: passes, failed, skipped: pending };
            writeFileSync(required("NIX_RUST_TEST_RESULT"), JSON.stringify(counts));
        });
    });
    await printed;
    await control?.done(failures);
    if (failures > 0) throw new Error(`${failures} failed`);
}

function required(name: string): string {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set: npm test sets it`);
    return value;
}
