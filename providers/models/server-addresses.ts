import { isDatabricks, isOnGoogle } from "../clients/mlflow-hosts";

/** What a program may name on an MLflow server. */
export const SERVER_ADDRESSES =
  "runs:/RUN/PATH, models:/NAME/VERSION, models:/NAME@ALIAS, models:/NAME/latest";

export const RUN = /^runs:\/+([^/]+)\/(.+?)\/*$/;
export const MODEL = /^models:\/+([^/@]+)([/@])([^/@]+)$/;

export function isServerAddress(text: string): boolean {
  return RUN.test(text) || MODEL.test(text);
}

/** Why no model of that name is registered at that server; undefined where one can be. */
export function refusedTarget(trackingUri: string, modelName: string): string | undefined {
  if (trackingUri.startsWith("azureml:")) return "it is a workspace's registry, which workspaceId names";
  if (!isDatabricks(trackingUri)) return undefined;
  if (isOnGoogle(trackingUri)) return "of Databricks on Google Cloud it can only be sourceServer";
  if (UNITY_NAME.test(modelName))
    return `${modelName} is a name of Unity Catalog's, which takes models by ways of its own: the workspace's own registry takes a name without a catalog`;
  return undefined;
}

/** `catalog.schema.model` */
const UNITY_NAME = /^[^.]+\.[^.]+\.[^.]+$/;

/** Why no model of Triton's is registered at an MLflow server. */
export const NO_TRITON = "MLflow's registry knows no models of Triton's: a workspace or a registry does";
