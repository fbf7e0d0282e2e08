import { delimiter, dirname } from "node:path";
import { lastName } from "../arm/path";
import type { AccessToken } from "../identity/tokens";
import type { Workspace } from "../mlflow/workspace";
import type { Bindings } from "./bindings";
import type { CommandJobSpec } from "./job";

/** What a command's environment is made of. */
export interface JobEnvironment {
  readonly spec: Pick<
    CommandJobSpec,
    "id" | "experimentName" | "environmentVariables" | "distribution" | "rootRun"
  >;
  readonly workspace: Workspace;
  readonly experimentId: string;
  /** Of whoever put the job, for ARM and MLflow. */
  readonly token: AccessToken;
  readonly bindings: Bindings;
  /** The environment's interpreter. */
  readonly python: string;
  /** `PATH` of the machine. */
  readonly path: string;
}

/**
 * The variables that Azure ML gives a job's command, besides what the job declares: the run it tracks in, so that `mlflow` needs no set-up,
 * and where inputs and outputs are.
 */
export function jobEnvironment(job: JobEnvironment): Record<string, string> {
  const { spec, workspace, experimentId, token, bindings, python, path } = job;
  const run = lastName(spec.id);
  const [, , subscription = "", , group = ""] = workspace.id.split("/");
  return {
    PYTHONUNBUFFERED: "1",
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
    ...(spec.distribution === undefined ? {} : ONE_OF_ONE),
    ...spec.environmentVariables,
    PATH: `${dirname(python)}${delimiter}${path}`,
    ...named("AZURE_ML_INPUT_", bindings.inputs),
    ...named("AZURE_ML_OUTPUT_", bindings.outputs),
    MLFLOW_TRACKING_URI: `azureml://${workspace.host}/mlflow/v1.0${workspace.id}`,
    MLFLOW_TRACKING_TOKEN: token.token,
    MLFLOW_RUN_ID: run,
    MLFLOW_EXPERIMENT_ID: experimentId,
    MLFLOW_EXPERIMENT_NAME: spec.experimentName,
    AZUREML_RUN_ID: run,
    AZUREML_ROOT_RUN_ID: spec.rootRun ?? run,
    AZUREML_RUN_TOKEN: token.token,
    AZUREML_RUN_TOKEN_EXPIRY: String(token.expiresOn),
    AZUREML_EXPERIMENT_ID: experimentId,
    AZUREML_ARM_SUBSCRIPTION: subscription,
    AZUREML_ARM_RESOURCEGROUP: group,
    AZUREML_ARM_WORKSPACE_NAME: workspace.name,
    AZUREML_ARM_PROJECT_NAME: spec.experimentName,
    AZUREML_WORKSPACE_ID: workspace.guid,
    AZUREML_WORKSPACE_SCOPE: workspace.id,
    AZUREML_EXPERIMENT_SCOPE: `${workspace.id}/experiments/${spec.experimentName}`,
    AZUREML_SERVICE_ENDPOINT: `https://${workspace.host}`,
  };
}

/** What frameworks find each other by, for the one process that there is. */
const ONE_OF_ONE = {
  MASTER_ADDR: "127.0.0.1",
  MASTER_PORT: "6105",
  WORLD_SIZE: "1",
  RANK: "0",
  LOCAL_RANK: "0",
  NODE_RANK: "0",
  AZUREML_NODE_COUNT: "1",
} as const;

function named(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
