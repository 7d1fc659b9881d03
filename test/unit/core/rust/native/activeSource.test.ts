import assert from "node:assert/strict";
import { activeSource } from "../../../../../src/core/rust/native/activeSource";

describe("the part of a source that is built", () => {
    const active = (text: string): string =>
        activeSource(text, (condition) => condition === "cfg(on)")
            .replace(/\s+/g, " ")
            .trim();

    it("is everything without conditions, or with those that hold", () => {
        assert.equal(active("fn a() { b(); }"), "fn a() { b(); }");
        assert.equal(active("#[cfg(on)] fn a() {} b"), "#[cfg(on)] fn a() {} b");
        assert.equal(active("if cfg!(on) { a } b"), "if cfg!(on) { a } b");
    });

    it("leaves out the item after a condition: block, statement, attribute and all", () => {
        assert.equal(active("#[cfg(off)] fn a() { if b { c } } d"), "d");
        assert.equal(active("#[cfg(off)]\nuse a::b;\nuse c;"), "use c;");
        assert.equal(active('#[cfg(off)] println!("a;", x[1]); b;'), "b;");
        assert.equal(active('#[cfg(off)] #[link(name = "a")] extern "C" { fn f(); } b'), "b");
        assert.equal(active("#[cfg(any(off, all(off)))] { a } b"), "b");
        assert.equal(active("S { #[cfg(off)] a: 1 } b"), "S { } b");
    });

    it("leaves out what is inside of something that is left out only once", () => {
        assert.equal(active("#[cfg(off)] mod a { #[cfg(on)] fn b() {} } c"), "c");
    });

    it("leaves out the block after a condition in code, and nothing else", () => {
        assert.equal(active("if cfg!(off) { a } else { b }"), "else { b }");
        assert.equal(active("let x = if cfg!(off) && y { a };"), "let x = && y { a };");
        assert.equal(active("let x = cfg!(off);"), "let x = cfg!(off);");
    });

    it("sees no brackets in strings and characters", () => {
        assert.equal(active("#[cfg(off)] fn a() { b(\"}\", '}', '\\'') } c"), "c");
    });

    it("ends where brackets do not", () => {
        assert.equal(active("a #[cfg(off"), "a #[cfg(off");
        assert.equal(active("a #[cfg(off)] fn b() { c"), "a");
        assert.equal(active("a #[cfg(off)]"), "a");
    });
});
