import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Git } from "../../../../src/core/lock/git";
import { run } from "../../../../src/core/process";

const ENVIRONMENT: Readonly<Record<string, string>> = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.org",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.org",
};

/** The machine's git, untouched by the machine's configuration. */
export const GIT: Git = { executable: "git", env: new Map(Object.entries(ENVIRONMENT)), run };

/** Runs git in a folder, and tells what it printed. */
export function git(folder: string, ...args: string[]): string {
    const isolated = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main", ...args];
    return execFileSync("git", isolated, {
        cwd: folder,
        env: { ...ENVIRONMENT },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
    });
}

/** Makes a folder a repository. */
export function initialise(folder: string, ...options: string[]): void {
    mkdirSync(folder, { recursive: true });
    git(folder, "init", "-q", ...options);
}

/** Commits all that is there. */
export function commitAll(folder: string, message = "x"): void {
    git(folder, "add", "--all");
    git(folder, "commit", "-q", "--allow-empty", "--message", message);
}
