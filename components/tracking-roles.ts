/** What somebody outside may do in a workspace; each level has all of the one before. */
export type TrackingLevel = "track" | "register" | "deploy";

export const trackingLevels: readonly TrackingLevel[] = ["track", "register", "deploy"];

/** A role's permission, as Azure's role definitions have it. */
export interface TrackingPermission {
  readonly actions: string[];
  readonly notActions: string[];
}

// Azure's own role, AzureML Data Scientist, can deploy, submit jobs and read datastores' secrets.
// Source: Microsoft, Manage access to Azure Machine Learning workspaces: MLflow operations, and custom role examples. It counts a search of
// runs as reading models.
const track = [
  "read",
  "experiments/read",
  "experiments/write",
  "experiments/runs/read",
  "experiments/runs/write",
  "metadata/artifacts/read",
  "metadata/artifacts/write",
  "models/read",
  "models/versions/read",
];
const register = [...track, "models/write", "models/versions/write"];
const deploy = [...register, "environments/read", "onlineEndpoints/*", "batchEndpoints/*"];

const actions: Readonly<Record<TrackingLevel, readonly string[]>> = { track, register, deploy };

/** Who deploys signs in with Entra as everybody does; an endpoint's keys, which anybody could use, stay unread. */
const keys = [
  "onlineEndpoints/listKeys/action",
  "onlineEndpoints/regenerateKeys/action",
  "batchEndpoints/listKeys/action",
];

/** The least that a level needs. Deletes neither experiments nor models, and reads no keys. */
export function trackingPermission(level: TrackingLevel): TrackingPermission {
  return {
    actions: actions[level].map(inWorkspace),
    notActions: level === "deploy" ? keys.map(inWorkspace) : [],
  };
}

function inWorkspace(action: string): string {
  return `Microsoft.MachineLearningServices/workspaces/${action}`;
}
