/** Kinds of data and of models that a job reads and writes, as Azure ML names them. */
export type TrainingDataType =
  "uri_file" | "uri_folder" | "mltable" | "mlflow_model" | "custom_model" | "triton_model";

/** What is written into the command as it is. */
export type TrainingLiteral = string | number | boolean;

/** Files that a job reads: at an address, or here. */
export interface TrainingFiles {
  readonly type: TrainingDataType;
  /** `azureml://…`, `https://…`, the ARM id of a version of data or of a model, or `azureml:NAME:VERSION`. */
  readonly uri?: string;
  /** File or folder to upload, relative to the program's own folder. */
  readonly path?: string;
  /** How the job gets at them: ARM's word. */
  readonly mode?: string;
}

export type TrainingInputs = Readonly<Record<string, TrainingLiteral | TrainingFiles>>;

/** What a job writes. */
export interface TrainingOutput {
  readonly type: TrainingDataType;
  readonly mode?: string;
  /** Where it goes; Azure ML chooses a place by default. */
  readonly uri?: string;
}

/** How the processes of several machines find one another. */
export type TrainingDistribution =
  | { readonly kind: "PyTorch" | "Mpi"; readonly processCountPerInstance?: number }
  | { readonly kind: "TensorFlow"; readonly workerCount?: number; readonly parameterServerCount?: number };

/** Who the job acts as. */
export type TrainingIdentity =
  { readonly kind: "AMLToken" | "UserIdentity" } | { readonly kind: "Managed"; readonly identityId?: string };

/** What the program declares of any job that trains. */
export interface JobInputs {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  /** What the job's name begins with. */
  readonly prefix: string;
  readonly inputs?: TrainingInputs;
  readonly outputs?: Readonly<Record<string, TrainingOutput>>;
  /** ARM id; serverless without. */
  readonly computeId?: string;
  readonly instanceCount?: number;
  readonly experimentName: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Another value makes another run. */
  readonly rerun?: string;
  readonly wait: boolean;
  /** How long to wait. */
  readonly deadlineSeconds: number;
  /** What becomes of a job that has not ended when the resource goes. */
  readonly onDestroy: "cancel" | "leave";
  /** What the inputs are; `check` puts it in. */
  readonly inputsDigest?: string;
}

/** What the program declares of a job that runs a command: once, or once a trial. */
export interface CommandInputs extends JobInputs {
  readonly command: string;
  /** ARM id of the version of the code. */
  readonly codeId?: string;
  /** ARM id of the version of the environment. */
  readonly environmentId: string;
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly resources?: {
    readonly instanceType?: string;
    readonly shmSize?: string;
    readonly dockerArgs?: string;
  };
  readonly distribution?: TrainingDistribution;
  readonly queueSettings?: { readonly jobTier?: string };
  readonly identity?: TrainingIdentity;
}

/** What the program declares of a job that runs a command once. */
export interface TrainingJobInputs extends CommandInputs {
  readonly limits?: { readonly timeoutSeconds?: number };
}

/** What is known of any job that trains. */
export interface Told {
  /** Of the job, and of its MLflow run. */
  readonly runId: string;
  /** ARM's word: `Running`, `Completed`, `Failed`, … */
  readonly status: string;
}

/** What a run has told so far. */
export interface TrainingResult extends Told {
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  /** The run's tags but MLflow's own. */
  readonly runTags: Readonly<Record<string, string>>;
  /** Address of each declared output. */
  readonly outputUris: Readonly<Record<string, string>>;
  /** Address of each model that the run logged, `runs:/RUN/PATH`, by its path. */
  readonly models: Readonly<Record<string, string>>;
}

/** What the state holds; the resource's id is the job's ARM id. */
export interface TrainingJobOutputs extends TrainingJobInputs, TrainingResult {}
