/**
 * One record of nix's `--log-format internal-json` (nix/src/libutil/logging.cc). Ids are text,
 * because pid·2³² + n does not fit into a JavaScript number.
 */
export type LogRecord =
    | {
          readonly action: "start";
          readonly id: string;
          readonly parent: string;
          readonly type: number;
          readonly text: string;
          readonly fields: readonly unknown[];
      }
    | { readonly action: "stop"; readonly id: string }
    | {
          readonly action: "result";
          readonly id: string;
          readonly type: number;
          readonly fields: readonly unknown[];
      }
    | {
          readonly action: "message";
          readonly level: number;
          readonly text: string;
          /** The error's last sentence alone, where nix tells it. */
          readonly raw: string | undefined;
          readonly file: string | undefined;
          readonly line: number | undefined;
          readonly column: number | undefined;
      };

export const Activity = {
    unknown: 0,
    copyPath: 100,
    fileTransfer: 101,
    realise: 102,
    copyPaths: 103,
    builds: 104,
    build: 105,
    substitute: 108,
    queryPathInfo: 109,
    fetchTree: 112,
} as const;

export const Result = {
    buildLogLine: 101,
    setPhase: 104,
    progress: 105,
    setExpected: 106,
    postBuildLogLine: 107,
} as const;

const PREFIX = "@nix ";
const ID = /"id":\s*(\d+)/;
const PARENT = /"parent":\s*(\d+)/;

/** Reads a line of standard error; undefined when it is no record (or one cut in half). */
export function parseLogRecord(line: string): LogRecord | undefined {
    if (!line.startsWith(PREFIX)) return undefined;
    const json = parseObject(line.slice(PREFIX.length));
    if (json === undefined) return undefined;
    const id = ID.exec(line)?.[1] ?? "";
    const fields = Array.isArray(json["fields"]) ? (json["fields"] as unknown[]) : [];
    switch (json["action"]) {
        case "start":
            return {
                action: "start",
                id,
                parent: PARENT.exec(line)?.[1] ?? "0",
                type: Number(json["type"]),
                text: textOf(json["text"]),
                fields,
            };
        case "stop":
            return { action: "stop", id };
        case "result":
            return { action: "result", id, type: Number(json["type"]), fields };
        case "msg":
            return {
                action: "message",
                level: Number(json["level"]),
                text: stripControls(textOf(json["msg"])),
                raw:
                    typeof json["raw_msg"] === "string"
                        ? stripControls(json["raw_msg"])
                        : undefined,
                file: typeof json["file"] === "string" ? json["file"] : undefined,
                line: typeof json["line"] === "number" ? json["line"] : undefined,
                column: typeof json["column"] === "number" ? json["column"] : undefined,
            };
        default:
            return undefined;
    }
}

function parseObject(text: string): Record<string, unknown> | undefined {
    try {
        const json: unknown = JSON.parse(text);
        return typeof json === "object" && json !== null ? { ...json } : undefined;
    } catch {
        return undefined;
    }
}

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

const CONTROLS =
    /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|.)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without terminal control sequences, so that it can be shown and compared. */
export function stripControls(text: string): string {
    return text.replace(CONTROLS, "");
}
