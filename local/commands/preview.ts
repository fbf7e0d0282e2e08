import { createEngine } from "../engine";
import { ensureRunning } from "../running";
import type { StatePaths } from "../state";
import { say } from "./say";

/** Shows what `pulumi up` of an environment would do, planned against the local Azure; changes nothing. */
export async function preview(paths: StatePaths, stack: string): Promise<number> {
  const engine = await createEngine(paths, await ensureRunning(paths, say));
  return await engine.show(stack, ["preview", "--diff"]);
}
