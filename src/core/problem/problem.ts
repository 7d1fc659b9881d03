import type { Failure } from "../failure/failure";

/** A stretch of a text file; lines and columns count from 0, columns in UTF-16 units. */
export interface Range {
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
}

/** A place in a file of the user. */
export interface FilePlace {
    /** Absolute path. */
    readonly file: string;
    readonly range: Range;
}

/** A failure at the place in the user's files that it comes from. */
export interface Problem extends FilePlace {
    readonly failure: Failure;
    readonly message: string;
    /** Steps that led there, in the user's files too. */
    readonly related: readonly (FilePlace & { readonly message: string })[];
}
