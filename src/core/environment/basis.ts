import { createHash } from "node:crypto";
import type { Exceptions } from "./delta";
import type { Environment } from "./environment";
import { omissionReason } from "./omission";

/**
 * A digest of what decides a delta besides the dev shell itself: the user's exceptions, and which
 * variables were there before. An editor that was started from inside a dev shell has that one's
 * variables already, so that little seems to be changed; the next one, from elsewhere, has not.
 *
 * Values do not count: some are others with every start.
 */
export function basisOf(base: Environment, { keepOut, letIn }: Exceptions): string {
    const names = [...base.keys()].filter((name) => omissionReason(name, "") === undefined);
    return createHash("sha256")
        .update(JSON.stringify([names.sort(), keepOut, letIn]))
        .digest("hex");
}
