import type * as pulumi from "@pulumi/pulumi";
import {
  armId,
  flag,
  integer,
  kindOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  tags,
  text,
  type Rules,
} from "../providers/rules";
import { environmentRules, type BuildContext } from "./environment-args";
import { environmentVersion } from "./scoring-code";
import type { Tags } from "./tags";
import {
  trainingInputs,
  trainingOutputs,
  type TrainingInput,
  type TrainingJobOutput,
} from "./training-job-data";

/** What an environment is made of, as `Environment` takes it: exactly one of `image` and `build`. */
export interface TrainingEnvironment {
  /** A Docker image, as `mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1`; the same address is the same environment, whatever it leads to later. */
  readonly image?: pulumi.Input<string>;
  /** A conda environment file, relative to the program's folder, that is installed on top of `image`: YAML with `dependencies`. */
  readonly condaFile?: pulumi.Input<string>;
  /** What Azure builds an image from, in the workspace's container registry, at the first use. */
  readonly build?: BuildContext;
}

/** Processes that find one another by MPI or as PyTorch's do. */
export interface ProcessDistribution {
  /** How they find one another: by the environment variables of `torch.distributed`, or started by MPI. */
  readonly kind: "PyTorch" | "Mpi";
  /** Processes on each machine, from 1 on; for PyTorch as many as it has GPUs. 1 by default. */
  readonly processCountPerInstance?: pulumi.Input<number>;
}

/** TensorFlow's workers and parameter servers, each a process. */
export interface TensorFlowDistribution {
  readonly kind: "TensorFlow";
  /** As many as there are machines by default. */
  readonly workerCount?: pulumi.Input<number>;
  /** None by default. */
  readonly parameterServerCount?: pulumi.Input<number>;
}

/** What a job gets of a machine. */
export interface TrainingResources {
  /** Serverless: an Azure VM size, `Standard_DS3_v2`; one that Azure ML chooses by default. On a `KubernetesCompute`: one of its instance types. A cluster has its own. */
  readonly instanceType?: pulumi.Input<string>;
  /** The container's shared memory: a number and `b`, `k`, `m` or `g`. `2g` by default, as Azure ML has it. */
  readonly shmSize?: pulumi.Input<string>;
  /** Further arguments of `docker run`. None by default. */
  readonly dockerArgs?: pulumi.Input<string>;
}

export interface TrainingLimits {
  /** Seconds that the job may run, from 1 on; Azure ML then cancels it. No limit by default. */
  readonly timeoutSeconds?: pulumi.Input<number>;
}

export interface TrainingQueue {
  /** Of serverless machines: `Spot` (cheap, taken away at any time), `Basic`, `Standard` or `Premium`. As Azure ML has it by default. */
  readonly jobTier?: pulumi.Input<"Spot" | "Basic" | "Standard" | "Premium">;
}

/**
 * Who the job acts as: `AMLToken`, a token that Azure ML gives it; `UserIdentity`, who runs `up`; `Managed`, the compute's identity, or the user-assigned one of it with the
 * ARM id `identityId`.
 */
export type TrainingIdentity =
  | { readonly kind: "AMLToken" | "UserIdentity" }
  | { readonly kind: "Managed"; readonly identityId?: pulumi.Input<string> };

export interface TrainingJobArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** What runs, in a shell in the code's folder: `python train.py --data ${{inputs.data}} --rate ${{inputs.rate}} --model ${{outputs.model}}`. Another command makes another run. */
  readonly command: pulumi.Input<string>;
  /** The folder of code, relative to the program's own, which is uploaded to the workspace's blob store, but `.git`, `__pycache__`, `.DS_Store` and `__MACOSX`. Its content counts. None by default. */
  readonly code?: pulumi.Input<string>;
  /** ARM id of an environment's version in the workspace, which `Environment` has as `id`, or `azureml://registries/REGISTRY/environments/NAME/versions/VERSION`. This or `environment`. */
  readonly environmentId?: pulumi.Input<string>;
  /** An environment of the job's own, registered under the component's name: `image`, with `condaFile` or not, or `build`. This or `environmentId`. */
  readonly environment?: TrainingEnvironment;
  /** Of the job's processes. Everyone who may read the job sees them: they are no place for secrets. Others make another run. */
  readonly environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** By name, which the command has as `${{inputs.NAME}}`: letters, digits and underscores, no digit first. A number, text or flag is written into the command. Other values and files make another run. */
  readonly inputs?: Readonly<Record<string, TrainingInput>>;
  /** By name, which the command has as `${{outputs.NAME}}`, a path: letters, digits and underscores, no digit first; not `default`, which Azure ML has itself. */
  readonly outputs?: Readonly<Record<string, TrainingJobOutput>>;
  /** ARM id of a `ComputeCluster`, `ComputeInstance` or `KubernetesCompute` in the workspace. Serverless machines by default. One that isn't there is refused by a preview. */
  readonly computeId?: pulumi.Input<string>;
  /** How many machines, at most as many as the cluster may have. 1 by default. */
  readonly instanceCount?: pulumi.Input<number>;
  /** How the processes of all machines find one another; `instanceCount` goes with it. One process by default. */
  readonly distribution?: ProcessDistribution | TensorFlowDistribution;
  /** What the job gets of each machine. */
  readonly resources?: TrainingResources;
  /** How long it may run. */
  readonly limits?: TrainingLimits;
  /** How serverless machines are waited for. */
  readonly queueSettings?: TrainingQueue;
  /** Who it acts as. As Azure ML has it by default: `AMLToken`. */
  readonly identity?: TrainingIdentity;
  /** The experiment that the run is of; made where there is none. The component's name by default. */
  readonly experimentName?: pulumi.Input<string>;
  /** Shown in the studio. The job's name by default. Azure fixes it: another one is the next run's. */
  readonly displayName?: pulumi.Input<string>;
  /** Shown in the studio; it changes in place. None by default. */
  readonly description?: pulumi.Input<string>;
  /** Of the job; they change in place, and tags that others add stay. None by default. */
  readonly tags?: Tags;
  /** Any text; another one makes another run of the same. None by default. */
  readonly rerun?: pulumi.Input<string>;
  /** Whether `up` waits until the job has ended, and fails where the job does. True by default; otherwise `pulumi refresh` shows how far the job is. */
  readonly wait?: pulumi.Input<boolean>;
  /** Seconds that `up` waits, from 1 on; after that it fails while the job runs on, and the next `up` goes on waiting. 86 400 (a day) by default. */
  readonly deadlineSeconds?: pulumi.Input<number>;
  /** What becomes of a job that still runs when the resource goes, or another run takes its place: `cancel` (the default) or `leave`. What it has made and logged always stays. */
  readonly onDestroy?: pulumi.Input<"cancel" | "leave">;
}

const MODELS = "models 2025-12-01";
const MOST = 2_147_483_647;
const word = text("text", /^/);

/** How long `up` waits. */
export const TRAINING_SECONDS = 86_400;

/** Of every job that one command runs. */
export const jobSettingsRules: Rules<Omit<TrainingJobArgs, "command" | "code" | "inputs" | "outputs">> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  environmentId: optional(environmentVersion),
  environment: optional(
    objectOf<TrainingEnvironment>({
      image: environmentRules.image,
      condaFile: environmentRules.condaFile,
      build: environmentRules.build,
    }),
  ),
  environmentVariables: optional(recordOf(word)),
  computeId: optional(armId("Microsoft.MachineLearningServices/workspaces/computes")),
  instanceCount: optional(integer(1, MOST, `${MODELS}, JobResourceConfiguration: instanceCount`)),
  distribution: optional(
    kindOf("kind", {
      PyTorch: { processCountPerInstance: optional(integer(1, MOST, `${MODELS}, PyTorch`)) },
      Mpi: { processCountPerInstance: optional(integer(1, MOST, `${MODELS}, Mpi`)) },
      TensorFlow: {
        workerCount: optional(integer(1, MOST, `${MODELS}, TensorFlow`)),
        parameterServerCount: optional(integer(0, MOST, `${MODELS}, TensorFlow`)),
      },
    }),
  ),
  resources: optional(
    objectOf<TrainingResources>({
      instanceType: optional(text("an Azure VM size, or the name of an instance type", /^[\w.-]+$/)),
      shmSize: optional(
        text(
          "a number above 0 and b, k, m or g, as 2g",
          /^0*[1-9]\d*[bkmg]$/,
          `${MODELS}, JobResourceConfiguration: shmSize`,
        ),
      ),
      dockerArgs: optional(text("text")),
    }),
  ),
  limits: optional(
    objectOf<TrainingLimits>({
      timeoutSeconds: optional(integer(1, MOST, `${MODELS}, CommandJobLimits: timeout, whole seconds`)),
    }),
  ),
  queueSettings: optional(
    objectOf<TrainingQueue>({ jobTier: optional(oneOf("Spot", "Basic", "Standard", "Premium")) }),
  ),
  identity: optional(
    kindOf("kind", {
      AMLToken: {},
      UserIdentity: {},
      Managed: { identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")) },
    }),
  ),
  experimentName: optional(text("text")),
  displayName: optional(text("text")),
  description: optional(word),
  tags: optional(tags),
  rerun: optional(word),
  wait: optional(flag()),
  deadlineSeconds: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  onDestroy: optional(oneOf("cancel", "leave")),
};

export const trainingJobRules: Rules<TrainingJobArgs> = {
  command: text("a command with a text in it", /\S/, `${MODELS}, CommandJob: command is required`),
  code: optional(text("the path of a folder")),
  inputs: optional(trainingInputs),
  outputs: optional(trainingOutputs),
  ...jobSettingsRules,
};
