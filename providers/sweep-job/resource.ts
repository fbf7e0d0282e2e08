import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { CommandArgs } from "../training-job/resource";
import type { CommandInputs } from "../training-job/types";
import type { SweepJobInputs } from "./types";

type Own = Omit<SweepJobInputs, keyof CommandInputs>;
type SweepArgs = CommandArgs & { readonly [K in keyof Own]: pulumi.Input<Own[K]> };

/** One sweep job with its trials; its id is the job's ARM id. Other code, data or parameters, or another search, replace it: the next sweep runs first, then this one goes as `onDestroy` says. */
export class Sweep extends DynamicResource {
  declare readonly runId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string>;
  declare readonly trials: pulumi.Output<number>;
  declare readonly bestRunId: pulumi.Output<string | undefined>;
  declare readonly metrics: pulumi.Output<Record<string, number>>;
  declare readonly params: pulumi.Output<Record<string, string>>;
  declare readonly outputUris: pulumi.Output<Record<string, string>>;
  declare readonly models: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SweepArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      runId: undefined,
      status: undefined,
      trials: undefined,
      bestRunId: undefined,
      metrics: undefined,
      params: undefined,
      outputUris: undefined,
      models: undefined,
    };
    super("sweep-job", "SweepJob", name, { ...args, ...outputs }, opts);
  }
}
