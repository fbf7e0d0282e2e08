import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { CommandInputs, TrainingJobInputs } from "./types";

type Texts = pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
type Declared = Omit<CommandInputs, "inputsDigest" | "environmentVariables" | "tags">;

/** What a resource of any job takes of the command that it runs. */
export type CommandArgs = { readonly [K in keyof Declared]: pulumi.Input<Declared[K]> } & {
  readonly environmentVariables?: Texts;
  readonly tags?: Texts;
};

type TrainingRunArgs = CommandArgs & { readonly limits?: pulumi.Input<TrainingJobInputs["limits"]> };

/** One command job with its MLflow run; its id is the job's ARM id. Other code, data, parameters or environment replace it: the next job runs first, then this one goes as `onDestroy` says. */
export class TrainingRun extends DynamicResource {
  declare readonly runId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string>;
  declare readonly metrics: pulumi.Output<Record<string, number>>;
  declare readonly params: pulumi.Output<Record<string, string>>;
  declare readonly runTags: pulumi.Output<Record<string, string>>;
  declare readonly outputUris: pulumi.Output<Record<string, string>>;
  declare readonly models: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: TrainingRunArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      runId: undefined,
      status: undefined,
      metrics: undefined,
      params: undefined,
      runTags: undefined,
      outputUris: undefined,
      models: undefined,
    };
    super("training-job", "TrainingJob", name, { ...args, ...outputs }, opts);
  }
}
