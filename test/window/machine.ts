import { execFile } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { bed } from "./bed";

const execute = promisify(execFile);

export interface MachineOptions {
    /** Whether rustup's proxies are first on PATH, and the user's start-up file puts them there. */
    readonly rustup?: boolean;
    readonly nix?: boolean;
    /** Whether the editor's own rust-analyzer only ends with an error, as rustup's often does. */
    readonly brokenServer?: boolean;
}

/** Where a nix is found that is not on PATH. */
const INSTALLED = ["/nix/var/nix/profiles/default/bin/nix", "/run/current-system/sw/bin/nix"];

/** Whether this machine can play one without Nix. */
export function canHideNix(): boolean {
    return ![...INSTALLED, "/usr/local/bin/nix", "/usr/bin/nix"].some((file) => existsSync(file));
}

/**
 * What a user's computer has, in a folder of its own: a home, the machine's programs without its
 * Rust and Nix, a rust-analyzer that belongs to the editor, and a nix that keeps a record.
 */
export class Machine {
    readonly home: string;
    readonly #folder: string;

    private constructor(
        readonly env: Readonly<Record<string, string | undefined>>,
        folder: string,
    ) {
        this.home = join(folder, "home");
        this.#folder = folder;
    }

    static async make(folder: string, options: MachineOptions = {}): Promise<Machine> {
        const { rustup = false, nix = true, brokenServer = false } = options;
        const home = join(folder, "home");
        mkdirSync(join(home, ".config"), { recursive: true });
        writeFileSync(join(home, ".bashrc"), rustup ? PROXIES_FIRST : "");
        const path = [await withRustAnalyzer(join(folder, "editor-bin"), brokenServer)];
        if (rustup) {
            const proxies = await rustupFolder();
            if (proxies === undefined) throw new Error("there is no rustup");
            mkdirSync(join(home, ".cargo"));
            symlinkSync(proxies, join(home, ".cargo/bin"));
            path.push(join(home, ".cargo/bin"));
        }
        if (nix) path.push(await withRecordingNix(folder));
        path.push(...ownFolders());
        const env = {
            ...cleared(),
            HOME: home,
            PATH: path.join(delimiter),
            RUSTUP_HOME: rustup ? await rustupHome() : undefined,
            NIX_RUST_RA_LOG: join(folder, "rust-analyzer-starts"),
        };
        return new Machine(env, folder);
    }

    /** How often nix was called, and how many of the calls have ended by themselves. */
    get nixCalls(): { readonly started: readonly string[]; readonly ended: number } {
        const lines = readLines(join(this.#folder, CALLS));
        return {
            started: lines.filter((line) => line.startsWith("start ")),
            ended: lines.filter((line) => line === "end").length,
        };
    }

    /** Makes every nix that is called so wait, until {@link releaseNix}. */
    holdNix(part = ""): void {
        writeFileSync(join(this.#folder, HELD), part);
    }

    releaseNix(): void {
        rmSync(join(this.#folder, HELD), { force: true });
    }

    /** Gives all later calls of nix these arguments as well, and writes the user's nix.conf. */
    configureNix(options: readonly string[], configuration: readonly string[]): void {
        writeFileSync(join(this.#folder, ARGUMENTS), options.join(" "));
        mkdirSync(join(this.home, ".config/nix"), { recursive: true });
        writeFileSync(join(this.home, ".config/nix/nix.conf"), configuration.join("\n"));
    }

    /** Has nix take these flakes for inputs of those names, which are in reach of a network only. */
    standInFor(inputs: Readonly<Record<string, string>>): void {
        const options = Object.entries(inputs).map(
            ([name, folder]) => `--override-input ${name} path:${folder}`,
        );
        writeFileSync(join(this.#folder, STAND_INS), options.join(" "));
    }

    /** Every start of a rust-analyzer server, the first one first. */
    get serverStarts(): readonly ServerStart[] {
        return readLines(this.env["NIX_RUST_RA_LOG"] ?? "").map(
            (line) => JSON.parse(line) as ServerStart,
        );
    }
}

/** What the stand-in for the extension rust-analyzer says of a process that it started. */
export interface ServerStart {
    readonly pid: number;
    readonly command: string;
}

/** The environment that a process was started with; undefined when it is gone. */
export function environmentOfProcess(pid: number): ReadonlyMap<string, string> | undefined {
    try {
        return parseEnvironment(readFileSync(`/proc/${pid}/environ`, "utf8"));
    } catch {
        return undefined;
    }
}

/** What `env -0` prints. */
export function parseEnvironment(text: string): ReadonlyMap<string, string> {
    const entries = text.split("\0").filter((entry) => entry.includes("="));
    return new Map(
        entries.map((entry) => {
            const end = entry.indexOf("=");
            return [entry.slice(0, end), entry.slice(end + 1)];
        }),
    );
}

/** The environment of a flake's dev shell according to nix itself. */
export async function devShellOf(
    folder: string,
    machine: Machine,
): Promise<ReadonlyMap<string, string>> {
    const { bin } = await (await bed()).newestNix();
    const features = ["--extra-experimental-features", "nix-command flakes"];
    const enter = ["develop", "--offline", "--command", "/usr/bin/env", "-0"];
    const env = { ...process.env, ...machine.env } as NodeJS.ProcessEnv;
    const { stdout } = await execute(join(bin, "nix"), [...features, ...enter], {
        cwd: folder,
        env: definedOf(env),
    });
    return parseEnvironment(stdout);
}

/** What a program prints in an environment, where it is looked up, too. */
export async function outputIn(
    env: ReadonlyMap<string, string>,
    cwd: string,
    ...command: string[]
): Promise<string> {
    const { stdout } = await execute("/usr/bin/env", command, {
        cwd,
        env: Object.fromEntries(env),
    });
    return stdout.trim();
}

/** The folder of rustup's proxies on this machine. */
export async function rustupFolder(): Promise<string | undefined> {
    const rustup = await (await bed()).onPath("rustup");
    return rustup === undefined ? undefined : join(rustup, "..");
}

async function rustupHome(): Promise<string> {
    const { stdout } = await execute("rustup", ["show", "home"]);
    return stdout.trim();
}

const PROXIES_FIRST = 'export PATH="$HOME/.cargo/bin:$PATH"\n';

/** The folders on PATH that are not there for the sake of Rust or Nix. */
function ownFolders(): string[] {
    const has = (folder: string, ...names: string[]): boolean =>
        names.some((name) => existsSync(join(folder, name)));
    return (process.env["PATH"] ?? "")
        .split(delimiter)
        .filter((folder) => has(folder, "env") || !has(folder, "rustup", "cargo", "nix"));
}

/** Takes away what would make this machine's Rust and Nix known in other ways. */
function cleared(): Record<string, undefined> {
    const names = Object.keys(process.env).filter((name) =>
        /^(?:RUST|CARGO|NIX|IN_NIX_SHELL|XDG_)/.test(name),
    );
    return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Released versions of the extension bring a server of their own; the stand-in takes PATH's. */
async function withRustAnalyzer(folder: string, isBroken: boolean): Promise<string> {
    const { dir } = await (await bed()).rustToolchain();
    const file = join(folder, "rust-analyzer");
    mkdirSync(folder, { recursive: true });
    if (isBroken) writeFileSync(file, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    else symlinkSync(join(dir, "bin/rust-analyzer"), file);
    return folder;
}

async function withRecordingNix(folder: string): Promise<string> {
    const { bin } = await (await bed()).newestNix();
    const own = join(folder, "nix-bin");
    mkdirSync(own, { recursive: true });
    for (const name of ["nix", "nix-store"]) {
        const file = join(own, name);
        writeFileSync(
            file,
            `#!/bin/sh
echo "start ${name} $*" >> '${folder}/${CALLS}'
while part=$(cat '${folder}/${HELD}' 2>/dev/null); do
    case "$*" in *"$part"*) sleep 0.05 ;; *) break ;; esac
done
case " $* " in
    *" print-dev-env "* | *" flake lock "*) inputs=$(cat '${folder}/${STAND_INS}' 2>/dev/null) ;;
esac
'${bin}/${name}' "$@" $(cat '${folder}/${ARGUMENTS}' 2>/dev/null) $inputs
code=$?
echo end >> '${folder}/${CALLS}'
exit $code
`,
        );
        chmodSync(file, 0o755);
    }
    return own;
}

const CALLS = "nix-calls";
const HELD = "nix-is-held";
const ARGUMENTS = "nix-arguments";
const STAND_INS = "nix-stand-ins";

function readLines(file: string): string[] {
    return existsSync(file)
        ? readFileSync(file, "utf8")
              .split("\n")
              .filter((line) => line !== "")
        : [];
}

function definedOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
