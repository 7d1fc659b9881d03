import assert from "node:assert/strict";
import type * as vscode from "vscode";
import type { Change } from "../../../src/core/environment/change";
import { terminalEnvironment, Terminals } from "../../../src/editor/terminals";

interface FakeMutator {
    readonly type: number;
    readonly value: string;
    readonly options: vscode.EnvironmentVariableMutatorOptions | undefined;
}

/** A collection that keeps one mutator for each name, as the editor's does. */
class FakeCollection {
    readonly mutators = new Map<string, FakeMutator>();
    description: string | undefined;
    persistent = false;

    readonly replace = this.#writer(1);
    readonly append = this.#writer(2);
    readonly prepend = this.#writer(3);
    get = (name: string): FakeMutator | undefined => this.mutators.get(name);
    forEach = (use: (name: string) => void): void => [...this.mutators.keys()].forEach(use);
    delete = (name: string): void => {
        this.mutators.delete(name);
    };

    #writer(type: number) {
        return (name: string, value: string, options?: FakeMutator["options"]): void => {
            this.mutators.set(name, { type, value, options });
        };
    }
}

class FakeCollections extends FakeCollection {
    readonly scoped = new Map<vscode.WorkspaceFolder, FakeCollection>();

    getScoped = ({ workspaceFolder }: vscode.EnvironmentVariableScope): FakeCollection => {
        assert.ok(workspaceFolder);
        const known = this.scoped.get(workspaceFolder) ?? new FakeCollection();
        this.scoped.set(workspaceFolder, known);
        return known;
    };

    of(name: string): FakeCollection {
        const found = [...this.scoped].find(([folder]) => folder.name === name);
        return found?.[1] ?? assert.fail("nothing was given to that folder");
    }
}

const FOLDER = fakeFolder("app", 0);
const OTHER = fakeFolder("other", 1);

function fakeFolder(name: string, index: number): vscode.WorkspaceFolder {
    return { name, index, uri: { toString: () => `file:///${name}` } as vscode.Uri };
}

const CHANGES: readonly Change[] = [
    { op: "set", name: "A", value: "1" },
    { op: "unset", name: "GONE" },
    { op: "prepend", name: "PATH", value: "/a:/b" },
    { op: "append", name: "PATH", value: "/z" },
    { op: "append", name: "MANPATH", value: "/man" },
];

describe("Terminals", () => {
    let collections: FakeCollections;
    let terminals: Terminals;

    beforeEach(() => {
        collections = new FakeCollections();
        terminals = new Terminals(
            collections as unknown as vscode.GlobalEnvironmentVariableCollection,
        );
    });

    const of = ({ name }: vscode.WorkspaceFolder): FakeCollection => collections.of(name);
    const valuesOf = (folder: vscode.WorkspaceFolder): Record<string, string> =>
        Object.fromEntries([...of(folder).mutators].map(([name, { value }]) => [name, value]));

    it("gives a folder's terminals its changes, with separators towards the old values", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        assert.deepEqual(valuesOf(FOLDER), { A: "1", GONE: "", PATH: "/a:/b:", MANPATH: ":/man" });
        assert.equal(of(FOLDER).description, "Nix");
        assert.equal(of(FOLDER).mutators.get("PATH")?.type, 3);
        assert.equal(of(FOLDER).mutators.get("MANPATH")?.type, 2);
    });

    it("applies what is prepended again when the user's shell has read its start-up files", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        assert.equal(of(FOLDER).mutators.get("PATH")?.options?.applyAtShellIntegration, true);
        assert.ok(!of(FOLDER).mutators.get("A")?.options?.applyAtShellIntegration);
    });

    it("takes the same changes again for the same, and a changed one for that", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        const before = valuesOf(FOLDER);
        terminals.replace(FOLDER, structuredClone(CHANGES), "Nix");
        assert.deepEqual(valuesOf(FOLDER), before);
        const changed: Change = { op: "set", name: "A", value: "2" };
        terminals.replace(FOLDER, [...CHANGES.slice(1), changed], "Nix");
        assert.deepEqual(valuesOf(FOLDER), { ...before, A: "2" });
    });

    it("follows a folder that changes its place in the window, as one and the same", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        collections.persistent = false;
        terminals.replace({ ...FOLDER, index: 5 } as vscode.WorkspaceFolder, CHANGES, "Nix");
        assert.equal(collections.scoped.size, 1);
        assert.equal([...collections.scoped.keys()][0]?.index, 5);
        assert.equal(collections.persistent, true, "all is sent anew");
    });

    it("writes anew what is changed in another way now, with the same value", () => {
        terminals.replace(FOLDER, [{ op: "set", name: "LIST", value: ":/x" }], "Nix");
        terminals.replace(FOLDER, [{ op: "append", name: "LIST", value: "/x" }], "Nix");
        assert.equal(of(FOLDER).mutators.get("LIST")?.type, 2);
    });

    it("takes back what is no longer among the changes, of that folder only", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        terminals.replace(OTHER, CHANGES, "Nix");
        terminals.replace(FOLDER, CHANGES.slice(0, 1), "Nix");
        assert.deepEqual(valuesOf(FOLDER), { A: "1" });
        terminals.replace(FOLDER, [], "");
        assert.deepEqual(valuesOf(FOLDER), {});
        assert.equal(of(OTHER).mutators.size, 4);
    });

    it("is remembered for terminals that the editor revives, and gives nothing to all folders", () => {
        terminals.replace(FOLDER, CHANGES, "Nix");
        assert.equal(collections.persistent, true);
        assert.equal(collections.mutators.size, 0);
    });

    it("keeps quotes, newlines and commands, and leaves the editor no variable to fill in", () => {
        const value = "a=b\n'c' \"d\" $(e) é $HOME ${env:HOME} ${workspaceFolder} $${x}";
        terminals.replace(FOLDER, [{ op: "set", name: "ODD", value }], "Nix");
        const written = valuesOf(FOLDER)["ODD"] ?? "";
        // What the editor does: names in `env:` are filled in, once; nobody has this one.
        const filledIn = written.replaceAll(/\$\{([^}]*)\}/g, (whole, variable: string) => {
            assert.match(variable, /^env:NIX_RUST_\w+$/, whole);
            return "";
        });
        assert.equal(filledIn, value);
    });

    it("is told of so many variables as it can take, and the rest goes to terminals that we open", () => {
        const many = Array.from({ length: 5_000 }, (_, i): Change => {
            return { op: "set", name: `V${String(i).padStart(4, "0")}`, value: "x${env:HOME}" };
        });
        const path: Change = { op: "prepend", name: "ZPATH", value: "/a" };
        const collections = new FakeCollections();
        new Terminals(collections as unknown as vscode.GlobalEnvironmentVariableCollection).replace(
            FOLDER,
            [...many, path],
            "",
        );
        const told = collections.of("app").mutators;
        assert.equal(told.size, 500);
        assert.ok(told.has("ZPATH") && told.has("V0000"));
        const rest = Object.keys(terminalEnvironment([...many, path]));
        assert.equal(rest.length, 4_501);
        assert.ok(rest.every((name) => !told.has(name)));
        assert.deepEqual(terminalEnvironment(CHANGES), {});
    });
});
