import type { Failure, FailureKind } from "../failure";
import type { FixId } from "../fix";

/** What to tell people about a kind of failure, and the buttons that help, best first. */
export interface Advice {
    readonly message: string | ((failure: Failure) => string);
    readonly fixes?: readonly FixId[];
}

/** The advice on some kinds; a table of all is made of several of these. */
export type AdviceTable = Partial<Record<FailureKind, Advice>>;
