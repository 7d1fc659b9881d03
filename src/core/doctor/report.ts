import {
    byLevel,
    REMEDY_COMMANDS,
    type Finding,
    type Level,
    type Remedy,
    type Section,
} from "./finding";

/** What was looked at, and on what. */
export interface Report {
    /** The folder's name; undefined where none is open. */
    readonly folder: string | undefined;
    /** The programs and the system, such as "VS Code 1.99.0". */
    readonly about: readonly string[];
    /** Milliseconds since 1970. */
    readonly takenAt: number;
    readonly sections: readonly Section[];
}

const ICONS: Record<Level, string> = { good: "✓", note: "●", problem: "✕" };
const NAMES: Record<Level, string> = { good: "In order", note: "Note", problem: "Problem" };

/** How many of each level, as a sentence. */
export function verdict({ sections }: Report): string {
    const count = (level: Level): number =>
        sections.flatMap(({ findings }) => findings).filter((it) => it.level === level).length;
    const problems = count("problem");
    const notes = count("note");
    const parts = [
        problems === 0 ? "No problem" : `${problems} problem${problems === 1 ? "" : "s"}`,
        ...(notes === 0 ? [] : [`${notes} note${notes === 1 ? "" : "s"}`]),
        `${count("good")} in order`,
    ];
    return `${parts.join(", ")}.`;
}

/**
 * The report as a page for a web view: no scripts, colours of the theme, and every link a command of
 * {@link REMEDY_COMMANDS} or a web page, so that it is read and used with the keyboard alone.
 */
export function reportPage(report: Report): string {
    const title = report.folder === undefined ? "My Setup" : `My Setup: ${report.folder}`;
    const actions: Remedy[] = [
        { kind: "command", label: "Copy for a bug report", command: "nixRust.copySetup", args: [] },
        { kind: "command", label: "Check again", command: "nixRust.checkSetup", args: [] },
    ];
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="verdict">${escaped(verdict(report))}</p>
<p class="links">${actions.map(link).join(" ")}</p>
${report.sections.map(section).join("\n")}
<footer>${escaped(aboutText(report))}</footer>
</main>
</body>
</html>
`;
}

/**
 * The report as text for a bug report, without links. It holds no values of variables; paths are
 * taken out by {@link withoutPrivate}.
 */
export function reportText(report: Report): string {
    const lines = [`### Nix Rust: setup`, "", aboutText(report), "", verdict(report)];
    for (const { title, findings } of report.sections) {
        lines.push("", `#### ${title}`, "");
        for (const { level, summary, detail } of byLevel(findings)) {
            lines.push(`- ${NAMES[level]}: ${oneLine(summary)}`);
            for (const line of detail.split("\n")) if (line !== "") lines.push(`  - ${line}`);
        }
    }
    return `${lines.join("\n")}\n`;
}

/** What must not be in a text that is given away: by what it is replaced. */
export interface Private {
    readonly home: string;
    readonly user: string;
    /** The workspace's folders, and the repositories they are in. */
    readonly folders: readonly string[];
}

/** The user, or a token, within an address; `git` is everybody's. */
const LOGIN = /(?<=:\/\/)(?!git@)[^\s/@]+(?=@)/g;

/** A text without home folders, the workspace's paths, the user's name in paths and log-ins. */
export function withoutPrivate(text: string, { home, user, folders }: Private): string {
    const longestFirst = [...new Set(folders)].sort((a, b) => b.length - a.length);
    let result = text.replace(LOGIN, "<login>");
    for (const folder of longestFirst) result = result.replaceAll(folder, "<project>");
    if (home.length > 1) result = result.replaceAll(home, "~");
    if (user === "" || user === "root") return result;
    return result.replaceAll(`/${user}/`, "/<user>/");
}

function aboutText({ about, takenAt }: Report): string {
    return `${about.join(", ")}; ${new Date(takenAt).toISOString()}.`;
}

function section({ title, findings }: Section): string {
    return `<section>
<h2>${escaped(title)}</h2>
<ul>
${byLevel(findings).map(item).join("\n")}
</ul>
</section>`;
}

function item({ level, summary, detail, remedies }: Finding): string {
    const details = detail
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => `<p class="detail">${escaped(line)}</p>`)
        .join("");
    const links = remedies.map(link).join(" ");
    // What is in order takes as little room as it can.
    const text =
        level === "good"
            ? `<p class="summary">${escaped(summary)} <span class="links">${links}</span></p>${details}`
            : `<p class="summary">${escaped(summary)}</p>${details}\n<p class="links">${links}</p>`;
    return `<li class="${level}"><span class="icon" role="img" aria-label="${NAMES[level]}">${ICONS[level]}</span><div>
${text}
</div></li>`;
}

function link(remedy: Remedy): string {
    return `<a href="${escaped(addressOf(remedy))}">${escaped(remedy.label)}</a>`;
}

function addressOf(remedy: Remedy): string {
    if (remedy.kind === "page") return remedy.address;
    const { command, args } = remedy;
    if (!REMEDY_COMMANDS.some((known) => known === command)) {
        throw new Error(`${command} is not among the commands of the report`);
    }
    return args.length === 0
        ? `command:${command}`
        : `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}

function oneLine(text: string): string {
    return text.replace(/\s*\n\s*/g, " ");
}

const ENTITIES: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
};

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
body { padding: 0 2em 2em; line-height: 1.45; color: var(--vscode-foreground); }
main { max-width: 54em; }
h1 { font-size: 1.6em; font-weight: 400; margin: 1em 0 0.2em; }
h2 { font-size: 1.1em; font-weight: 600; margin: 1.8em 0 0.4em;
    border-bottom: 1px solid var(--vscode-panel-border); padding-bottom: 0.2em; }
p { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: flex; gap: 0.8em; padding: 0.35em 0; }
li > div { min-width: 0; }
.icon { flex: none; width: 1.2em; text-align: center; }
.good .icon { color: var(--vscode-testing-iconPassed); }
.note .icon { color: var(--vscode-editorInfo-foreground); }
.problem .icon { color: var(--vscode-editorError-foreground); }
.problem .summary, .note .summary { font-weight: 600; }
.detail { color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.verdict { font-size: 1.1em; margin-bottom: 0.4em; }
.links a { margin-right: 1.4em; white-space: nowrap; }
.good .summary { display: flex; flex-wrap: wrap; column-gap: 0.8em; }
.vscode-high-contrast a { text-decoration: underline; }
a { color: var(--vscode-textLink-foreground); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
footer { margin-top: 2.5em; color: var(--vscode-descriptionForeground); font-size: 0.9em; }
`;
