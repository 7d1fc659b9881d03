import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseLock, type LockFile } from "../../../../src/core/lock/lockFile";
import { lockedInputs } from "../../../../src/core/lock/lockedInputs";
import { askUpstream, type UpstreamState } from "../../../../src/core/lock/upstream";
import { upstreamText } from "../../../../src/core/lock/upstreamText";
import { testFolder } from "../../testFolder";
import { commitAll, git, GIT, initialise } from "./testRepository";
import { lockOf, type Node } from "./testLock";

describe("askUpstream", () => {
    const folder = testFolder();
    const { signal } = new AbortController();
    let repository = "";
    let first = "";
    let second = "";

    const head = (): string => git(repository, "rev-parse", "HEAD").trim();

    beforeEach(() => {
        repository = join(folder.path, "input");
        initialise(repository);
        commitAll(repository);
        first = head();
        git(repository, "tag", "--annotate", "--message=x", "v1");
        commitAll(repository);
        second = head();
    });

    async function ask(
        nodes: Readonly<Record<string, Node>>,
        inputs?: Node,
        using = GIT,
    ): Promise<[Record<string, UpstreamState>, string]> {
        const lock = parseLock(lockOf(nodes, inputs)) as LockFile;
        const results = await askUpstream(using, lockedInputs(lock), signal, () => {});
        const states = results.map(({ input, state }) => [input.name, state] as const);
        return [Object.fromEntries(states), upstreamText(results)];
    }
    const node = (rev: string, original: Node = {}): Node => {
        const url = `file://${repository}`;
        return { original: { type: "git", url, ...original }, locked: { type: "git", url, rev } };
    };

    it("tells what is behind, what is not, and what can't be", async () => {
        const [states, text] = await ask(
            {
                behind: node(first),
                current: node(second, { ref: "main" }),
                tag: node(first, { ref: "refs/tags/v1" }),
                short: node(first, { ref: "v1" }),
                pinned: node(first, { rev: first }),
            },
            {
                behind: "behind",
                current: "current",
                tag: "tag",
                short: "short",
                pinned: "pinned",
                other: ["behind"],
            },
        );
        assert.deepEqual(states, {
            behind: { kind: "behind", newest: second },
            current: { kind: "current" },
            tag: { kind: "current" },
            short: { kind: "current" },
            pinned: { kind: "fixed" },
            other: { kind: "fixed" },
        });
        assert.equal(
            text,
            `There is something newer for behind (${first.slice(0, 7)} → ${second.slice(0, 7)}).`,
        );
    });

    it("says in a sentence why one can't be asked, and asks no program for it", async () => {
        const trap = folder.script("trap", `touch '${folder.path}/trapped'`);
        const [states, text] = await ask({
            gone: node(first, { ref: "gone" }),
            nowhere: node(first, { url: `file://${folder.path}/nowhere` }),
            offline: node(first, { url: "http://127.0.0.1:1/x" }),
            path: { original: { type: "path", path: "/x" }, locked: {} },
            name: { original: { type: "indirect", id: "x" }, locked: { type: "github" } },
            ext: node(first, { url: `ext::${trap}` }),
            option: node(first, { url: `--upload-pack=${trap}` }),
        });
        const why = Object.fromEntries(
            Object.entries(states).map(([name, state]) => [name, "why" in state && state.why]),
        );
        assert.deepEqual(why, {
            gone: "no-branch",
            nowhere: "refused",
            offline: "network",
            path: "no-repository",
            name: "no-repository",
            ext: "no-repository",
            option: "no-repository",
        });
        assert.match(text, /^gone could not be asked: its branch or tag is gone\. /);
        assert.match(text, /offline could not be asked: the network or the server did not answer/);
        assert.equal(existsSync(join(folder.path, "trapped")), false);
    });

    it("says that nothing is newer, and that there is nothing to ask about", async () => {
        assert.equal((await ask({ current: node(second) }))[1], "Nothing newer was found.");
        assert.equal((await ask({}))[1], "This flake has no inputs to ask about.");
    });

    it("says that git is missing", async () => {
        const missing = { ...GIT, executable: "/no/git" };
        assert.match((await ask({ a: node(first) }, undefined, missing))[1], /git was not found/);
    });

    it("ends when it is cancelled", async () => {
        const hanging = folder.script("git", "sleep 98765");
        const lock = parseLock(lockOf({ a: node(first) })) as LockFile;
        const controller = new AbortController();
        const using = { ...GIT, executable: hanging };
        const asking = askUpstream(using, lockedInputs(lock), controller.signal, () => {});
        controller.abort();
        await assert.rejects(asking, { name: "AbortError" });
    });
});
