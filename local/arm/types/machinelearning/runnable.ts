import type { JsonObject } from "../../../json";
import type { OnlineDeploymentSpec } from "../../effects";
import { badArgument } from "../../errors";

/** An MLflow model answers by itself, anything else by a script in an environment. @throws ArmError for a deployment of neither kind */
export function checkRunnable(
  { model, modelType, code }: OnlineDeploymentSpec,
  { environmentId }: JsonObject,
): void {
  const hasEnvironment = typeof environmentId === "string";
  if (modelType === "triton_model")
    throw badArgument(
      "The local Azure does not serve a triton_model: NVIDIA Triton is a container, and it has none. Deploy it to Azure.",
      "properties.model",
    );
  if (code !== undefined) {
    if (hasEnvironment) return;
    throw badArgument(
      "A deployment with a scoring script needs the environment that the script runs in.",
      "properties.environmentId",
    );
  }
  if (modelType === "mlflow_model") return;
  if (hasEnvironment)
    throw badArgument(
      "Without a scoring script the environment's own image answers, and the local Azure has no containers: give the deployment a 'codeConfiguration'.",
      "properties.codeConfiguration",
    );
  throw badArgument(
    model === undefined
      ? "A deployment needs a model, or a scoring script with its environment."
      : `A deployment of a ${modelType} needs a scoring script and an environment; only an mlflow_model is deployed without.`,
    model === undefined ? "properties.model" : "properties.codeConfiguration",
  );
}
