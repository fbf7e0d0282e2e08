import { mkdirSync } from "node:fs";
import { installPlugins } from "./plugins/install";
import type { StatePaths } from "./state";

/** Makes what `pulumi` expects to find: its home with the plugins, the backend's folder, that of the stack files. */
export function preparePulumiFolders(paths: StatePaths): void {
  for (const folder of [paths.pulumiHome, paths.pulumiState, paths.stacks])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  installPlugins(paths.pulumiHome);
}
