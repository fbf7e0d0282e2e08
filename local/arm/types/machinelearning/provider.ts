import { ArmError } from "../../errors";
import type { Accepted, LongRunning } from "../../resource-type";

export const PROVIDER = "Microsoft.MachineLearningServices";
export const WORKSPACES = `${PROVIDER}/workspaces`;
export const REGISTRIES = `${PROVIDER}/registries`;

/** What azure-native 3.28 sends, then what azure-ai-ml 1.35 and the MLflow plug-in send. */
export const ML_API_VERSIONS = [
  "2025-12-01", "2022-01-01-preview", "2022-02-01-preview", "2022-05-01", "2022-10-01", "2023-02-01-preview", "2023-04-01", "2023-04-01-preview", "2023-06-01-preview", "2023-08-01-preview", "2023-10-01", "2024-01-01-preview",
  "2024-04-01", "2024-10-01", "2024-10-01-preview", "2025-01-01-preview", "2025-06-01", "2025-09-01",
] as const; // prettier-ignore

/** Operations of endpoints and deployments; `prefix` is part of their names. */
export function endpointOperations(prefix: string): LongRunning {
  const change: Accepted = { created: 202, updated: 202, headers: ["Location"] };
  return {
    status: "mfeOperationsStatus",
    result: "mfeOperationResults",
    prefix,
    put: { created: 201, updated: 200, headers: ["Azure-AsyncOperation"] },
    patch: change,
    delete: change,
  };
}

/** Names of endpoints and deployments: 3 to 32 letters, digits and single dashes, a letter first. */
export function checkEndpointName(kind: string): (name: string) => void {
  return (name) => {
    if (/^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/.test(name)) return;
    const message = `The ${kind} name '${name}' is not valid: 3 to 32 letters, digits and single dashes, a letter first and no dash last.`;
    throw new ArmError(400, "BadArgument", message, { target: "name" });
  };
}

/** The workspace's id of anything in it. */
export function workspaceIdOf(id: string): string {
  return /^.*?\/workspaces\/[^/]+/i.exec(id)?.[0] ?? id;
}
