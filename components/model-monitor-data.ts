import type * as types from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import { armId, objectOf, oneOf, optional, recordOf, rule, text } from "../providers/rules";
import { batchInputUri } from "./batch-run-args";

/** What a monitor reads: data that production has written, or what that is compared with. */
export interface MonitoredData {
  /** Where it is: a version of a data asset (`DataAsset`'s `id`, or `azureml:NAME:VERSION`), `azureml://datastores/NAME/paths/…`, or `https://ACCOUNT.blob.core.windows.net/…`. */
  readonly uri: pulumi.Input<string>;
  /** Of what is at `uri`: `mltable` (the default) or `uri_folder`, which needs `preprocessingComponentId` unless the deployment's data collector writes it. */
  readonly type?: pulumi.Input<"mltable" | "uri_folder">;
  /** What it holds: `model_inputs`, `model_outputs`, `training`, `test`, `validation` or `ground_truth`. */
  readonly context: pulumi.Input<string>;
  /** The names of columns by what they are for, as `{ correlation_id: "id" }`. None by default. */
  readonly columns?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** ARM id of the component's version that makes a table of the files. With `trailing` or `between` alone. None by default. */
  readonly preprocessingComponentId?: pulumi.Input<string>;
  /** The rows of the time before each run. All of them without this and `between`. */
  readonly trailing?: TrailingWindow;
  /** The rows between two times, the same at each run. */
  readonly between?: FixedWindow;
}

/** A window that ends some time before each run. */
export interface TrailingWindow {
  /** Its length as an ISO 8601 duration: `P7D` for a week. */
  readonly size: pulumi.Input<string>;
  /** From its end to the run, as an ISO 8601 duration. `P0D` by default. */
  readonly offset?: pulumi.Input<string>;
}

/** A window that stays. */
export interface FixedWindow {
  /** Its start, in UTC: `2026-01-31T00:00:00Z`. */
  readonly start: pulumi.Input<string>;
  /** Its end, later than the start, in UTC. */
  readonly end: pulumi.Input<string>;
}

const DURATION = /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/;
const ISO_DURATION = "an ISO 8601 duration, as P7D";

const utcTime = rule(
  (value) =>
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  "a time in UTC, as 2026-01-31T00:00:00Z",
  "models 2025-12-01, StaticInputData: windowStart and windowEnd are date-times",
);

export const monitoredData = objectOf<MonitoredData>({
  uri: batchInputUri,
  type: optional(oneOf("mltable", "uri_folder")),
  context: rule(
    (value) => typeof value === "string" && CONTEXTS.includes(value),
    "model_inputs, model_outputs, training, test, validation or ground_truth",
    "azure-ai-ml, MonitorDatasetContext",
  ),
  columns: optional(recordOf(text("the name of a column"))),
  preprocessingComponentId: optional(
    armId("Microsoft.MachineLearningServices/workspaces/components/versions"),
  ),
  trailing: optional(
    objectOf<TrailingWindow>({
      size: rule(
        (value) => typeof value === "string" && DURATION.test(value) && /[1-9]/.test(value),
        `${ISO_DURATION}, longer than nothing`,
        "models 2025-12-01, RollingInputData.windowSize: a duration",
      ),
      offset: optional(
        text(ISO_DURATION, DURATION, "models 2025-12-01, RollingInputData.windowOffset: a duration"),
      ),
    }),
  ),
  between: optional(objectOf<FixedWindow>({ start: utcTime, end: utcTime })),
});

const CONTEXTS: readonly string[] = [
  "model_inputs",
  "model_outputs",
  "training",
  "test",
  "validation",
  "ground_truth",
];

type InputData =
  | types.input.machinelearningservices.FixedInputDataArgs
  | types.input.machinelearningservices.RollingInputDataArgs
  | types.input.machinelearningservices.StaticInputDataArgs;

/** Such data in ARM. */
export function inputData(data: MonitoredData): InputData {
  const { uri, type = "mltable", context, columns, preprocessingComponentId, trailing, between } = data;
  const common = { uri, jobInputType: type, dataContext: context, columns };
  if (trailing !== undefined)
    return {
      ...common,
      inputDataType: "Rolling",
      preprocessingComponentId,
      windowSize: trailing.size,
      windowOffset: trailing.offset ?? "P0D",
    };
  if (between !== undefined)
    return {
      ...common,
      inputDataType: "Static",
      preprocessingComponentId,
      windowStart: between.start,
      windowEnd: between.end,
    };
  return { ...common, inputDataType: "Fixed" };
}
