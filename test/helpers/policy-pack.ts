import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/** The runtime that the pack is started as: one that no language host has, for which the engine starts a plugin of its name. */
const RUNTIME = "azureml-rules";

/**
 * The built policy pack for `--policy-pack`.
 *
 * @returns its folder, which goes with the local Azure's, and has to be on the engine's `PATH`
 */
export function policyPack(azure: LocalAzure): string {
  const pack = join(azure.paths.folder, "policies");
  mkdirSync(pack, { recursive: true });
  const main = join(packageRoot(), "dist", "policies", "main.js");
  writeFileSync(join(pack, "package.json"), JSON.stringify({ name: "rules", version: "1.0.0", main }));
  startedByPlugin(pack, pack, require.resolve("@pulumi/pulumi/cmd/run-policy-pack"));
  return pack;
}

/**
 * Has the engine start a pack by a plugin.
 *
 * @param plugins the plugin's folder, which has to be on the engine's `PATH`
 * @param runner Pulumi's own start of a pack: `@pulumi/pulumi/cmd/run-policy-pack`
 */
export function startedByPlugin(pack: string, plugins: string, runner: string): void {
  writeFileSync(join(pack, "PulumiPolicy.yaml"), `runtime: ${RUNTIME}\n`);
  const script = join(plugins, `pulumi-analyzer-policy-${RUNTIME}`);
  writeFileSync(
    script,
    `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(runner)} "$@"\n`,
  );
  chmodSync(script, 0o700);
}
