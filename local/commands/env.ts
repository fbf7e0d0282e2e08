import { endpoints } from "./endpoints";
import { environment, unset } from "./exec";
import type { StatePaths } from "../state";

export interface EnvOptions {
  /** By the local Azure's own addresses, without a proxy. */
  readonly endpoints?: boolean;
}

/** Prints what to export so that a shell's own commands use the local Azure: `eval "$(npm run -s local -- env)"`. */
export async function env(
  paths: StatePaths,
  { endpoints: byEndpoints = false }: EnvOptions,
): Promise<number> {
  const settings = byEndpoints ? await endpoints(paths) : await environment(paths);
  const others = Object.keys(unset(byEndpoints)).filter((name) => !(name in settings));
  const lines = [
    ...others.map((name) => `unset ${name}`),
    ...Object.entries(settings).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
