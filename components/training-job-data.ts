import type * as pulumi from "@pulumi/pulumi";
import { literalOr, objectOf, oneOf, optional, recordOf, text, type Rules } from "../providers/rules";

/** Files that a job reads: at an address, or here; one of the two. */
export interface TrainingInputFiles {
  /** `uri_file`, `uri_folder`, `mltable` (a folder with a file `MLTable`), `mlflow_model`, `custom_model` or `triton_model`. */
  readonly type: pulumi.Input<
    "uri_file" | "uri_folder" | "mltable" | "mlflow_model" | "custom_model" | "triton_model"
  >;
  /**
   * Where they are: `azureml://datastores/NAME/paths/…`, `azureml://jobs/JOB/outputs/…`, `https://…`, `abfss://…`, `wasbs://…`, or a version of data or of a model (`DataAsset`'s or
   * `MlflowModel`'s `id`, or `azureml:NAME:VERSION`). An address is named and not copied, so that the job doesn't know when the files change: `rerun` then makes another run.
   */
  readonly uri?: pulumi.Input<string>;
  /** A file or folder here, relative to the program's own folder, which is uploaded to the workspace's blob store. Its content counts: other files make another run. */
  readonly path?: pulumi.Input<string>;
  /**
   * How the job gets at them: `ReadOnlyMount`, `ReadWriteMount`, `Download`, `Direct` (the address alone), for `mltable` also `EvalMount` and `EvalDownload`. As Azure ML has it
   * for the type by default: `ReadOnlyMount`, of a table `EvalMount`.
   */
  readonly mode?: pulumi.Input<
    "ReadOnlyMount" | "ReadWriteMount" | "Download" | "Direct" | "EvalMount" | "EvalDownload"
  >;
}

/** What a job reads: a value that is written into the command as it is, or files. */
export type TrainingInput =
  pulumi.Input<string> | pulumi.Input<number> | pulumi.Input<boolean> | TrainingInputFiles;

/** What a job writes. */
export interface TrainingJobOutput {
  /** `uri_folder`, `uri_file`, `mltable`, `mlflow_model`, `custom_model` or `triton_model`. */
  readonly type: pulumi.Input<
    "uri_file" | "uri_folder" | "mltable" | "mlflow_model" | "custom_model" | "triton_model"
  >;
  /** `ReadWriteMount`, `Upload` (when the job ends) or `Direct`. `ReadWriteMount` by default, as Azure ML has it. */
  readonly mode?: pulumi.Input<"ReadWriteMount" | "Upload" | "Direct">;
  /** Where it goes, `azureml://datastores/NAME/paths/…`. A folder of the job's own in the workspace's blob store by default. */
  readonly uri?: pulumi.Input<string>;
}

export const DATA = "docs:how-to-read-write-data-v2";

const types = oneOf("uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model");

const ADDRESS =
  /^((azureml|https|abfss|wasbs):\/\/.+|azureml:[^:/]+:[^:/]+|\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+\/(data|models)\/[^/]+\/versions\/[^/]+)$/i;
const DATASTORE =
  /^azureml:\/\/(subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(providers\/Microsoft\.MachineLearningServices\/)?workspaces\/[^/]+\/)?datastores\/\w+\/paths\/.+$/i;

export const trainingInputFilesRules: Rules<TrainingInputFiles> = {
  type: types,
  uri: optional(
    text(
      "azureml://…, https://…, abfss://…, wasbs://…, or a version of data or of a model as ARM id or azureml:NAME:VERSION",
      ADDRESS,
      `${DATA}: paths of a job's inputs`,
    ),
  ),
  path: optional(text("the path of a file or folder")),
  mode: optional(oneOf("ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload")),
};

/** What a job reads. */
export const trainingInput = literalOr(objectOf(trainingInputFilesRules));

export const trainingInputs = recordOf(trainingInput);

export const trainingOutputs = recordOf(
  objectOf<TrainingJobOutput>({
    type: types,
    mode: optional(oneOf("ReadWriteMount", "Upload", "Direct")),
    uri: optional(
      text("azureml://datastores/NAME/paths/PATH", DATASTORE, `${DATA}: outputs go to a datastore`),
    ),
  }),
);
