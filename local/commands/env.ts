import { withoutElsewhere } from "../environment";
import { environment } from "./exec";
import type { StatePaths } from "../state";

/** Prints what to export so that a shell's own commands use the local Azure: `eval "$(npm run -s local -- env)"`. */
export async function env(paths: StatePaths): Promise<number> {
  const settings = await environment(paths);
  const others = Object.keys(withoutElsewhere()).filter((name) => !(name in settings));
  const lines = [
    ...others.map((name) => `unset ${name}`),
    ...Object.entries(settings).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
