import { addInput } from "../../../../../src/core/flake/edit/addInput";
import { addPackages } from "../../../../../src/core/flake/edit/addPackages";
import { addRuntimeLibraries } from "../../../../../src/core/flake/edit/addRuntimeLibraries";
import { addVariable } from "../../../../../src/core/flake/edit/addVariable";
import type { FlakeStep } from "../../../../../src/core/flake/edit/flakeEdit";

/** What is added to every example flake, in this order. */
export function wishes(shell: string | undefined): Readonly<Record<string, FlakeStep>> {
    const all = { platform: "all", shell } as const;
    return {
        input: (text) =>
            addInput(text, {
                name: "extra",
                url: "github:owner/repo",
                follows: [["nixpkgs", "nixpkgs"]],
                content: "flake",
            }),
        files: (text) =>
            addInput(text, {
                name: "data",
                url: "github:owner/data",
                follows: [],
                content: "files",
            }),
        packages: (text) =>
            addPackages(text, { attributes: ["ripgrep", "just"], kind: "packages", ...all }),
        tools: (text) =>
            addPackages(text, { attributes: ["cmake"], kind: "nativeBuildInputs", ...all }),
        libraries: (text) =>
            addPackages(text, { attributes: ["sqlite", "curl"], kind: "buildInputs", ...all }),
        linux: (text) =>
            addPackages(text, {
                attributes: ["dbus"],
                kind: "buildInputs",
                platform: "linux",
                shell,
            }),
        variable: (text) =>
            addVariable(text, { name: "PROTOC", content: "${pkgs.protobuf}/bin/protoc", shell }),
        runtime: (text) =>
            addRuntimeLibraries(text, { attributes: ["libGL"], platform: "linux", shell }),
    };
}

/** The shells to be named, where the text has several and none is the default. */
export const SHELLS: Readonly<Record<string, string>> = {
    "several-without-default": "nightly",
    "two-systems-spelled-out": "x86_64-linux.default",
};

/** What can't be done, by the name of the flake. */
export const NOT_DONE: Readonly<Record<string, readonly string[]>> = {
    "merged-with-computed": ["variable", "runtime"],
    "outputs-elsewhere": [
        "input",
        "files",
        "packages",
        "tools",
        "libraries",
        "linux",
        "variable",
        "runtime",
    ],
    "default-shell-elsewhere": ["packages", "tools", "libraries", "linux", "variable", "runtime"],
    "shell-elsewhere": ["packages", "tools", "libraries", "linux", "variable", "runtime"],
};
