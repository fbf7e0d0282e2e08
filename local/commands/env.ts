import { environment } from "./exec";
import type { StatePaths } from "../state";

/** Prints what to export so that a shell's own commands use the local Azure: `eval "$(npm run -s local -- env)"`. */
export async function env(paths: StatePaths): Promise<number> {
  const lines = Object.entries(await environment(paths)).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
