import { request } from "node:http";
import { text } from "node:stream/consumers";

/**
 * The suite's side of the control server, or undefined where no one holds the window for it: in
 * desktop VS Code.
 */
export function connectControl(url = process.env.NIX_RUST_TEST_CONTROL) {
    if (!url) return undefined;
    return {
        log: (message) => post(`${url}/log`, message),
        done: (failures) => post(`${url}/done`, JSON.stringify({ failures })),
        ui: new Proxy(
            {},
            {
                get:
                    (_, method) =>
                    (...args) =>
                        post(`${url}/ui`, JSON.stringify({ method, args })),
            },
        ),
    };
}

/**
 * Not `fetch`, which VS Code replaces in its extension host to add the user's proxy.
 *
 * @param {string} url
 * @param {string} body
 */
async function post(url, body) {
    const response = await new Promise((resolve, reject) => {
        request(url, { method: "POST" }, resolve).on("error", reject).end(body);
    });
    const { result, error } = JSON.parse(await text(response));
    if (error) throw new Error(error);
    return result;
}
