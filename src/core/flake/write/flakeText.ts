import { build, type Shared } from "./build";
import type { Contribution, FlakeInput } from "./contribution";
import { wrap, type Body } from "./frame";
import { apart, bind, call, fileText, operation, set, type Entry, type Nix } from "./layout";
import { environment, nativeEntries, runtimePath, toolsOf, variables } from "./native";
import { nixName, nixString } from "./nixText";
import { hooks, image, treefmt } from "./parts";
import type { FlakePlan } from "./plan";
import { rust } from "./rust";

const NIXPKGS: FlakeInput = { name: "nixpkgs", url: "github:NixOS/nixpkgs/nixos-unstable" };

const FRAME_INPUTS: Readonly<Record<FlakePlan["frame"], readonly FlakeInput[]>> = {
    plain: [],
    "flake-parts": [
        {
            name: "flake-parts",
            url: "github:hercules-ci/flake-parts",
            follows: "nixpkgs-lib",
        },
    ],
    "flake-utils": [{ name: "flake-utils", url: "github:numtide/flake-utils" }],
};

/** The text of a flake.nix, as nixfmt would leave it. */
export function flakeText(plan: FlakePlan): string {
    const toolchain = rust(plan);
    const shared = sharedNeeds(plan);
    const parts: readonly Contribution[] = [
        toolchain,
        plan.builder === undefined ? {} : build(plan, plan.builder, toolchain.build, shared),
        plan.parts.has("hooks") ? hooks(plan, toolchain.build) : {},
        plan.parts.has("treefmt") ? treefmt(toolchain.build) : {},
        plan.parts.has("image") ? image(plan.crate) : {},
    ];
    const inputs = [
        NIXPKGS,
        ...FRAME_INPUTS[plan.frame],
        ...parts.flatMap((part) => part.inputs ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ];
    const all = <K extends keyof Contribution>(key: K): NonNullable<Contribution[K]>[] =>
        parts.flatMap((part) => (part[key] === undefined ? [] : [part[key]]));
    const toolchainDefinitions = toolchain.definitions ?? [];
    const body: Body = {
        hasOverlay: toolchain.hasOverlay,
        definitions: [
            ...toolchainDefinitions,
            ...shared.definitions,
            ...parts.slice(1).flatMap((part) => part.definitions ?? []),
        ].map(spaced),
        outputs: [
            ...packages(all("packages").flat(), all("linuxPackages").flat()),
            ...checks(all("checks").flat()),
            bind("devShells.default", shell(plan, parts, shared)),
            bind("formatter", all("formatter")[0] ?? "pkgs.nixfmt-tree"),
        ],
        isShared: plan.parts.size > 0,
    };
    return fileText(
        set(
            bind("description", nixString(plan.description)),
            apart(inputsEntry(inputs)),
            apart(
                bind(
                    "outputs",
                    wrap(
                        plan.frame,
                        body,
                        inputs.map(({ name }) => name),
                    ),
                ),
            ),
        ),
    );
}

function inputsEntry(inputs: readonly FlakeInput[]): Entry {
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) {
        return bind(`inputs.${only.name}.url`, nixString(only.url));
    }
    return bind(
        "inputs",
        set(
            ...inputs.map(({ name, url, follows }) =>
                follows === undefined
                    ? bind(`${nixName(name)}.url`, nixString(url))
                    : bind(
                          nixName(name),
                          set(
                              bind("url", nixString(url)),
                              bind(`inputs.${follows}.follows`, '"nixpkgs"'),
                          ),
                      ),
            ),
        ),
    );
}

/** Native needs that the package and the shell both have are defined once. */
function sharedNeeds({ needs, builder }: FlakePlan): Shared {
    if (builder === undefined) return { names: [], definitions: [] };
    const entries = [...nativeEntries(needs)];
    const values = environment(variables(needs, "all"), variables(needs, "linux"));
    if (values !== undefined) entries.push(bind("env", values));
    const [first, ...rest] = entries;
    if (first === undefined) return { names: [], definitions: [] };
    const comment = "For crates with native code, here and in the dev shell.";
    return {
        names: entries.map(({ name }) => name),
        definitions: [{ ...first, comment }, ...rest],
    };
}

function shell(plan: FlakePlan, parts: readonly Contribution[], shared: Shared): Nix {
    const { needs } = plan;
    const extra = toolsOf(needs);
    const items = [...parts.flatMap((part) => part.tools ?? []), ...extra.items];
    const lists = [...extra.lists, ...parts.flatMap((part) => part.toolLists ?? [])];
    const path = runtimePath(needs);
    const own = parts.flatMap((part) => part.environment ?? []);
    const isShared = shared.names.includes("env");
    const values = environment(
        [...(isShared ? [] : variables(needs, "all")), ...own],
        [...(isShared ? [] : variables(needs, "linux")), ...(path === undefined ? [] : [path])],
    );
    const inherited = shared.names.filter((name) => name !== "env" || values === undefined);
    const inherits = inherited.length > 0 ? [{ name: `inherit ${inherited.join(" ")}` }] : [];
    const tools: Nix = { kind: "list", items };
    return call(
        "pkgs.mkShell",
        set(
            ...inherits,
            ...parts.flatMap((part) => part.shell ?? []),
            spaced(bind("packages", operation("++", tools, ...lists))),
            ...(plan.builder === undefined ? nativeEntries(needs).map(spaced) : []),
            values === undefined
                ? undefined
                : spaced(
                      bind(
                          "env",
                          isShared ? operation("//", "env", ...operandsOf(values)) : values,
                      ),
                  ),
        ),
    );
}

function operandsOf(nix: Nix): readonly Nix[] {
    return typeof nix !== "string" && nix.kind === "operation" ? nix.operands : [nix];
}

function packages(all: readonly Entry[], linux: readonly Entry[]): Entry[] {
    const [only] = all;
    if (linux.length === 0) {
        return only === undefined ? [] : [{ ...only, name: `packages.${only.name}` }];
    }
    const more = call("lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux", set(...linux));
    return [bind("packages", operation("//", set(...all), more))];
}

/** What is inherited comes first, in one statement. */
function checks(entries: readonly Entry[]): Entry[] {
    if (entries.length === 0) return [];
    const inherited = entries.filter(({ value }) => value === undefined);
    const names = inherited.map(({ name }) => name.replace(/^inherit /, "")).join(" ");
    const own = entries.filter(({ value }) => value !== undefined);
    const inherits = names === "" ? [] : [{ name: `inherit ${names}` }];
    return [bind("checks", set(...inherits, ...own.map(spacedIfLong)))];
}

function spacedIfLong(entry: Entry): Entry {
    return typeof entry.value === "string" ? entry : apart(entry);
}

function spaced(entry: Entry): Entry {
    return apart(entry);
}
