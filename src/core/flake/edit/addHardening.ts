import { parseNix } from "../syntax";
import { chosenShell } from "./chosenShell";
import { hasOneList } from "./devShells";
import { madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { addFirst, addToSet } from "./layout";
import { listPlace } from "./listPlace";
import { listAnchor, ownSet, shellAttribute } from "./shellAttributes";

/** Flags of nix's compiler wrapper to be off in a dev shell: `fortify`. */
export interface HardeningChange {
    readonly flags: readonly string[];
    readonly shell: string | undefined;
}

/** Adds to a dev shell's `hardeningDisable`. */
export async function addHardening(text: string, wanted: HardeningChange): Promise<FlakeEdit> {
    const all = wanted.flags.map((flag) => `"${flag}"`);
    const line = `hardeningDisable = [ ${all.join(" ")} ];`;
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, wanted.shell, line);
    if ("kind" in call) return call;
    if (hasOneList(call)) {
        return notUnderstood(
            "its dev shell is made of modules, which have no hardeningDisable",
            line,
        );
    }
    const attribute = shellAttribute(call, "hardeningDisable", text);
    if (attribute?.kind === "out of reach") {
        return notUnderstood("its hardeningDisable comes from elsewhere", line);
    }
    if (attribute !== undefined) {
        const { value } = attribute;
        const source = text.slice(value.from, value.to);
        const missing = all.filter((flag) => !source.includes(flag) && !source.includes('"all"'));
        if (missing.length === 0) return { kind: "unchanged" };
        return madeOf(syntax, listPlace(value, "all uses", text).add(missing), line);
    }
    const set = ownSet(call);
    if (set === undefined) {
        return notUnderstood("a part of its dev shell's attributes is computed", line);
    }
    const anchor = listAnchor(set, text);
    const edit =
        anchor === undefined ? addFirst(set, [line], text) : addToSet(set, [line], text, anchor);
    return madeOf(syntax, [edit], line);
}
