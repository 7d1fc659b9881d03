import { basename, dirname, relative, sep } from "node:path";
import type { Project } from "../../project/project";
import { readTextFile } from "../../textFile";
import { toolchainWish, type ToolchainWish } from "./toolchainWish";
import type { FlakeFacts } from "./besides";
import { cargoDemand, type CargoDemand } from "./cargoConfig";
import { readCrate, type Crate } from "./crate";
import type { Builder, CratePlan, FlakePlan, Part, ShellNeeds, ToolchainPlan } from "./plan";
import type { OptionId, TemplateId } from "./templates";

/** What a flake for a project can be written from. */
export interface FlakeSource {
    /** The folder that flake.nix is for. */
    readonly folder: string;
    readonly crate: Crate | undefined;
    readonly toolchainFile: ToolchainFileSource | undefined;
    /** What counts where there is no toolchain file. */
    readonly demand: CargoDemand;
    readonly needs: ShellNeeds;
}

export interface ToolchainFileSource {
    /** Relative to flake.nix. */
    readonly path: string;
    /** Whether a flake there can read it: nix copies a repository, or else the flake's folder. */
    readonly isInReach: boolean;
    readonly wish: ToolchainWish;
}

/** Reads what a flake.nix in `folder` depends on. Runs nothing, and takes milliseconds. */
export async function readFlakeSource(
    project: Project,
    folder: string,
    needs: ShellNeeds,
    now: Date,
): Promise<FlakeSource> {
    const { cargo, toolchainFile, repository } = project;
    const root = repository !== undefined && isBelow(folder, repository) ? repository : folder;
    return {
        folder,
        needs,
        demand: await cargoDemand(cargo === undefined ? folder : dirname(cargo)),
        crate: cargo === undefined ? undefined : await readCrate(cargo, folder),
        toolchainFile:
            toolchainFile === undefined
                ? undefined
                : {
                      path: relative(folder, toolchainFile).split(sep).join("/"),
                      isInReach: isBelow(toolchainFile, root),
                      wish: await toolchainWish(
                          basename(toolchainFile),
                          // One that can't be read is as good as an empty one.
                          readTextFile(toolchainFile) ?? "",
                          now,
                      ),
                  },
    };
}

function isBelow(path: string, folder: string): boolean {
    return path === folder || path.startsWith(`${folder}${sep}`);
}

/** The template that suits a project best. */
export function suggestedTemplate({ toolchainFile, demand }: FlakeSource): TemplateId {
    if (toolchainFile === undefined) {
        const isPlain = demand.targets.length === 0 && demand.channel === "stable";
        return isPlain ? "nixpkgs" : "pinned";
    }
    const { wish, isInReach } = toolchainFile;
    return wish.template === "toolchain-file" && !isInReach ? "pinned" : wish.template;
}

/** A plan, and what the user has to know about it, as sentences. */
export interface PlannedFlake {
    readonly plan: FlakePlan;
    readonly notes: readonly string[];
}

/** Plans the flake of a template with options; those for files beside flake.nix play no part. */
export function planFlake(
    source: FlakeSource,
    template: TemplateId,
    options: ReadonlySet<OptionId>,
): PlannedFlake {
    const { crate } = source;
    const parts = partsOf(options);
    const cratePlan = crate?.plan ?? noCrate(source.folder);
    const hasImage = parts.has("image") && cratePlan.program !== undefined;
    if (!hasImage) parts.delete("image");
    const toolchain = toolchainPlan(template, source);
    return {
        plan: {
            description: crate?.description ?? nameOf(source, cratePlan),
            frame: template === "flake-parts" || template === "flake-utils" ? template : "plain",
            toolchain,
            parts,
            builder: builderOf(options, parts),
            crate: cratePlan,
            needs: options.has("justfile") ? withJust(source.needs) : source.needs,
        },
        notes: [...toolchain.notes, ...notesOn(source, options, template)],
    };
}

/** A justfile is of no use without the program. */
function withJust(needs: ShellNeeds): ShellNeeds {
    const just = { attribute: "just", platform: "all", reasons: [] } as const;
    return { ...needs, tools: [...needs.tools, just] };
}

/** What the files beside a flake have to know of the one that is planned. */
export function factsOf(
    { plan, source }: { plan: FlakePlan; source: FlakeSource },
    branch: string,
): FlakeFacts {
    const { crate, parts } = plan;
    const path = source.toolchainFile?.path;
    return {
        name: crate.name,
        watched: path === undefined ? [] : [path],
        crateFolder: crate.folder,
        outputs: new Set([
            ...(parts.has("package") || parts.has("image") ? (["packages"] as const) : []),
            ...(parts.has("checks") ? (["checks"] as const) : []),
        ]),
        program: crate.program,
        formatter: parts.has("treefmt") ? "all" : "nix",
        branch,
    };
}

function partsOf(options: ReadonlySet<OptionId>): Set<Part> {
    const parts = new Set<Part>();
    for (const option of ["checks", "hooks", "image", "treefmt"] as const) {
        if (options.has(option)) parts.add(option);
    }
    if (options.has("package") || options.has("package-nixpkgs")) parts.add("package");
    return parts;
}

function builderOf(options: ReadonlySet<OptionId>, parts: ReadonlySet<Part>): Builder | undefined {
    if (options.has("package-nixpkgs")) return "nixpkgs";
    return ["package", "checks", "image"].some((part) => parts.has(part as Part))
        ? "crane"
        : undefined;
}

function noCrate(folder: string): CratePlan {
    return {
        folder: "",
        manifest: "Cargo.toml",
        name: basename(folder) || "crate",
        isVirtual: false,
        version: "none",
        program: undefined,
        hasGitCrates: false,
    };
}

/** A workspace goes by its folder's name. */
function nameOf({ folder }: FlakeSource, { name, isVirtual }: CratePlan): string {
    return isVirtual ? basename(folder) : name;
}

function toolchainPlan(template: TemplateId, source: FlakeSource): ToolchainPlan {
    const { toolchainFile, demand } = source;
    const wish = toolchainFile?.wish ?? demand;
    const own = suggestedTemplate(source);
    switch (template) {
        case "flake-parts":
        case "flake-utils":
            return toolchainPlan(own, source);
        case "nixpkgs":
            return { kind: "nixpkgs", analyzer: "package", missing: [], notes: [] };
        case "toolchain-file":
            return toolchainFile === undefined || own !== "toolchain-file"
                ? channelPlan("pinned", wish)
                : {
                      kind: "overlay-file",
                      file: toolchainFile.path,
                      analyzer: toolchainFile.wish.analyzer,
                      missing: toolchainFile.wish.missing,
                      notes: [],
                  };
        case "fenix-file":
            return toolchainFile?.wish.isReadByFenix === true && toolchainFile.isInReach
                ? {
                      kind: "fenix-file",
                      file: toolchainFile.path,
                      analyzer: "package",
                      missing: [],
                      notes: own === "fenix-file" ? toolchainFile.wish.notes : [],
                  }
                : channelPlan("fenix", wish);
        case "pinned":
        case "fenix":
            return channelPlan(template, wish);
    }
}

function channelPlan(
    template: "pinned" | "fenix",
    wish: Pick<ToolchainWish, "channel" | "targets"> & Partial<ToolchainWish>,
): ToolchainPlan {
    const { channel, targets, profile = "default", components = [] } = wish;
    const plan = {
        channel,
        profile,
        components,
        targets,
        analyzer: wish.analyzer ?? ("component" as const),
        missing: wish.missing ?? [],
    };
    if (template === "pinned") {
        return { kind: "overlay-channel", ...plan, notes: wish.notes ?? [] };
    }
    const [known] = /^(?:stable|beta|nightly)/.exec(channel) ?? [];
    return {
        kind: "fenix",
        ...plan,
        channel: known ?? "stable",
        notes:
            known === channel
                ? []
                : [`fenix has the newest ${known ?? "stable"} only, not ${channel}.`],
    };
}

function notesOn(
    { crate, toolchainFile }: FlakeSource,
    options: ReadonlySet<OptionId>,
    template: TemplateId,
): string[] {
    const notes: string[] = [];
    const builds = ["package", "package-nixpkgs", "checks", "image"] as const;
    const isBuilt = builds.some((option) => options.has(option));
    if (isBuilt && crate === undefined) {
        notes.push("There is no Cargo.toml yet: run “cargo init”, as Nix builds from it.");
    } else if (isBuilt && crate?.isReadable === false) {
        notes.push("Cargo.toml can't be read, so the names in the flake are the folder's.");
    } else if (isBuilt && crate?.hasLock === false) {
        notes.push("There is no Cargo.lock: run “cargo generate-lockfile”, as Nix builds from it.");
    }
    if (options.has("image") && crate?.plan.program === undefined) {
        notes.push("The container image is left out, as no program was found to put into it.");
    }
    const made = [
        ...(options.has("hooks") ? [".pre-commit-config.yaml"] : []),
        ...(options.has("envrc") ? [".direnv"] : []),
    ];
    if (made.length > 0) notes.push(`Best listed in .gitignore: ${made.join(", ")}.`);
    const isOfFile = template === "toolchain-file" || template === "fenix-file";
    if (isOfFile && toolchainFile === undefined) {
        notes.push("There is no rust-toolchain.toml, so the flake names the channel itself.");
    }
    return notes;
}
