import assert from "node:assert/strict";
import { codeText, commandLink, escapeMarkdown, plainText } from "../../../src/core/markdown";

describe("Markdown", () => {
    it("shows a text of the workspace as it is, whatever is in it", () => {
        assert.equal(
            escapeMarkdown("[x](command:y) $(bug)\n<b> &lt;"),
            "\\[x\\]\\(command:y\\) \\$\\(bug\\) \\<b\\> \\&lt;",
        );
        assert.equal(codeText("a`b"), "`a'b`");
        assert.equal(plainText("$(bug)\nx"), "\\$(bug) x");
    });

    it("makes no links of addresses, which would take the marks behind them along", () => {
        assert.equal(
            escapeMarkdown("failed (https://example.org/HEAD). See www.example.org, a@example.org"),
            "failed \\(https:\\/\\/example.org/HEAD\\). See www\\.example.org, a\\@example.org",
        );
    });

    it("gives commands their arguments in a link that ends where it should", () => {
        const argument = { input: 'a)("\\ é' };
        const link = commandLink("Update", "nixRust.updateInput", argument);
        const [, query = ""] =
            /^\[Update\]\(command:nixRust\.updateInput\?([^()\s"]+)\)$/.exec(link) ?? [];
        assert.deepEqual(JSON.parse(decodeURIComponent(query)), [argument]);
        assert.equal(commandLink("Lock", "nixRust.lock"), "[Lock](command:nixRust.lock)");
    });
});
