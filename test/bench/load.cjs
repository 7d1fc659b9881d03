// Loads the extension's bundle in a process of its own, and prints how many milliseconds that took.
// The module `vscode` is a fake: whatever is asked of it can be called, extended and looked into.
const Module = require("node:module");

const fake = new Proxy(class {}, {
    get: (target, name) => (name === "prototype" ? target.prototype : fake),
    apply: () => fake,
    construct: () => ({}),
    // What is copied of a module is looked up in its prototype.
    getPrototypeOf: () => fake,
});
const load = Module._load;
Module._load = (request, ...rest) => (request === "vscode" ? fake : load(request, ...rest));

const start = performance.now();
const { activate } = require(process.argv[2]);
const milliseconds = performance.now() - start;
if (typeof activate !== "function") throw new Error("The bundle exports no activate().");
console.log(milliseconds);
