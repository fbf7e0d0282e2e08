import { readVersion } from "../assets/versions";
import type { Arm } from "../clients/arm";
import { versionIdOf } from "../clients/arm-id";
import { UNKNOWN } from "../rules";
import { quickly } from "./quickly";

/** How a deployment scores, out of its ARM properties. */
export interface ServedBy {
  readonly model?: string;
  readonly codeConfiguration?: unknown;
  readonly environmentId?: unknown;
}

/** A property that a model of its type can't be served with, or without. */
export interface ServedProblem {
  readonly property: "code" | "environment";
  readonly reason: string;
}

/** Why Azure would not serve a model of this type so; undefined where it would, and for a type that is not known. */
export function servingProblem(
  modelType: string | undefined,
  { codeConfiguration, environmentId }: ServedBy,
): ServedProblem | undefined {
  if (modelType === "triton_model" && codeConfiguration !== undefined)
    return { property: "code", reason: "Triton serves its model itself: it must not be given for one" };
  // An environment alone may be an image that has its own server.
  if (modelType === "custom_model" && codeConfiguration === undefined && environmentId === undefined)
    return {
      property: "code",
      reason:
        "it must be given for a custom_model, with an environment: only an MLflow model scores by itself",
    };
  return undefined;
}

/** As `servingProblem`, of a batch deployment: there a script scores whatever is no MLflow model. */
export function batchServingProblem(
  modelType: string | undefined,
  { codeConfiguration }: ServedBy,
): ServedProblem | undefined {
  if (modelType === undefined || modelType === "mlflow_model" || codeConfiguration !== undefined)
    return undefined;
  return {
    property: "code",
    reason: `it must be given for a ${modelType}, with an environment: only an MLflow model is scored in batch without a script`,
  };
}

/**
 * What is wrong with how the model is served, of the model as it is registered; one that can't be read in the time of a preview is taken to be right.
 *
 * @param problemOf of a model of such a type: `servingProblem` behind an online endpoint, `batchServingProblem` behind a batch endpoint
 */
export async function servedProblem(
  arm: Arm,
  workspaceId: string,
  served: ServedBy,
  problemOf: typeof servingProblem = servingProblem,
): Promise<ServedProblem | undefined> {
  const { model = UNKNOWN } = served;
  const versionId = model === UNKNOWN ? undefined : versionIdOf(workspaceId, model);
  if (versionId === undefined) return undefined;
  const version = await quickly(readVersion(arm, versionId)).catch(() => undefined);
  return problemOf(version?.properties["modelType"] as string | undefined, served);
}
