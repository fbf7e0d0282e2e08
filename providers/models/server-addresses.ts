import { isDatabricks } from "../clients/mlflow-hosts";

/** What a program may name on an MLflow server. */
export const SERVER_ADDRESSES =
  "runs:/RUN/PATH, models:/NAME/VERSION, models:/NAME@ALIAS, models:/NAME/latest";

export const RUN = /^runs:\/+([^/]+)\/(.+?)\/*$/;
export const MODEL = /^models:\/+([^/@]+)([/@])([^/@]+)$/;

export function isServerAddress(text: string): boolean {
  return RUN.test(text) || MODEL.test(text);
}

/** Why no model is registered at that server; undefined where one can be. */
export function refusedTarget(trackingUri: string): string | undefined {
  if (trackingUri.startsWith("azureml:")) return "it is a workspace's registry, which workspaceId names";
  if (isDatabricks(trackingUri))
    return "Databricks takes a model's files by ways of its own, which this package doesn't know: it can be sourceServer";
  return undefined;
}

/** Why no model of Triton's is registered at an MLflow server. */
export const NO_TRITON = "MLflow's registry knows no models of Triton's: a workspace or a registry does";
