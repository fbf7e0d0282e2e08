import { createEngine, type Engine } from "../engine";
import { repairInterrupted } from "../interrupted";
import { whileChanging } from "../lock";
import { ensureRunning, findRunning } from "../running";
import type { Run, StatePaths } from "../state";
import { checkSpace } from "../space";
import { dropKeptStates } from "../state-file";
import { say } from "./say";

/** Runs what changes stack `local`, alone, after what an interrupted run has left is settled. Returns the exit code. */
export async function change(
  paths: StatePaths,
  work: (engine: Engine, run: Run) => Promise<number>,
): Promise<number> {
  checkSpace(paths);
  return await whileChanging(paths, "local", async () => {
    const run = await ensureRunning(paths, say);
    const engine = await createEngine(paths, run);
    await repairInterrupted(engine, paths, "local");
    const code = await work(engine, run);
    if (code === 0) dropKeptStates(paths, "local");
    else if (findRunning(paths)?.pid !== run.pid) {
      say(
        `the local Azure itself has ended meanwhile; its log is ${paths.log}. The same command goes on from here.`,
      );
    }
    return code;
  });
}
