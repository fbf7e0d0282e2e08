import { endLeftBehind } from "../left-behind";
import { stopRunning } from "../running";
import type { StatePaths } from "../state";
import { say } from "./say";

/** Ends every process of the local Azure; what it holds stays on disk. */
export async function down(paths: StatePaths): Promise<number> {
  await endLeftBehind(paths);
  say((await stopRunning(paths)) ? "stopped" : "was not running");
  return 0;
}
