import { type Arm, arm, ML_API_VERSION } from "./clients/arm";
import { ProviderError } from "./clients/errors";
import { createMlflow, type Mlflow } from "./clients/mlflow";
import type { MlflowServer } from "./clients/mlflow-server";

/** Where what MLflow holds is: in a workspace or on a server, one of the two. */
export interface MlflowPlace {
  /** ARM id of an Azure ML workspace. */
  readonly workspaceId?: string;
  readonly server?: MlflowServer;
}

interface Workspace {
  readonly properties: { readonly mlFlowTrackingUri?: string };
}

/** @throws ProviderError where there is no such workspace, or the server can't be called as it is written */
export async function openMlflow(
  { workspaceId, server }: MlflowPlace,
  open: (server: MlflowServer) => Mlflow = createMlflow,
  azure: () => Arm = arm,
): Promise<Mlflow> {
  if (server !== undefined) return open(server);
  if (workspaceId === undefined)
    throw new ProviderError({ what: "no MLflow server is named", allowed: "workspaceId or server" });
  const workspace = await azure().read<Workspace>(workspaceId, { apiVersion: ML_API_VERSION });
  const trackingUri = workspace?.properties.mlFlowTrackingUri;
  if (trackingUri === undefined)
    throw new ProviderError({ what: "there is no workspace with MLflow", where: workspaceId });
  return open({ trackingUri });
}

/** Whether deleting there finds nothing because the workspace itself has gone. */
export async function isGone({ workspaceId }: MlflowPlace, azure: () => Arm = arm): Promise<boolean> {
  return (
    workspaceId !== undefined &&
    (await azure().read<Workspace>(workspaceId, { apiVersion: ML_API_VERSION })) === undefined
  );
}
