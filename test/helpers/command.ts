import execa from "execa";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/** `npx pulumi-azureml …` by somebody who has Azure's credentials and neither the program nor its state. */
export async function command(azure: LocalAzure, ...args: string[]): Promise<execa.ExecaReturnValue> {
  const env = Object.fromEntries(
    Object.entries(azure.environment()).filter(([name]) => !/^PULUMI_(?!AZUREML_)/.test(name)),
  );
  return await execa(process.execPath, [join(packageRoot(), "dist", "cli", "main.js"), ...args], {
    cwd: tmpdir(),
    env,
    reject: false,
  });
}
