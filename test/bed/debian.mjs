import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { onPath, run } from "./command.mjs";

const execute = promisify(execFile);

// What packages depend on for their installation, or to compile C: nothing that we run needs it.
const neverRun =
    /^(adduser|base-passwd|binutils.*|cpp.*|debconf|debianutils|g?cc-[^b].*|gcc|lib(asan|gcc-\d+-dev|hwasan|itm|lsan|pam|semanage|tsan|ubsan).*|libc6-dev|libc-dev-bin|libdb[di]-.*perl|libperl.*|libwww-.*perl|linux-libc-dev|login.*|lsb-base|passwd|perl.*|sysvinit-utils)$/;

/** Whether packages of another Debian suite can be had here, whoever we are. */
export async function isDebian() {
    const release = await readFile("/etc/os-release", "utf8").catch(() => "");
    const tools = await Promise.all(["apt-get", "dpkg"].map(onPath));
    return /^ID=debian$/m.test(release) && tools.every(Boolean);
}

/**
 * Unpacks packages of any Debian suite, with the libraries that they need, into a folder of their
 * own: nothing is installed, and the machine's own package lists stay as they are.
 *
 * @param {string} suite such as "forky"
 * @param {string[]} packages
 * @param {string} dir an existing folder, where they stay; gets `usr` and the like
 * @param {(line: string) => void} [log]
 */
export async function unpackPackages(suite, packages, dir, log = () => {}) {
    const state = path.join(dir, "apt");
    const downloads = path.join(state, "downloads");
    const logFile = path.join(dir, "unpack.log");
    const options = await privateApt(suite, state);
    const all = [...packages, "patchelf"];
    log(`fetching ${packages.join(", ")} of Debian ${suite}`);
    await run("apt-get", [...options, "-qq", "update"], { logFile });
    const { stdout } = await execute(
        "apt-get",
        [...options, "-qq", "--no-install-recommends", "--print-uris", "install", ...all],
        { maxBuffer: 16 << 20 },
    );
    const needed = [...stdout.matchAll(/^'[^']*' ([^_\s]+)_/gm)]
        .map(([, name]) => name)
        .filter((name) => !neverRun.test(name));
    await mkdir(downloads, { recursive: true });
    await run("apt-get", [...options, "-qq", "download", ...needed], { logFile, cwd: downloads });

    for (const file of await readdir(downloads))
        await run("dpkg", ["-x", path.join(downloads, file), dir], { logFile });
    await rm(state, { recursive: true });
    await rm(path.join(dir, "usr/share"), { recursive: true, force: true });
}

/**
 * Binds programs to the libraries that were unpacked with them, so that they run on a machine with
 * an older C library. Their own names stay what they are: a program that looks for its neighbours
 * by its own path, as cargo does, would only find the loader if that ran it.
 *
 * @param {string} dir what `unpackPackages` filled
 * @param {string[]} files programs, and libraries with a search path of their own
 */
export async function useOwnLibraries(dir, files) {
    const system = await libraryFolders(dir);
    const loader = await programLoader(system);
    const patchelf = [loader, "--library-path", system.join(":"), `${dir}/usr/bin/patchelf`];
    const own = files.filter(isLibrary).map((file) => path.dirname(file));
    const searchPath = [...new Set([...own, ...system])].join(":");
    for (const file of files) {
        const change = [
            ...(isLibrary(file) ? [] : ["--set-interpreter", loader]),
            ...["--force-rpath", "--set-rpath", searchPath],
        ];
        await run(patchelf[0], [...patchelf.slice(1), ...change, file], {
            logFile: path.join(dir, "unpack.log"),
        });
    }
}

/**
 * Where the unpacked libraries are: older suites still have the C library outside /usr.
 *
 * @param {string} dir what `unpackPackages` filled
 */
export async function libraryFolders(dir) {
    const folders = [];
    for (const lib of [path.join(dir, "lib"), path.join(dir, "usr/lib")])
        for (const name of await readdir(lib).catch(() => []))
            if (/-linux-gnu/.test(name)) folders.push(path.join(lib, name));
    return folders;
}

/** @param {string} file */
function isLibrary(file) {
    return /\.so(\.|$)/.test(path.basename(file));
}

/** @param {string[]} folders */
async function programLoader(folders) {
    // On some architectures it is beside the folder of libraries, not in it.
    for (const folder of folders.flatMap((folder) => [folder, path.dirname(folder)]))
        for (const name of await readdir(folder))
            if (/^ld-linux.*\.so\.\d+$/.test(name)) return path.join(folder, name);
    throw new Error(`There is no program loader in ${folders.join(", ")}.`);
}

/**
 * Options by which apt works in a folder of ours, with one suite and nothing installed.
 *
 * @param {string} suite
 * @param {string} state
 */
async function privateApt(suite, state) {
    const { uri, keyring } = await mirror();
    await mkdir(path.join(state, "lists/partial"), { recursive: true });
    await mkdir(path.join(state, "cache/archives/partial"), { recursive: true });
    await writeFile(path.join(state, "status"), "");
    const signedBy = keyring ? `[signed-by=${keyring}] ` : "";
    await writeFile(path.join(state, "sources.list"), `deb ${signedBy}${uri} ${suite} main\n`);
    const settings = {
        "Dir::Etc::SourceList": path.join(state, "sources.list"),
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": path.join(state, "lists"),
        "Dir::State::Status": path.join(state, "status"),
        "Dir::Cache": path.join(state, "cache"),
        // Its own user may not enter our folders.
        "APT::Sandbox::User": "root",
    };
    return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/**
 * The mirror that the machine gets its own packages from, by its sources in either syntax.
 *
 * @returns {Promise<{ uri: string, keyring: string | undefined }>}
 */
async function mirror() {
    const parts = "/etc/apt/sources.list.d";
    const names = await readdir(parts).catch(() => []);
    const files = ["/etc/apt/sources.list", ...names.map((name) => path.join(parts, name))];
    for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
        const text = (await readFile(file, "utf8").catch(() => "")).replace(/^#.*\n/gm, "");
        for (const stanza of text.split(/\n\s*\n/)) {
            const uri = /^URIs:\s*(\S+\/debian\/?)(?=\s|$)/m.exec(stanza)?.[1];
            if (uri) return { uri, keyring: /^Signed-By:\s*(\/\S+)/m.exec(stanza)?.[1] };
        }
        const line = /^deb\s+(\[[^\]]*\])?\s*(\S+\/debian\/?)\s/m.exec(text);
        if (line) return { uri: line[2], keyring: /signed-by=([^\s\]]+)/.exec(line[1] ?? "")?.[1] };
    }
    throw new Error("No Debian mirror is named in /etc/apt/sources.list or sources.list.d.");
}
