import type * as pulumi from "@pulumi/pulumi";
import { isInWorkspace, versionIdOf, workspaceIdOf } from "../providers/clients/arm-id";
import {
  armId,
  flag,
  integer,
  objectOf,
  optional,
  recordOf,
  tags,
  text,
  type Problem,
  type Rules,
} from "../providers/rules";
import type { Constraint } from "./args";
import { scoringCodeConstraints, scoringCodeRules, type ScoringCodeArgs } from "./scoring-code";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

/** What happens to a mini-batch that fails. */
export interface BatchRetries {
  /** How often a mini-batch is tried again. 3 by default. */
  readonly maxRetries?: pulumi.Input<number>;
  /** Seconds that one try may take, 1 to 259 200. 30 by default; a mini-batch of large files, or a slow model, needs more. */
  readonly timeoutSeconds?: pulumi.Input<number>;
}

/** A pipeline that runs for each call of the endpoint, instead of a model. */
export interface PipelineComponent {
  /** ARM id of a version of a pipeline component in the endpoint's workspace, or `azureml://registries/REGISTRY/components/NAME/versions/VERSION`. */
  readonly componentId: pulumi.Input<string>;
  /** Whether steps that don't depend on a failed one still run. As the component says by default. */
  readonly continueOnStepFailure?: pulumi.Input<boolean>;
  /** Whether every step runs, though the same was run before. As the component says by default. */
  readonly forceRerun?: pulumi.Input<boolean>;
  /** Name of the datastore that outputs go to. The workspace's default one by default. */
  readonly defaultDatastore?: pulumi.Input<string>;
}

export interface BatchDeploymentArgs extends ScoringCodeArgs {
  /** ARM id of the batch endpoint. */
  readonly endpointId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /** ARM id of a registered model's version: `MlflowModel`'s `id`. An MLflow model needs neither code nor environment. This or `pipelineComponent`. */
  readonly model?: pulumi.Input<string>;
  /** A pipeline in place of a model. What says how a model scores files goes with a model alone. */
  readonly pipelineComponent?: PipelineComponent;
  /**
   * ARM id of what jobs run on: of a `ComputeCluster` or `KubernetesCompute` in the endpoint's workspace. A model needs it; a pipeline's steps run there where they name none
   * themselves. A preview that knows it refuses one that isn't there, and warns of a cluster that is too small.
   */
  readonly compute?: pulumi.Input<string>;
  /** How many machines a job takes, at most as many as the cluster may have. 1 by default. Fixed: another number makes another deployment. */
  readonly instances?: pulumi.Input<number>;
  /** On a `KubernetesCompute`: name of one of its instance types. The compute's default by default. Fixed: another type makes another deployment. */
  readonly instanceType?: pulumi.Input<string>;
  /** Files that the model or script gets at a time. 10 by default. */
  readonly miniBatchSize?: pulumi.Input<number>;
  /** Processes that score on one machine at a time; each has the model in its memory. 1 by default. */
  readonly concurrencyPerInstance?: pulumi.Input<number>;
  /** Of a mini-batch that fails or takes too long. Three, of 30 seconds each, by default. */
  readonly retries?: BatchRetries;
  /** Files that may fail before the whole job does. -1, the default: any number. */
  readonly errorThreshold?: pulumi.Input<number>;
  /** `AppendRow` (the default): what is predicted goes into one file. `SummaryOnly`: the script writes files of its own. */
  readonly outputAction?: pulumi.Input<string>;
  /** The file of `AppendRow`, without a folder. `predictions.csv` by default. */
  readonly outputFileName?: pulumi.Input<string>;
  /** `Info` (the default), `Warning` or `Debug`. */
  readonly loggingLevel?: pulumi.Input<string>;
  /** Of the processes that score. Everyone who may read the deployment sees them: they are no place for secrets. */
  readonly environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the deployment. */
  readonly tags?: Tags;
}

const BATCH = "docs:reference-yaml-deployment-batch";
const PARALLEL = "docs:reference-yaml-job-parallel";
const MODELS = "models 2025-12-01, BatchDeploymentProperties";
const MOST = 2_147_483_647;

const COMPONENT =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+|azureml:\/\/registries\/[^/]+)\/components\/[^/]+\/versions\/[^/]+$/i;

export const batchDeploymentRules: Rules<BatchDeploymentArgs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
  location,
  model: optional(armId("Microsoft.MachineLearningServices/workspaces/models/versions")),
  pipelineComponent: optional(
    objectOf<PipelineComponent>({
      componentId: text(
        "the ARM id of a version of a component, or azureml://registries/REGISTRY/components/NAME/versions/VERSION",
        COMPONENT,
        `${BATCH}: a component is in the workspace or in a registry`,
      ),
      continueOnStepFailure: optional(flag()),
      forceRerun: optional(flag()),
      defaultDatastore: optional(text("the name of a datastore", /^\w+$/)),
    }),
  ),
  ...scoringCodeRules,
  compute: optional(armId("Microsoft.MachineLearningServices/workspaces/computes")),
  instances: optional(
    integer(1, 65_000, "docs:how-to-manage-quotas: nodes in a single Parallel Run Step run"),
  ),
  instanceType: optional(
    text("the name of an instance type of the compute", /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/),
  ),
  miniBatchSize: optional(integer(1, MOST, `${BATCH}: settings.mini_batch_size is a number of files`)),
  concurrencyPerInstance: optional(
    integer(1, 1000, `${BATCH}: settings.max_concurrency_per_instance is a number of processes`),
  ),
  retries: optional(
    objectOf<BatchRetries>({
      maxRetries: optional(integer(0, MOST, `${BATCH}: settings.retry_settings.max_retries`)),
      timeoutSeconds: optional(integer(1, 259_200, `${PARALLEL}: retry_settings.timeout is in (0, 259200]`)),
    }),
  ),
  errorThreshold: optional(integer(-1, MOST, `${MODELS}.errorThreshold`)),
  outputAction: optional(
    text("AppendRow or SummaryOnly", /^(AppendRow|SummaryOnly)$/, `${MODELS}.outputAction`),
  ),
  outputFileName: optional(
    text(
      'the name of a file, without a folder and without any of \\ / : * ? " < > |',
      /^(?!\.{1,2}$)[^\\/:*?"<>|\n]{1,255}$/,
      `${BATCH}: settings.output_file_name is a name in the output's folder`,
    ),
  ),
  loggingLevel: optional(text("Info, Warning or Debug", /^(Info|Warning|Debug)$/, `${MODELS}.loggingLevel`)),
  environmentVariables: optional(recordOf(text("text", /^/))),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};

/** What a model alone has: a pipeline's steps say it themselves. */
const OF_MODELS = [
  "code",
  "environment",
  "instances",
  "instanceType",
  "miniBatchSize",
  "concurrencyPerInstance",
  "retries",
  "errorThreshold",
  "outputAction",
  "outputFileName",
  "loggingLevel",
  "environmentVariables",
] as const satisfies readonly (keyof BatchDeploymentArgs)[];

export const batchDeploymentConstraints: readonly Constraint<BatchDeploymentArgs>[] = [
  ...scoringCodeConstraints,
  {
    id: "batch-deployment-nothing-to-run",
    source: `${BATCH}: model is required of a model deployment, component of a pipeline component deployment`,
    problems: ({ model, pipelineComponent }) =>
      model === undefined && pipelineComponent === undefined
        ? [{ path: "model", value: undefined, reason: "it or pipelineComponent must say what runs" }]
        : [],
  },
  {
    id: "batch-deployment-model-and-pipeline",
    source: `${BATCH}: a deployment is of type model or of type pipeline`,
    problems: ({ model, pipelineComponent }) =>
      model !== undefined && pipelineComponent !== undefined
        ? [
            {
              path: "pipelineComponent",
              value: pipelineComponent,
              reason: "it must not be given with a model",
            },
          ]
        : [],
  },
  {
    id: "batch-deployment-model-settings-of-pipeline",
    source: `${BATCH}: YAML syntax for pipeline component deployments`,
    problems: ({ pipelineComponent, ...args }) =>
      pipelineComponent === undefined
        ? []
        : OF_MODELS.filter((key) => args[key] !== undefined).map((path) => ({
            path,
            value: args[path],
            reason: "it must not be given with pipelineComponent, whose steps say it themselves",
          })),
  },
  {
    id: "batch-deployment-needs-compute",
    source: `${BATCH}: compute is required of a model deployment`,
    problems: ({ model, compute }) =>
      model !== undefined && compute === undefined
        ? [{ path: "compute", value: undefined, reason: "it must say what the model runs on" }]
        : [],
  },
  {
    id: "batch-deployment-compute-elsewhere",
    source: `${BATCH}: compute is one in the workspace`,
    problems: ({ endpointId, compute }) => elsewhere("compute", endpointId, compute),
  },
  {
    id: "batch-deployment-model-elsewhere",
    source: `${BATCH}: model is a version in the workspace`,
    problems: ({ endpointId, model }) => {
      if (typeof endpointId !== "string" || typeof model !== "string") return [];
      return versionIdOf(workspaceIdOf(endpointId), model) === undefined
        ? [{ path: "model", value: model, reason: "it must be registered in the endpoint's workspace" }]
        : [];
    },
  },
  {
    id: "batch-deployment-component-elsewhere",
    source: `${BATCH}: component is in the workspace or in a registry`,
    problems: ({ endpointId, pipelineComponent }) => {
      const { componentId } = Object(pipelineComponent) as Partial<PipelineComponent>;
      if (typeof componentId === "string" && componentId.startsWith("azureml://")) return [];
      return elsewhere("pipelineComponent.componentId", endpointId, componentId);
    },
  },
  {
    id: "batch-deployment-file-name-of-summary",
    source: "azure-ai-ml, BatchDeployment: with summary_only no output_file_name is specified",
    problems: ({ outputAction, outputFileName }) =>
      outputAction === "SummaryOnly" && outputFileName !== undefined
        ? [
            {
              path: "outputFileName",
              value: outputFileName,
              reason: "it must not be given with outputAction SummaryOnly: there the script names its files",
            },
          ]
        : [],
  },
];

function elsewhere(path: string, endpointId: unknown, id: unknown): Problem[] {
  if (typeof endpointId !== "string" || typeof id !== "string") return [];
  return isInWorkspace(workspaceIdOf(endpointId), id)
    ? []
    : [{ path, value: id, reason: "it must be in the endpoint's workspace" }];
}
