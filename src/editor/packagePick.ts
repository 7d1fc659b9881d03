import * as vscode from "vscode";
import { isAttributePath } from "../core/flake/edit/attributePath";

/** What is often wanted beside a Rust toolchain, by its name in nixpkgs. */
const SUGGESTIONS: readonly (readonly [attribute: string, description: string])[] = [
    ["bacon", "Checks in the background while you type"],
    ["cargo-audit", "Known vulnerabilities in dependencies"],
    ["cargo-deny", "Licences, sources and advisories of dependencies"],
    ["cargo-edit", "cargo upgrade and set-version"],
    ["cargo-expand", "Shows what macros make"],
    ["cargo-flamegraph", "Flame graphs"],
    ["cargo-insta", "Snapshot tests"],
    ["cargo-llvm-cov", "Test coverage"],
    ["cargo-machete", "Finds unused dependencies"],
    ["cargo-nextest", "A faster test runner"],
    ["cargo-outdated", "Dependencies with newer versions"],
    ["cargo-watch", "Runs commands when files change"],
    ["cmake", "Builds C and C++"],
    ["gdb", "Debugger"],
    ["just", "Runs a project's commands"],
    ["lldb", "Debugger"],
    ["mold", "A faster linker"],
    ["openssl", "TLS library and tool"],
    ["pkg-config", "Finds C libraries"],
    ["protobuf", "Protocol Buffers compiler"],
    ["sccache", "Caches what was compiled"],
    ["sqlx-cli", "Migrations for sqlx"],
    ["taplo", "Formats and checks TOML"],
    ["trunk", "Builds for the browser"],
    ["valgrind", "Finds errors in memory"],
    ["wasm-pack", "Builds Rust for WebAssembly"],
];

interface PackageItem extends vscode.QuickPickItem {
    /** None where what was typed can't be a package's name. */
    readonly attributes: readonly string[];
}

/** Asks for packages by a list that takes any other name, too; several with spaces between. */
export function pickPackages(): Promise<readonly string[] | undefined> {
    const pick = vscode.window.createQuickPick<PackageItem>();
    pick.title = "Nix: Add Package";
    pick.placeholder = "The name of a package in nixpkgs, such as cargo-nextest";
    pick.matchOnDescription = true;
    const suggested: PackageItem[] = SUGGESTIONS.map(([label, description]) => ({
        label,
        description,
        attributes: [label],
    }));
    pick.items = suggested;
    pick.onDidChangeValue((value) => {
        const isSuggested = SUGGESTIONS.some(([name]) => name === value.trim());
        const typed = isSuggested ? undefined : typedItem(value);
        pick.items = typed === undefined ? suggested : [typed, ...suggested];
    });
    return new Promise((resolve) => {
        pick.onDidAccept(() => {
            const [active] = pick.activeItems;
            // Who types fast confirms before the list has what was typed last.
            const isSuggested = active !== undefined && suggested.includes(active);
            const picked = isSuggested ? active : typedItem(pick.value);
            if (picked === undefined || picked.attributes.length === 0) return;
            resolve(picked.attributes);
            pick.hide();
        });
        pick.onDidHide(() => {
            resolve(undefined);
            pick.dispose();
        });
        pick.show();
    });
}

function typedItem(value: string): PackageItem | undefined {
    const attributes = value.split(/[\s,]+/).filter((name) => name !== "");
    if (attributes.length === 0) return undefined;
    const wrong = attributes.find((name) => !isAttributePath(name));
    if (wrong !== undefined) {
        return {
            label: `$(error) ${wrong} can't be the name of a package`,
            detail: "Names have letters, digits, _ and -, and dots between their parts: python3Packages.numpy",
            alwaysShow: true,
            attributes: [],
        };
    }
    return {
        label: `$(add) ${attributes.join(", ")}`,
        description: "as typed",
        alwaysShow: true,
        attributes,
    };
}
