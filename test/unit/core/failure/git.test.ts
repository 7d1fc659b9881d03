import assert from "node:assert/strict";
import { recognise } from "../../../../src/core/failure/explain";
import { sentenceFor } from "../../../../src/core/failure/sentence";

/** What git writes without Nix, in the languages that it has. */
const TEXTS: readonly (readonly [string, string, string])[] = [
    [
        "fatal: detected dubious ownership in repository at '/w/x'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /w/x\n",
        "git-owner",
        "/w/x",
    ],
    [
        "Schwerwiegend: Zweifelhafte Eigentümerschaft im Repository unter '/w/x' entdeckt\nUm eine Ausnahme für dieses Verzeichnis hinzuzufügen, rufe auf:\n\n\tgit config --global --add safe.directory /w/x\n",
        "git-owner",
        "/w/x",
    ],
    [
        "fatal: Unable to create '/w/x/.git/index.lock': File exists.\n\nAnother git process seems to be running in this repository, e.g.\nan editor opened by 'git commit'.\n",
        "git-refused",
        "index.lock",
    ],
    [
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled\n",
        "git-fetch",
        "https://github.com",
    ],
    [
        "remote: Repository not found.\nfatal: repository 'https://github.com/o/r/' not found\n",
        "git-fetch",
        "https://github.com/o/r",
    ],
    [
        "fatal: unable to access 'https://github.com/o/r/': Could not resolve host: github.com\n",
        "git-fetch",
        "https://github.com/o/r",
    ],
    [
        "git@github.com: Permission denied (publickey).\nfatal: Konnte nicht vom Remote-Repository lesen.\n\nBitte stellen Sie sicher, dass die korrekten Zugriffsberechtigungen bestehen.\n",
        "git-fetch",
        "denied",
    ],
];

describe("failures of git on its own", () => {
    for (const [stderr, kind, word] of TEXTS) {
        it(`${kind}: ${stderr.split("\n")[0] ?? ""}`, () => {
            const failure = recognise({ exitCode: 128, stderr });
            const { message } = sentenceFor(failure);
            assert.equal(failure.kind, kind, message);
            assert.ok(`${failure.subject}\n${message}`.includes(word), message);
        });
    }
});
