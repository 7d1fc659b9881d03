import assert from "node:assert/strict";
import type { FlakeRef } from "../../../../src/core/lock/lockFile";
import { comparePage, revisionPage } from "../../../../src/core/lock/webPage";

const [OLD, NEW] = ["1".repeat(40), "2".repeat(40)];

describe("the pages of a locked reference", () => {
    const repositories: readonly (readonly [
        FlakeRef,
        tree: string,
        compare: string | undefined,
    ])[] = [
        [
            { type: "github", owner: "o", repo: "r" },
            `https://github.com/o/r/tree/${NEW}`,
            `https://github.com/o/r/compare/${OLD}...${NEW}`,
        ],
        [
            { type: "github", owner: "o", repo: "r", host: "git.example.org" },
            `https://git.example.org/o/r/tree/${NEW}`,
            `https://git.example.org/o/r/compare/${OLD}...${NEW}`,
        ],
        [
            { type: "gitlab", owner: "group%2Fbelow", repo: "r" },
            `https://gitlab.com/group/below/r/-/tree/${NEW}`,
            `https://gitlab.com/group/below/r/-/compare/${OLD}...${NEW}`,
        ],
        [
            { type: "sourcehut", owner: "~o", repo: "r" },
            `https://git.sr.ht/~o/r/tree/${NEW}`,
            undefined,
        ],
        [
            { type: "git", url: "ssh://git@github.com/o/r.git" },
            `https://github.com/o/r/tree/${NEW}`,
            `https://github.com/o/r/compare/${OLD}...${NEW}`,
        ],
        [
            { type: "git", url: "https://codeberg.org/o/r" },
            `https://codeberg.org/o/r/src/commit/${NEW}`,
            `https://codeberg.org/o/r/compare/${OLD}...${NEW}`,
        ],
    ];

    it("are those of the hosts that are known", () => {
        for (const [ref, tree, compare] of repositories) {
            assert.equal(revisionPage({ ...ref, rev: NEW }), tree);
            assert.equal(comparePage({ ...ref, rev: OLD }, { ...ref, rev: NEW }), compare);
        }
    });

    it("are none for other hosts, and for what would not be an address", () => {
        const github = { type: "github", owner: "o", repo: "r", rev: NEW };
        for (const ref of [
            undefined,
            {},
            { type: "path", path: "/x", rev: NEW },
            { type: "git", url: "https://git.example.org/o/r", rev: NEW },
            { type: "git", url: "https://github.com.example.org/o/r", rev: NEW },
            { ...github, rev: "not-a-revision" },
            { ...github, owner: "o/../x y" },
            { ...github, host: "example.org/)[x](command:y" },
            { ...github, repo: 7 },
        ]) {
            assert.equal(revisionPage(ref), undefined, JSON.stringify(ref));
        }
    });

    it("compare nothing across repositories", () => {
        const ref = { type: "github", owner: "o", repo: "r", rev: OLD };
        assert.equal(comparePage(ref, ref), undefined);
        assert.equal(comparePage(ref, { ...ref, owner: "p", rev: NEW }), undefined);
        assert.equal(comparePage(undefined, ref), undefined);
    });
});
