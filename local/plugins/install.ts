import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";
import { readIfThere, writeWhole } from "../files";

/** Pulumi's name of the plugin, which is also its npm package's and its folder's here. */
const plugins = ["azure-native", "random"] as const;

/**
 * Puts the stand-in plugins into a Pulumi home, where the engine finds them by name and by the version of the installed SDK:
 * `plugins/resource-NAME-vVERSION/pulumi-resource-NAME`, a script that runs the built plugin. Nothing is written that is already so.
 *
 * @param pulumiHome the local Azure's own; never the user's, whose programs need the official plugins.
 */
export function installPlugins(pulumiHome: string): void {
  for (const name of plugins) {
    const file = join(
      pulumiHome,
      "plugins",
      `resource-${name}-v${sdkVersion(name)}`,
      `pulumi-resource-${name}`,
    );
    const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(join(packageRoot(), "dist", "local", "plugins", name, "main.js"))} "$@"\n`;
    if (readIfThere(file) !== script) writeWhole(file, script, 0o755);
  }
}

function sdkVersion(name: string): string {
  const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function quoted(path: string): string {
  return `'${path.replace(/'/g, "'\\''")}'`;
}
