/** Where the core reports what it does. Values of variables never go in. */
export interface Log {
    trace(message: string): void;
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string | Error): void;
}

/** A log that keeps nothing, for callers that have nowhere to show one. */
export const SILENT: Log = {
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
};
