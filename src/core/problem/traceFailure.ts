import { CaptureError, type Failure, type FailureKind } from "../failure/failure";
import { recogniseNix } from "../failure/recognise";
import { lockText, parseLock } from "../lock/lockFile";
import type { NixCall, Nix } from "../nix/nix";
import { repositoryOf } from "../project/project";
import { originOf, sourceTree } from "./origin";

/** Failures of evaluation, whose cause may be many steps away from what the user wrote. */
const EVALUATION: ReadonlySet<FailureKind> = new Set([
    "unfree",
    "insecure",
    "broken",
    "unsupported-platform",
    "missing-attr",
    "undefined-var",
    "infinite-recursion",
    "abort",
    "assertion",
    "eval-other",
    "pure-eval",
]);

/** How long a second evaluation may take, in milliseconds: it is for more to read only. */
const PATIENCE = 30_000;

/**
 * A failure with the steps that led to it. Nix leaves most of them out unless it is asked, so where
 * an evaluation fails in a file that is not the user's, it is made to fail once more.
 */
export async function traced(
    error: CaptureError,
    nix: Nix,
    call: Pick<NixCall, "args" | "cwd" | "signal">,
): Promise<CaptureError> {
    if (!lacksPlace(error.failure, call.cwd)) return error;
    const { frames, place } = await trace(nix, call, error.failure);
    return new CaptureError({ ...error.failure, frames, place }, { cause: error });
}

function lacksPlace(failure: Failure, flakeFolder: string): boolean {
    const { kind, place } = failure;
    if (!EVALUATION.has(kind)) return false;
    if (place === undefined || isOfFrame(failure)) return true;
    const text = lockText(flakeFolder);
    const lock = text === undefined ? undefined : parseLock(text);
    const known = lock !== undefined && "nodes" in lock ? lock : undefined;
    const tree = sourceTree(repositoryOf(flakeFolder) ?? flakeFolder, known, "/nix/store");
    return originOf(place.file, tree)?.kind !== "own";
}

/** Whether the cause itself has no place, and its last step stands for it. */
function isOfFrame({ place, frames }: Failure): boolean {
    const last = frames.at(-1);
    return place !== undefined && last?.file === place.file && last.line === place.line;
}

async function trace(
    nix: Nix,
    { args, cwd, signal }: Pick<NixCall, "args" | "cwd" | "signal">,
    failure: Failure,
): Promise<Pick<Failure, "frames" | "place">> {
    const [subcommand = "", ...rest] = args;
    const features = ["--extra-experimental-features", "nix-command flakes"];
    const result = await nix.run({
        command: nix.executable,
        args: [...features, subcommand, "--show-trace", "--offline", ...rest],
        cwd,
        env: nix.env,
        signal,
        timeout: PATIENCE,
        output: "keep",
    });
    if (result.kind !== "exited") return failure;
    const again = recogniseNix({ exitCode: result.code, stderr: result.stderr });
    if (again.kind !== failure.kind || again.frames.length === 0) return failure;
    return { frames: again.frames, place: isOfFrame(failure) ? again.place : failure.place };
}
