/** Text that Markdown shows as it is. */
export function escapeMarkdown(text: string): string {
    return (
        oneLine(text)
            .replace(/[\\`*_{}[\]()#+!|<>~$&@]/g, "\\$&")
            // Else an address becomes a link, and takes the marks after it along.
            .replace(/:\/\//g, ":\\/\\/")
            .replace(/\bwww\./g, "www\\.")
    );
}

/** Text as code, which Markdown takes literally up to the next backquote. */
export function codeText(text: string): string {
    return `\`${plainText(text).replaceAll("`", "'")}\``;
}

/** Text that a label with icons shows as it is, on its one line. */
export function plainText(text: string): string {
    return oneLine(text).replaceAll("$(", "\\$(");
}

/** A link that runs a command of ours with arguments. */
export function commandLink(title: string, command: string, ...args: readonly unknown[]): string {
    const query =
        args.length === 0
            ? ""
            : `?${encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, escapeBracket)}`;
    return `[${title}](command:${command}${query})`;
}

/** Text with marked code, where marks are shown as they are: in quick picks, for example. */
export function unmarked(text: string): string {
    return text.replace(/`([^`]*)`/g, "“$1”");
}

function escapeBracket(bracket: string): string {
    return bracket === "(" ? "%28" : "%29";
}

function oneLine(text: string): string {
    return text.replace(/\s*\n\s*/g, " ");
}
