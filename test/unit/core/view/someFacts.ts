import type { Project } from "../../../../src/core/project/project";
import type { ViewFacts } from "../../../../src/core/view/viewFacts";
import type { ViewItem } from "../../../../src/core/view/viewItem";
import { aDrift } from "../lock/aDrift";

const PROJECT: Project = {
    folder: "/work/app",
    repository: "/work/app",
    flake: "/work/app/flake.nix",
    toolchainFile: undefined,
    cargo: "/work/app/Cargo.toml",
};

/** The facts of a folder with a flake, and what a test changes in them. */
export function someFacts(parts: Partial<ViewFacts> = {}): ViewFacts {
    return {
        uri: "file:///work/app",
        project: PROJECT,
        state: { kind: "outside", reason: "manual" },
        shell: undefined,
        drift: aDrift(),
        ignoredDrift: [],
        shells: undefined,
        manual: false,
        flakeText: "",
        lockText: undefined,
        request: undefined,
        targets: [],
        // Twelve days after the inputs of test locks have changed.
        now: (1_700_000_000 + 12 * 24 * 60 * 60) * 1000,
        ...parts,
    };
}

/** The same folder with a toolchain file. */
export const WITH_TOOLCHAIN_FILE: Project = {
    ...PROJECT,
    toolchainFile: "/work/app/rust-toolchain.toml",
};

/** The line below some lines, by its label. */
export function itemOf(items: readonly ViewItem[], ...labels: string[]): ViewItem {
    const [label, ...rest] = labels;
    const item = items.find((each) => each.label === label);
    if (item === undefined) {
        throw new Error(`no ${label} among ${items.map((each) => each.label).join(", ")}`);
    }
    return rest.length === 0 ? item : itemOf(childrenOf(item), ...rest);
}

export function childrenOf({ children }: ViewItem): readonly ViewItem[] {
    return typeof children === "function" ? children() : [];
}

/** A line and all below it, as "label: description", each level two blanks further in. */
export function outline(items: readonly ViewItem[], indent = ""): string[] {
    return items.flatMap((item) => [
        `${indent}${item.label}${item.description === "" ? "" : `: ${item.description}`}`,
        ...outline(childrenOf(item), `${indent}  `),
    ]);
}
