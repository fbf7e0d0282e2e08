import { join } from "node:path";
import { parse } from "yaml";
import { compareWithShared, requiredNames } from "../environments/requirements";
import { readIfThere } from "../files";
import { DeploymentFailed } from "./deployment-failed";

/** What Azure ML's own serving image imports, whatever the model is. */
const SERVING_REQUIREMENT = "azureml-ai-monitoring";

/** @throws DeploymentFailed for a model type that is not served without code here */
export function checkModelType(modelType: string): void {
  if (modelType === "mlflow_model") return;
  throw new DeploymentFailed(
    "BadArgument",
    `A ${modelType} cannot be deployed without code to the local Azure; it serves models of type mlflow_model.`,
  );
}

/**
 * Why Azure ML's no-code serving could not run this model; undefined when it could.
 * @param mlmodel text of the folder's `MLmodel`
 * @param requirements text of its `requirements.txt`
 */
export function modelProblem(
  mlmodel: string | undefined,
  requirements: string | undefined,
): string | undefined {
  if (mlmodel === undefined) return "The model folder has no file MLmodel: it is not an MLflow model.";
  const described = description(mlmodel);
  if (!described) return "The model's MLmodel file is not YAML of a mapping.";
  if (!described.flavors?.["python_function"]) {
    return `The model has no python_function flavor (it has: ${Object.keys(described.flavors ?? {}).join(", ") || "none"}); no-code serving runs that one only.`;
  }
  const major = Number.parseInt(String(described.mlflow_version ?? ""), 10);
  if (major >= 3) {
    return `The model was logged with MLflow ${String(described.mlflow_version)}; Azure ML's no-code serving takes models of MLflow 2.`;
  }
  if (!requiredNames(requirements ?? "").includes(SERVING_REQUIREMENT)) {
    return `ModuleNotFoundError: No module named 'azureml.ai'. Azure ML's serving image imports it: list ${SERVING_REQUIREMENT} in the model's pip requirements.`;
  }
  return undefined;
}

/**
 * Checks a downloaded model.
 * @returns requirements that this machine's Python environment has in another version
 * @throws DeploymentFailed
 */
export async function checkModel(folder: string): Promise<readonly string[]> {
  const requirements = readIfThere(join(folder, "requirements.txt"));
  const problem = modelProblem(readIfThere(join(folder, "MLmodel")), requirements);
  if (problem !== undefined) throw new DeploymentFailed("BadArgument", problem);
  const { missing, different } = await compareWithShared(requirements ?? "");
  if (missing.length > 0) {
    throw new DeploymentFailed(
      "BadArgument",
      `The model requires ${missing.join(", ")}, which the local Azure's Python environment does not have; it serves every model from that one environment.`,
    );
  }
  return different;
}

function description(
  mlmodel: string,
): { flavors?: Record<string, unknown>; mlflow_version?: unknown } | undefined {
  try {
    const value: unknown = parse(mlmodel);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
