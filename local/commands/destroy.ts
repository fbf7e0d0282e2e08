import { createEngine } from "../engine";
import { repairInterrupted } from "../interrupted";
import { ensureRunning } from "../running";
import type { StatePaths } from "../state";
import { say } from "./say";

/** Takes away everything that stack `local` made; the local Azure goes on, empty. */
export async function destroy(paths: StatePaths): Promise<number> {
  const engine = await createEngine(paths, await ensureRunning(paths, say));
  await repairInterrupted(engine, paths, "local");
  return await engine.show("local", ["destroy", "--yes", "--skip-preview"]);
}
