import type { Status } from "../status";

/** The only workspace; of several the one whose tracking address is inherited. */
export function chosenWorkspace(workspaces: Status["workspaces"]): Status["workspaces"][number] | undefined {
  if (workspaces.length === 1) return workspaces[0];
  return workspaces.find(({ trackingUri }) => trackingUri === process.env["MLFLOW_TRACKING_URI"]);
}
