import type { Syntax } from "../syntax";
import { shellCalls, type ShellCall } from "./devShells";
import { notUnderstood, type FlakeEdit } from "./flakeEdit";
import { aliasOf, shellFile, shellValue } from "./shellFile";

/** The dev shell of that label, or an outcome that says why there is none. */
export function chosenShell(
    syntax: Syntax,
    label: string | undefined,
    snippet: string,
): ShellCall | FlakeEdit {
    const calls = shellCalls(syntax);
    const [only] = calls;
    const name = label ?? "default";
    const meant = called(calls, name);
    const [first] = meant;
    if (first !== undefined && meant.length === 1) return first;
    if (only === undefined) return notUnderstood(whyNone(syntax, name), snippet);
    if (first === undefined && calls.every((call) => call.label !== undefined)) {
        const value = shellValue(syntax, name);
        const other = value && aliasOf(value, syntax.text);
        const [alias, ...rest] = other === undefined ? [] : called(calls, other);
        if (alias !== undefined && rest.length === 0) return alias;
        // Those that are made in the text are others than the one that is meant.
        if (value !== undefined) return notUnderstood(whyNone(syntax, name), snippet);
    }
    const isAlone = calls.length === 1;
    if (isAlone && (label === undefined || only.label === undefined)) return only;
    const labels = (meant.length > 0 ? meant : calls).flatMap((call) => call.label ?? []);
    const areDistinct = new Set(labels).size === calls.length || meant.length === labels.length;
    if (labels.length > 1 && areDistinct && new Set(labels).size === labels.length) {
        return { kind: "several", shells: labels };
    }
    return notUnderstood(`it is not clear which of its shells is "${name}"`, snippet);
}

/** The shells of a name: that of the label, or those of each system. */
function called(calls: readonly ShellCall[], name: string): readonly ShellCall[] {
    const exact = calls.filter((call) => call.label === name);
    return exact.length > 0 ? exact : calls.filter(({ label }) => label?.endsWith(`.${name}`));
}

function whyNone(syntax: Syntax, name: string): string {
    const file = shellFile(syntax, name);
    if (file !== undefined) return `its dev shell is made in another file (${file})`;
    return name === "default"
        ? "no dev shell is made in it in a way that could be recognised"
        : `the dev shell "${name}" is not made in it in a way that could be recognised`;
}
