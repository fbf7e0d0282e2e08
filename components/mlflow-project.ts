import * as pulumi from "@pulumi/pulumi";
import { withoutUser } from "../providers/mlflow-project/address";
import { openProject } from "../providers/mlflow-project/open";
import type { ParameterValue } from "../providers/mlflow-project/parameters";
import { lackingForTracking } from "../providers/mlflow-project/tracking-packages";
import { checkArgs } from "./args";
import { mlflowProjectRules, PROJECT_IMAGE, type MlflowProjectArgs } from "./mlflow-project-args";
import { mlflowProjectConstraints } from "./mlflow-project-constraints";
import { compileKnown, knownParameters } from "./mlflow-project-run";
import { ownEnvironmentId } from "./own-environment";
import { TrainingJob } from "./training-job";
import type { TrainingInputFiles } from "./training-job-data";

/**
 * An MLflow project run as a command job, in place of `mlflow run --backend azureml`, which Azure ML has retired: the entry point of an `MLproject` with its parameters becomes
 * the job's command, its `conda_env` or `python_env` the job's environment, its folder the job's code. All else is as of `TrainingJob`: the same project, parameters and environment
 * make no second run.
 *
 * What the entry point logs is in the job's run. The parameters that `mlflow run` logs by itself are not: an entry point logs those that matter.
 *
 * Who runs `up` needs the role AzureML Data Scientist in the workspace, and writes to its blob store.
 */
export class MlflowProject extends pulumi.ComponentResource {
  /** ARM id of the job. */
  declare readonly id: pulumi.Output<string>;
  /** Of the MLflow run, which is the job's name as well. */
  declare readonly runId: pulumi.Output<string>;
  /** ARM's word: `Completed`; without `wait` `Queued`, `Running`, `Failed`, … */
  declare readonly status: pulumi.Output<string>;
  /** The last value of each metric that the run logged, by name; those that are no numbers (NaN, infinity) are left out. */
  declare readonly metrics: pulumi.Output<Record<string, number>>;
  /** The parameters that the run logged. */
  declare readonly params: pulumi.Output<Record<string, string>>;
  /** The run's tags, without those that MLflow and Azure ML add. */
  declare readonly runTags: pulumi.Output<Record<string, string>>;
  /** Address of each model that the run logged with MLflow 2, `runs:/RUN/PATH`, by its path in the run. */
  declare readonly models: pulumi.Output<Record<string, string>>;
  /** The command that the entry point is with its parameters. */
  declare readonly command: pulumi.Output<string>;

  constructor(name: string, args: MlflowProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:MlflowProject", name, {}, opts);
    args = checkArgs("MlflowProject", name, args, mlflowProjectRules, mlflowProjectConstraints);
    const { uri, version, entryPoint, parameters, image = PROJECT_IMAGE, ...job } = args;
    const { environment, environmentId, workspaceId, tags } = job;
    const choice = { uri, version, entryPoint };
    const { path, commit } = openProject(uri, version);
    const { inputs, environment: condaFile = "" } = compileKnown({
      ...choice,
      parameters: knownParameters(parameters),
    });
    const ownEnvironment = environment === undefined && environmentId === undefined;
    if (ownEnvironment) warnOfLacking(condaFile, this);
    this.command = commandOf(choice, parameters);
    const run = new TrainingJob(
      name,
      {
        ...job,
        command: this.command,
        code: path,
        ...(ownEnvironment
          ? {
              environmentId: ownEnvironmentId(
                name,
                { workspaceId, definition: { osType: "Linux", image, condaFile }, tags },
                this,
              ),
            }
          : {}),
        inputs: Object.fromEntries(
          inputs.map((input) => [input.name, input.files as unknown as TrainingInputFiles]),
        ),
        experimentName: args.experimentName ?? name,
        tags: pulumi.output(tags).apply((own) => ({ ...originOf(choice, commit), ...own })),
      },
      { parent: this },
    );

    this.id = run.id;
    this.runId = run.runId;
    this.status = run.status;
    this.metrics = run.metrics;
    this.params = run.params;
    this.runTags = run.runTags;
    this.models = run.models;
    this.registerOutputs({
      id: this.id,
      runId: this.runId,
      status: this.status,
      metrics: this.metrics,
      params: this.params,
      runTags: this.runTags,
      models: this.models,
      command: this.command,
    });
  }
}

type Choice = Pick<MlflowProjectArgs, "uri" | "version" | "entryPoint">;

/** Files have their places in it, whatever they will be. */
function commandOf(choice: Choice, parameters: MlflowProjectArgs["parameters"]): pulumi.Output<string> {
  return pulumi
    .output(parameters)
    .apply(
      (known = {}) =>
        compileKnown({ ...choice, parameters: known as Record<string, ParameterValue> }).command,
    );
}

/** The tags by which MLflow tells where a run's project is from. */
function originOf({ uri, entryPoint = "main" }: Choice, commit: string | undefined): Record<string, string> {
  return {
    "mlflow.project.entryPoint": entryPoint,
    ...(commit === undefined
      ? {}
      : {
          "mlflow.source.git.commit": commit,
          "mlflow.source.git.repoURL": withoutUser(uri.replace(/#.*$/, "")),
        }),
  };
}

function warnOfLacking(conda: string, component: pulumi.Resource): void {
  const lacking = lackingForTracking(conda);
  if (lacking.length > 0)
    void pulumi.log.warn(
      `the project's environment names no ${lacking.join(" and no ")}, which the entry point needs to track in Azure ML`,
      component,
    );
}
