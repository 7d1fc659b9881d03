import assert from "node:assert/strict";
import { REMEDY_COMMANDS, runs, type Finding } from "../../../../src/core/doctor/finding";
import {
    reportPage,
    reportText,
    verdict,
    withoutPrivate,
    type Report,
} from "../../../../src/core/doctor/report";
import { Command } from "../../../../src/editor/ids";

function aFinding(part: Partial<Finding> = {}): Finding {
    return {
        level: "good",
        summary: "All is well.",
        detail: "",
        remedies: [runs("Show the log", "nixRust.showLog")],
        ...part,
    };
}

function aReport(...findings: Finding[]): Report {
    return {
        folder: "app",
        about: ["Nix Rust 0.1.0", "VS Code 1.99.0"],
        takenAt: Date.UTC(2026, 0, 2),
        sections: [{ title: "Nix", findings }],
    };
}

describe("verdict", () => {
    it("counts", () => {
        assert.equal(verdict(aReport(aFinding())), "No problem, 1 in order.");
        const [problem, note] = [aFinding({ level: "problem" }), aFinding({ level: "note" })];
        assert.equal(verdict(aReport(problem, note)), "1 problem, 1 note, 0 in order.");
        assert.equal(
            verdict(aReport(problem, problem, note, note, aFinding())),
            "2 problems, 2 notes, 1 in order.",
        );
    });
});

describe("reportPage", () => {
    it("shows what comes from files as text, never as markup", () => {
        const hostile = `<img src=x onerror=alert(1)> "quoted' & <script>`;
        const report = {
            ...aReport(
                aFinding({
                    summary: hostile,
                    detail: `${hostile}\n${hostile}`,
                    remedies: [runs("Open", "nixRust.openLine", `/w/"><script>`, "1")],
                }),
            ),
            folder: hostile,
        };
        const page = reportPage(report);
        assert.doesNotMatch(page, /<img|<script/);
        assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt; &quot;quoted&#39; &amp;/);
    });

    it("allows no scripts and loads nothing", () => {
        assert.match(reportPage(aReport()), /default-src 'none'; style-src 'unsafe-inline'/);
    });

    it("has links that the keyboard reaches, and levels that are read out", () => {
        const page = reportPage(aReport(aFinding({ level: "problem" })));
        assert.match(page, /role="img" aria-label="Problem"/);
        assert.match(page, /<a href="command:nixRust\.showLog">Show the log<\/a>/);
        assert.match(page, /<a href="command:nixRust\.copySetup">/);
        assert.doesNotMatch(page, /outline: none/);
    });

    it("passes arguments as the editor reads them", () => {
        const page = reportPage(
            aReport(aFinding({ remedies: [runs("Open", "nixRust.openLine", "/w/a b'.nix", "3")] })),
        );
        const [, query = ""] = /command:nixRust\.openLine\?([^"]*)"/.exec(page) ?? [];
        const decoded = decodeURIComponent(query.replaceAll("&#39;", "'"));
        assert.deepEqual(JSON.parse(decoded), ["/w/a b'.nix", "3"]);
    });

    it("puts what is in the way first", () => {
        const page = reportPage(
            aReport(
                aFinding({ summary: "Third." }),
                aFinding({ level: "note", summary: "Second." }),
                aFinding({ level: "problem", summary: "First." }),
            ),
        );
        assert.match(page, /First\.[^]*Second\.[^]*Third\./);
    });

    it("has no link to a command that it may not run", () => {
        const remedies = [{ kind: "command", label: "X", command: "evil", args: [] }] as const;
        assert.throws(() => reportPage(aReport(aFinding({ remedies }))), /evil/);
        const ours = new Set<string>(Object.values(Command));
        for (const command of REMEDY_COMMANDS) {
            assert.ok(ours.has(command) || command.startsWith("workbench."), command);
        }
    });
});

describe("reportText", () => {
    it("is short, in order, and without links", () => {
        const text = reportText(
            aReport(
                aFinding(),
                aFinding({ level: "problem", summary: "Broken.", detail: "Because.\nReally." }),
            ),
        );
        assert.equal(
            text,
            [
                "### Nix Rust: setup",
                "",
                "Nix Rust 0.1.0, VS Code 1.99.0; 2026-01-02T00:00:00.000Z.",
                "",
                "1 problem, 1 in order.",
                "",
                "#### Nix",
                "",
                "- Problem: Broken.",
                "  - Because.",
                "  - Really.",
                "- In order: All is well.",
                "",
            ].join("\n"),
        );
    });
});

describe("withoutPrivate", () => {
    const hidden = {
        home: "/home/jane",
        user: "jane",
        folders: ["/home/jane/secret", "/home/jane/secret/app", "/srv/work"],
    };
    const CASES: readonly [string, string][] = [
        ["/home/jane/.nix-profile/bin/nix", "~/.nix-profile/bin/nix"],
        ["/home/jane/secret/app/flake.nix", "<project>/flake.nix"],
        ["/home/jane/secret/flake.nix", "<project>/flake.nix"],
        ["/srv/work/a and /srv/work/b", "<project>/a and <project>/b"],
        ["/etc/profiles/per-user/jane/bin/nix", "/etc/profiles/per-user/<user>/bin/nix"],
        ["/nix/store/abc-rust/bin", "/nix/store/abc-rust/bin"],
        ["https://jane:pass@cache.example.org", "https://<login>@cache.example.org"],
        ["(git+https://ghp_1a2b@github.com/o/r)", "(git+https://<login>@github.com/o/r)"],
        ["ssh://git@github.com/o/r, a@b.org", "ssh://git@github.com/o/r, a@b.org"],
    ];
    for (const [text, expected] of CASES) {
        it(`makes ${expected} of ${text}`, () => {
            assert.equal(withoutPrivate(text, hidden), expected);
        });
    }

    it("leaves all paths as they are for who has none of their own", () => {
        const root = { home: "/", user: "root", folders: [] };
        assert.equal(withoutPrivate("/root/x /a", root), "/root/x /a");
    });
});
