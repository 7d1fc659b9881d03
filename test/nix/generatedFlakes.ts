import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { proposedFlake } from "../../src/core/flake/write/proposal";
import type { ShellNeeds } from "../../src/core/flake/write/plan";
import { detectProject } from "../../src/core/project/project";
import { callTestedNix } from "./bed";

/** A project, and how a flake is written for it. */
export interface FlakeCase {
    /** By path; folders are made. */
    readonly files: Readonly<Record<string, string>>;
    readonly template?: string;
    readonly options?: readonly string[];
    readonly needs?: ShellNeeds;
    /** Changes the text before it is evaluated, to see what a mistake would do. */
    readonly change?: (text: string) => string;
}

/** What nix made of a flake. */
export interface Evaluated {
    readonly text: string;
    readonly description: string;
    /** Paths of derivations by `output.system.attribute`, or `output.system` for a formatter. */
    readonly derivations: Readonly<Record<string, string>>;
    /** Of the dev shell on x86_64-linux. */
    readonly components: readonly string[] | null;
    readonly targets: readonly string[] | null;
    /** Its variables by system. */
    readonly environment: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The real inputs by the names that flakes give them, and what of theirs is the same as ours. */
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
    nixpkgs: [],
    crane: [],
    fenix: ["nixpkgs"],
    "flake-parts": ["nixpkgs-lib"],
    "flake-utils": [],
    "git-hooks": ["nixpkgs"],
    "rust-overlay": ["nixpkgs"],
    "treefmt-nix": ["nixpkgs"],
};

/** When the stand-in for rust-overlay is from. */
export const NOW = new Date("2026-08-25");

/**
 * Writes flakes and evaluates all of their outputs in one call of nix: they are inputs of one more
 * flake, which has their inputs follow stand-ins. A single one that fails makes all fail.
 */
export async function evaluateFlakes(
    folder: string,
    cases: Readonly<Record<string, FlakeCase>>,
): Promise<Record<string, Evaluated>> {
    const texts: Record<string, string> = {};
    for (const [name, flakeCase] of Object.entries(cases)) {
        texts[name] = await writeCase(join(folder, name), flakeCase);
    }
    const collector = join(folder, "collector");
    mkdirSync(collector, { recursive: true });
    writeFileSync(join(collector, "flake.nix"), collectorText(folder, texts));
    const out = await callTestedNix("nix", [
        "eval",
        "--json",
        "--show-trace",
        "--no-write-lock-file",
        `path:${collector}#results`,
    ]);
    const results = JSON.parse(out) as Record<string, Omit<Evaluated, "text">>;
    return Object.fromEntries(
        Object.entries(results).map(([name, result]) => [
            name,
            { ...result, text: texts[name] ?? "" },
        ]),
    );
}

async function writeCase(folder: string, flakeCase: FlakeCase): Promise<string> {
    for (const [name, content] of Object.entries(flakeCase.files)) {
        const file = join(folder, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
    }
    const { text } = await proposedFlake({
        project: detectProject(folder),
        folder,
        now: NOW,
        template: flakeCase.template,
        ...(flakeCase.options === undefined ? {} : { options: flakeCase.options }),
        ...(flakeCase.needs === undefined ? {} : { needs: flakeCase.needs }),
    });
    const changed = flakeCase.change?.(text) ?? text;
    writeFileSync(join(folder, "flake.nix"), changed);
    return changed;
}

function collectorText(folder: string, texts: Readonly<Record<string, string>>): string {
    const standIns = Object.entries(STAND_INS).map(
        ([name, own]) =>
            `    ${name} = {\n      url = "path:${resolve("test/fixtures/stubs", name)}";\n` +
            own.map((input) => `      inputs.${input}.follows = "nixpkgs";\n`).join("") +
            "    };\n",
    );
    const flakes = Object.entries(texts).map(
        ([name, text]) =>
            `    "${name}" = {\n      url = "path:${join(folder, name)}";\n` +
            inputsOf(text)
                .map((input) => `      inputs.${input}.follows = "${input}";\n`)
                .join("") +
            "    };\n",
    );
    const names = Object.keys(texts).map((name) => `"${name}"`);
    return `{
  inputs = {
${standIns.join("")}${flakes.join("")}  };

  outputs =
    inputs:
    let
      inherit (builtins) listToAttrs concatMap attrNames intersectAttrs map;

      known = { packages = 1; checks = 1; devShells = 1; formatter = 1; };

      one = name: value: [ { inherit name; value = value.drvPath; } ];

      derivations =
        flake:
        listToAttrs (
          concatMap (
            output:
            concatMap (
              system:
              let
                found = flake.\${output}.\${system};
              in
              if found ? drvPath then
                one "\${output}.\${system}" found
              else
                concatMap (name: one "\${output}.\${system}.\${name}" found.\${name}) (attrNames found)
            ) (attrNames flake.\${output})
          ) (attrNames (intersectAttrs known flake))
        );

      evaluate =
        name:
        let
          flake = inputs.\${name};
          shells = flake.devShells;
          tool = builtins.head shells.x86_64-linux.default.packages;
        in
        builtins.addErrorContext "while evaluating the flake \${name}" {
          inherit name;
          value = {
            inherit (import (flake.outPath + "/flake.nix")) description;
            derivations = derivations flake;
            components = tool.components or null;
            targets = tool.targets or null;
            environment = builtins.mapAttrs (_: shell: shell.default.environment) shells;
          };
        };
    in
    {
      results = listToAttrs (map evaluate [ ${names.join(" ")} ]);
    };
}
`;
}

/** The inputs that a flake's text declares, as the tests' own eyes read it. */
function inputsOf(text: string): string[] {
    return Object.keys(STAND_INS).filter((name) =>
        new RegExp(`^ +(?:inputs\\.)?${name}(?:\\.url)? = `, "m").test(text),
    );
}
