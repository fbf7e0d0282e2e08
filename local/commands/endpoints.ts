import { askAdmin, ensureRunning } from "../running";
import { endpointsEnvironment } from "../endpoints-environment";
import { readSecrets } from "../secrets";
import type { StatePaths } from "../state";
import type { Status } from "../status";
import { say } from "./say";
import { trustStore } from "./trust-store";
import { chosenWorkspace } from "./workspace";

/** The settings of `endpointsEnvironment` for the running local Azure and its workspace. */
export async function endpoints(paths: StatePaths): Promise<Record<string, string>> {
  const run = await ensureRunning(paths, say);
  const { workspaces } = await askAdmin<Status>(paths, run, "status");
  const store = await trustStore(paths);
  if (store === undefined) say("no trust store for Java is made: there is no keytool on PATH");
  return endpointsEnvironment(paths, readSecrets(paths), run, chosenWorkspace(workspaces), store);
}
