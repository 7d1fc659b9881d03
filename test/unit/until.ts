/** Waits for a condition, and fails with its name when it does not come true. */
export async function until(what: string, condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!condition()) {
        if (Date.now() > deadline) throw new Error(`never came true: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
}
