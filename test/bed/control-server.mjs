import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/**
 * How the suite in the extension host reaches the process that holds the window.
 *
 * @param {object} handlers
 * @param {(text: string) => void} handlers.log
 * @param {(failures: number) => void} handlers.done
 * @param {(method: string, args: unknown[]) => Promise<unknown>} handlers.ui
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function controlServer({ log, done, ui }) {
    const token = randomUUID();
    /** @type {Record<string, (body: string) => unknown>} */
    const routes = {
        [`/${token}/log`]: log,
        [`/${token}/done`]: (body) => done(JSON.parse(body).failures),
        [`/${token}/ui`]: (body) => {
            const { method, args = [] } = JSON.parse(body);
            return ui(method, args);
        },
    };
    const server = createServer(async (request, response) => {
        const handle = request.method === "POST" ? routes[request.url ?? ""] : undefined;
        const answer = (/** @type {number} */ status, /** @type {object} */ body) =>
            response
                .writeHead(status, { "Content-Type": "application/json" })
                .end(JSON.stringify(body));
        try {
            if (!handle) answer(404, { error: "No such request." });
            else answer(200, { result: (await handle(await text(request))) ?? null });
        } catch (error) {
            answer(500, { error: error.message });
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/${token}`,
        close() {
            server.close();
            server.closeAllConnections();
        },
    };
}
