import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { besideFile, type FlakeFacts } from "../../../../../src/core/flake/write/besides";

const FACTS: FlakeFacts = {
    name: "hello",
    watched: ["rust-toolchain.toml"],
    crateFolder: "",
    outputs: new Set(),
    program: "hello",
    formatter: "nix",
    branch: "main",
};

const BUILT: FlakeFacts = { ...FACTS, outputs: new Set(["packages", "checks"]) };

const NASTY = 'it\'s $(touch x) "q" {{ y }} : #';

describe("the files beside a flake", () => {
    it("direnv: enters the flake, and is told of the toolchain file, by any name", () => {
        const said = (facts: FlakeFacts): string[] => {
            const { path, text } = besideFile("envrc", facts);
            assert.equal(path, ".envrc");
            const program = `watch_file() { printf '%s\\n' "watch:$#:$1"; }; use() { printf '%s\\n' "use:$*"; }\n`;
            const out = execFileSync("bash", ["-euc", program + text], { encoding: "utf8" });
            return out.trim().split("\n");
        };
        assert.deepEqual(said(FACTS), ["watch:1:rust-toolchain.toml", "use:flake"]);
        assert.deepEqual(said({ ...FACTS, watched: [] }), ["use:flake"]);
        assert.deepEqual(said({ ...FACTS, watched: [NASTY] }), [`watch:1:${NASTY}`, "use:flake"]);
    });

    it("just: runs the usual commands, and the flake's where it has them", () => {
        const { path, text } = besideFile("justfile", FACTS);
        assert.equal(path, "justfile");
        assert.match(text, /^run \*args:\n {4}cargo run --bin hello -- \{\{ args \}\}$/m);
        assert.match(text, /^format:\n {4}cargo fmt\n {4}nix fmt$/m);
        assert.doesNotMatch(text, /flake check|nix build/);
        const built = besideFile("justfile", BUILT).text;
        assert.match(built, /^check:\n {4}nix flake check -L$/m);
        assert.match(built, /^package:\n {4}nix build -L$/m);
        assert.doesNotMatch(besideFile("justfile", { ...FACTS, program: undefined }).text, /^run/m);
        const below = besideFile("justfile", { ...FACTS, crateFolder: "my app" }).text;
        assert.match(below, /cargo test --manifest-path 'my app\/Cargo\.toml'$/m);
        // Each recipe has a head without blanks before it and lines with four.
        for (const line of built.split("\n"))
            assert.match(line, /^(?:$|#|\S+(?: \*args)?:$| {4}\S)/);
    });

    it("CI: checks and builds what the flake has, else runs cargo in its dev shell", () => {
        const { path, text } = besideFile("ci", BUILT);
        assert.equal(path, ".github/workflows/ci.yml");
        const commands = (facts: FlakeFacts): string[] =>
            [...besideFile("ci", facts).text.matchAll(/^ {6}- run: (.*)$/gm)].map(
                ([, command = ""]) => command,
            );
        assert.deepEqual(commands(BUILT), ["nix flake check -L", "nix build -L"]);
        assert.deepEqual(commands(FACTS), [
            "nix develop --command cargo fmt --check",
            "nix develop --command cargo clippy --locked --all-targets -- --deny warnings",
            "nix develop --command cargo test --locked",
            "nix flake check -L",
        ]);
        assert.match(text, /^ {4}branches: \["main"\]$/m);
        assert.doesNotMatch(text, /\t/);
        const nasty = besideFile("ci", { ...FACTS, branch: NASTY, crateFolder: NASTY }).text;
        assert.ok(nasty.includes(`branches: [${JSON.stringify(NASTY)}]`));
        const [, run = ""] = /^ {6}- run: (".*test.*")$/m.exec(nasty) ?? [];
        const command = String(JSON.parse(run));
        const program = `nix() { printf '%s\\n' "$@"; }\n${command}`;
        const words = execFileSync("bash", ["-euc", program], { encoding: "utf8" }).split("\n");
        assert.ok(words.includes(`${NASTY}/Cargo.toml`));
    });

    it("dev container: has Nix with flakes, and the extensions", () => {
        const { path, text } = besideFile("devcontainer", { ...FACTS, name: NASTY });
        assert.equal(path, ".devcontainer/devcontainer.json");
        const settings = JSON.parse(text) as { name: string; features: Record<string, unknown> };
        assert.equal(settings.name, NASTY);
        assert.deepEqual(Object.keys(settings.features), ["ghcr.io/devcontainers/features/nix:1"]);
        assert.match(text, /"nix-rust\.nix-rust"/);
    });

    describe("that are there already", () => {
        const reading =
            (files: Readonly<Record<string, string>>) =>
            (path: string): string | undefined =>
                files[path];

        it("direnv: keeps its lines, with our own before them or in the place of nix-shell's", () => {
            const own = besideFile("envrc", FACTS).text;
            const merged = (text: string): string =>
                besideFile("envrc", FACTS, reading({ ".envrc": text })).text;
            assert.equal(merged("dotenv_if_exists\n"), `${own}dotenv_if_exists\n`);
            assert.equal(
                merged("export A=1\nuse nix\nexport B='$&'\n"),
                `export A=1\n${own}export B='$&'\n`,
            );
            for (const there of ["use flake . --impure\n", "if true; then\n  use_flake\nfi\n"]) {
                assert.equal(merged(there), there);
            }
        });

        it("just: keeps its recipes, and adds those that are missing", () => {
            const text =
                "set shell := ['bash', '-c']\nalias lint := check-all\n\n@test *args:\n\tcargo nextest run\n";
            const file = besideFile("justfile", FACTS, reading({ ".justfile": text }));
            assert.equal(file.path, ".justfile");
            assert.ok(file.text.startsWith(text), file.text);
            const added = [...file.text.slice(text.length).matchAll(/^([\w-]+).*:$/gm)];
            assert.deepEqual(
                added.map(([, name]) => name),
                ["build", "run", "format", "update"],
            );
            const again = besideFile("justfile", FACTS, reading({ ".justfile": file.text }));
            assert.equal(again.text, file.text);
        });

        it("CI and container: leaves them, and is another file", () => {
            for (const [option, usual, other] of [
                ["ci", ".github/workflows/ci.yml", ".github/workflows/nix.yml"],
                [
                    "devcontainer",
                    ".devcontainer/devcontainer.json",
                    ".devcontainer/nix/devcontainer.json",
                ],
            ] as const) {
                const ours = besideFile(option, FACTS);
                assert.equal(ours.path, usual);
                assert.equal(besideFile(option, FACTS, reading({ [usual]: "x" })).path, other);
                assert.equal(
                    besideFile(option, FACTS, reading({ [usual]: ours.text })).path,
                    usual,
                );
            }
            const single = reading({ ".devcontainer.json": "{}" });
            const { path } = besideFile("devcontainer", FACTS, single);
            assert.equal(path, ".devcontainer/nix/devcontainer.json");
        });
    });
});
