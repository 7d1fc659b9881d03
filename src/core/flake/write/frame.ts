import { apart, bind, call, fileText, fn, letIn, list, set, type Entry, type Nix } from "./layout";
import type { Frame } from "./plan";

/** What a flake says for each system, with `pkgs` in scope and `lib` where it is used. */
export interface Body {
    readonly hasOverlay: boolean;
    readonly definitions: readonly Entry[];
    /** By the names of a flake's outputs: `devShells`, `formatter`, … */
    readonly outputs: readonly Entry[];
    /** Whether several outputs need what is defined. */
    readonly isShared: boolean;
}

/**
 * The systems of nixpkgs that Rust developers have. An explicit list, because nixpkgs 26.11 throws
 * for x86_64-darwin, which flake-utils and nix-systems still name by default.
 */
const SYSTEMS = list('"x86_64-linux"', '"aarch64-linux"', '"aarch64-darwin"');

const WHY_SYSTEMS = "nixpkgs 26.11 and later no longer support x86_64-darwin.";

/** The function of a flake's outputs. */
export function wrap(frame: Frame, body: Body, inputs: readonly string[]): Nix {
    switch (frame) {
        case "plain":
            return fn(pattern(inputs), body.isShared ? shared(body) : small(body));
        case "flake-parts":
            return flakeParts(body, inputs);
        case "flake-utils":
            return fn(pattern(inputs), flakeUtils(body));
    }
}

/** The arguments; `...` so that a later input does not break the call. */
function pattern(inputs: readonly string[]): string | readonly string[] {
    return inputs.length <= 2 ? `{ ${inputs.join(", ")}, ... }` : [...inputs, "..."];
}

/** One or two outputs that have nothing in common: each is written for all systems. */
function small(body: Body): Nix {
    const outputs = body.outputs.map(({ name, value = "" }) => {
        const [output = name, attribute] = name.split(".");
        const own =
            attribute === undefined ? value : letIn(body.definitions, set(bind(attribute, value)));
        return bind(output, call("forEachSystem", fn("pkgs", own)));
    });
    return letIn(systemsOf(body), set(...outputs.map(apart)));
}

/** Everything is written once for a system, and turned into what a flake has to be. */
function shared(body: Body): Nix {
    const perSystem = call(
        "forEachSystem",
        fn("pkgs", letIn(body.definitions, set(...body.outputs.map(apart)))),
    );
    const output = "name: lib.mapAttrs (_: outputs: outputs.${name}) perSystem";
    return letIn(
        [
            ...systemsOf(body),
            apart(bind("perSystem", perSystem)),
            apart(bind("output", output, "A flake has its outputs by name first, then by system.")),
        ],
        set(
            ...body.outputs
                .map(({ name }) => name.split(".")[0] ?? name)
                .map((name) => bind(name, `output "${name}"`)),
        ),
    );
}

function systemsOf(body: Body): Entry[] {
    const usesLib = body.isShared || uses(body, "lib");
    const packages = body.hasOverlay ? withOverlay("nixpkgs") : "nixpkgs.legacyPackages.${system}";
    const forEach = call(
        `${usesLib ? "" : "nixpkgs."}lib.genAttrs systems`,
        fn("system", call("f", packages)),
    );
    return [
        ...(usesLib ? [{ name: "inherit (nixpkgs) lib" }] : []),
        apart(bind("systems", SYSTEMS, WHY_SYSTEMS)),
        apart(bind("forEachSystem", fn("f", forEach))),
    ];
}

function withOverlay(nixpkgs: string): Nix {
    return call(
        `import ${nixpkgs}`,
        set({ name: "inherit system" }, bind("overlays", list("rust-overlay.overlays.default"))),
    );
}

function flakeUtils(body: Body): Nix {
    const packages = body.hasOverlay ? withOverlay("nixpkgs") : "nixpkgs.legacyPackages.${system}";
    const definitions = [
        ...(uses(body, "lib") ? [{ name: "inherit (nixpkgs) lib" }] : []),
        bind("pkgs", packages),
        ...body.definitions,
    ];
    const each = call(
        "flake-utils.lib.eachSystem systems",
        fn("system", letIn(definitions, set(...body.outputs.map(apart)))),
    );
    return letIn([bind("systems", SYSTEMS, WHY_SYSTEMS)], each);
}

function flakeParts(body: Body, inputs: readonly string[]): Nix {
    const names = [
        ...(uses(body, "lib") ? ["lib"] : []),
        "pkgs",
        ...(body.hasOverlay ? ["system"] : []),
    ];
    const overlay = body.hasOverlay ? [bind("_module.args.pkgs", withOverlay("nixpkgs"))] : [];
    const perSystem = fn(
        pattern(names),
        letIn(body.definitions, set(...[...overlay, ...body.outputs].map(apart))),
    );
    // What only flake-parts itself takes of the inputs need not be named.
    const named = inputs.filter(
        (name) => name === "flake-parts" || (name === "nixpkgs" ? body.hasOverlay : true),
    );
    const argument = named.length <= 2 ? `inputs@{ ${named.join(", ")}, ... }` : undefined;
    const flake = call(
        "flake-parts.lib.mkFlake { inherit inputs; }",
        set(bind("systems", SYSTEMS, WHY_SYSTEMS), apart(bind("perSystem", perSystem))),
    );
    return argument === undefined
        ? { kind: "function", argument: [...named, "..."], body: flake, name: "inputs" }
        : fn(argument, flake);
}

/** Whether the body names a variable. */
function uses({ definitions, outputs }: Body, name: string): boolean {
    const text = fileText(set(...definitions, ...outputs)).replace(/^\s*#.*$/gm, "");
    return new RegExp(`(?<![\\w.'-])${name}\\.`).test(text);
}
