import { ensureRunning, askAdmin } from "../running";
import type { Faults } from "../faults/settings";
import type { Json } from "../json";
import type { StatePaths } from "../state";
import { UserError } from "../user-error";
import { say } from "./say";

/** Prints what goes wrong on purpose, after setting it to `wanted` (JSON) where that is given. */
export async function faults(paths: StatePaths, wanted: string | undefined): Promise<number> {
  const setting = wanted === undefined ? undefined : parsed(wanted);
  const run = await ensureRunning(paths, say);
  const now = await askAdmin<Faults>(paths, run, "faults", setting);
  process.stdout.write(`${JSON.stringify(now, undefined, 2)}\n`);
  return 0;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UserError(`This is no JSON: ${text}`);
  }
}
