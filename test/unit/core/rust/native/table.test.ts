import assert from "node:assert/strict";
import { nativeTable, type CrateRow } from "../../../../../src/core/rust/native/table";

const LISTS = [
    "nativeBuildInputs",
    "buildInputs",
    "linuxBuildInputs",
    "darwinBuildInputs",
    "runtimeLibraries",
    "tools",
    "packageInputs",
    "hardeningDisable",
] as const satisfies readonly (keyof CrateRow)[];
const FIELDS = new Set([
    ...LISTS,
    "id",
    "crates",
    "when",
    "platform",
    "optional",
    "certainty",
    "environment",
    "exactVersion",
    "why",
    "source",
]);
const CONDITIONS = new Set([
    "edges",
    "withoutEdges",
    "features",
    "withoutFeatures",
    "from",
    "notFrom",
    "direct",
    "with",
    "without",
    "ranWithout",
    "version",
    "signs",
]);
const SIGNS = ["wasm32", "wasm-module", "Trunk.toml", "cargo-leptos", "Dioxus.toml"];

describe("the table of crates", () => {
    let rows: readonly CrateRow[] = [];
    before(async () => {
        ({ rows } = await nativeTable());
    });

    it("has rows, each with an id of its own", () => {
        assert.ok(rows.length > 200);
        assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    });

    it("has nothing in a row that nobody reads", () => {
        for (const row of rows) {
            for (const field of Object.keys(row))
                assert.ok(FIELDS.has(field), `${row.id}: ${field}`);
            for (const condition of Object.keys(row.when ?? {}))
                assert.ok(CONDITIONS.has(condition), `${row.id}: ${condition}`);
            for (const sign of row.when?.signs ?? []) assert.ok(SIGNS.includes(sign), row.id);
        }
    });

    it("gives every row a crate, something that it needs, a sentence and a source", () => {
        for (const row of rows) {
            assert.ok(row.crates.length > 0, row.id);
            for (const crate of row.crates) assert.match(crate, /^[\w-]+$/, row.id);
            const gives = LISTS.flatMap((list) => row[list] ?? []);
            assert.ok(gives.length + Object.keys(row.environment ?? {}).length > 0, row.id);
            assert.match(row.why, /^[A-Z][^]*\.$/, row.id);
            assert.ok(row.source.length > 3, row.id);
        }
    });

    it("names attributes and variables as Nix can", () => {
        for (const row of rows) {
            for (const attribute of LISTS.flatMap((list) => row[list] ?? []))
                assert.match(
                    attribute,
                    /^[A-Za-z_][\w'-]*(?:\.[A-Za-z_<>][\w'<>-]*)*(?:<LLVM>)?[\w.]*$/,
                );
            for (const [name, value] of Object.entries(row.environment ?? {})) {
                assert.match(name, /^[A-Z][\w<>]*$/, row.id);
                assert.equal(value.split("${").length, value.split("}").length - nested(value));
            }
        }
    });

    it("asks for pkg-config only together with a library that it finds, or for an unknown one", () => {
        for (const row of rows) {
            if (row.nativeBuildInputs?.includes("pkg-config") !== true) continue;
            const hasLibrary = (row.buildInputs ?? row.linuxBuildInputs ?? []).length > 0;
            assert.ok(
                hasLibrary || row.certainty === "likely" || row.nativeBuildInputs.length > 1,
                row.id,
            );
        }
    });

    it("guards what is only on Linux", () => {
        const linuxOnly =
            /^(?:alsa-lib|udev|systemd|wayland|libx\w+|webkitgtk_\w+|libgbm|libinput)$/;
        for (const row of rows) {
            for (const attribute of row.buildInputs ?? []) {
                if (linuxOnly.test(attribute) && !/^libxml2$|^libxslt$/.test(attribute))
                    assert.equal(row.platform, "linux", `${row.id}: ${attribute}`);
            }
        }
    });

    it("names libraries by attributes that Nix can read, and says only of those that they are on Linux", async () => {
        const { libraries } = await nativeTable();
        const { pkgConfig, linked, programs, linuxOnly } = libraries;
        const attributes = [pkgConfig, linked, programs].flatMap((names) => Object.values(names));
        for (const attribute of attributes)
            assert.match(attribute, /^[A-Za-z_][\w-]*(?:\.[\w-]+)?$/);
        const unknown = linuxOnly.filter((attribute) => !attributes.includes(attribute));
        assert.deepEqual(unknown, []);
    });

    it("says the same of a library on Linux alone as the rows do", async () => {
        const { libraries } = await nativeTable();
        const elsewhere = rows
            .filter(({ platform }) => platform === undefined || platform === "all")
            .flatMap(({ buildInputs }) => buildInputs ?? []);
        const both = libraries.linuxOnly.filter((attribute) => elsewhere.includes(attribute));
        assert.deepEqual(both, []);
    });

    /** Braces inside of `${…}` that are not interpolations. */
    function nested(value: string): number {
        return value.split("{").length - value.split("${").length;
    }
});
