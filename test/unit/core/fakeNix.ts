import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestFolder } from "../testFolder";

const BASH = ["/bin/bash", "/usr/bin/bash"].find(existsSync) ?? "bash";

/** A program that answers as nix does, with what the test tells it. */
export interface FakeNix {
    readonly path: string;
    /** Has it print a dev shell whose script does this, as the output of that name. */
    printsShell(name: string, script: string): void;
    /** Has it fail, with this on standard error. */
    fails(stderr: string): void;
    /** Has it wait before each dev shell until it is told to go on. */
    holds(): void;
    goesOn(): void;
    /** The arguments of each call for a dev shell. */
    readonly calls: readonly string[];
}

export function fakeNix(folder: TestFolder): FakeNix {
    const at = (name: string): string => join(folder.path, "fake-nix", name);
    const path = folder.script(
        "fake-nix/nix",
        `cd '${folder.path}/fake-nix' || exit 9
        [ "$*" = --version ] && echo 'nix (Nix) 2.34.8' && exit
        case "$*" in *print-dev-env*) ;; *) echo '[]'; exit ;; esac
        echo "$*" >> calls
        while [ -e hold ]; do sleep 0.02; done
        if [ -e failure ]; then cat failure >&2; exit 1; fi
        while [ $# -gt 0 ]; do [ "$1" = --profile ] && profile=$2; shift; done
        if [ -n "$profile" ]; then
            ln -sfn "$(cat root)" "$profile-1-link"
            ln -sfn "\${profile##*/}-1-link" "$profile"
        fi
        cat script`,
    );
    const remove = (name: string): void => {
        if (existsSync(at(name))) folder.remove(`fake-nix/${name}`);
    };
    return {
        path,
        printsShell(name, script) {
            remove("failure");
            writeFileSync(at("root"), folder.folder(`store/${name}-env`));
            writeFileSync(at("script"), `BASH='${BASH}'\n${script}\n`);
        },
        fails: (stderr) => writeFileSync(at("failure"), stderr),
        holds: () => writeFileSync(at("hold"), ""),
        goesOn: () => remove("hold"),
        get calls() {
            return existsSync(at("calls"))
                ? readFileSync(at("calls"), "utf8").trim().split("\n")
                : [];
        },
    };
}
