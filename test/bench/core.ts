// What the benchmark times of the core, as one bundle for plain Node.
export { deltaOf } from "../../src/core/environment/delta";
export { DUMP_END, DUMP_START, parseDump } from "../../src/core/environment/dump";
export { environmentOf } from "../../src/core/environment/environment";
export { detectProject } from "../../src/core/project/project";
export { readNativeNeeds } from "../../src/core/rust/native/read";
export { FolderShell } from "../../src/core/shell/folderShell";
export { currentOf } from "../../src/core/shell/state";
export { readSnapshot, writeSnapshot } from "../../src/core/snapshot";
