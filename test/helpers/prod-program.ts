import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../../tools/paths";
import { runProgram, type Registered } from "./pulumi-mocks";

/** What the production fixture registers, against mocks and by its own settings. */
export async function prodProgram(): Promise<readonly Registered[]> {
  const folder = join(packageRoot(), "test", "fixtures", "prod");
  const { config } = parse(readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const before = process.cwd();
  // Its paths are relative to the program, as the engine runs it.
  process.chdir(folder);
  try {
    const program = await runProgram(() => {
      const settings = Object.entries(config).map(([name, value]) => [
        name.replace(/^[^:]+/, "pulumi-azureml"),
        String(value),
      ]);
      pulumi.runtime.setAllConfig(Object.fromEntries(settings) as Record<string, string>);
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it is run here, not linked
      require(join(folder, "index.ts"));
    });
    return program.resources;
  } finally {
    process.chdir(before);
  }
}
