import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { BatchRunFiles } from "./types";

export interface BatchRunJobArgs {
  readonly endpointId: pulumi.Input<string>;
  readonly deployment?: pulumi.Input<string | undefined>;
  readonly input: pulumi.Input<{
    readonly uri?: pulumi.Input<string | undefined>;
    readonly type?: pulumi.Input<string | undefined>;
    readonly path?: pulumi.Input<string | undefined>;
  }>;
  readonly outputUri?: pulumi.Input<string | undefined>;
  readonly rerun?: pulumi.Input<string | undefined>;
  readonly wait: pulumi.Input<boolean>;
  readonly deadlineSeconds: pulumi.Input<number>;
  readonly onDestroy: pulumi.Input<string>;
}

/** One job of a batch endpoint; its id is the job's ARM id. Another input or deployment replaces it: the next job runs first, then this one goes as `onDestroy` says. */
export class BatchRunJob extends DynamicResource {
  declare readonly jobName: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string>;
  declare readonly jobOutputUri: pulumi.Output<string>;
  declare readonly outputUris: pulumi.Output<string[]>;
  declare readonly files: pulumi.Output<BatchRunFiles>;
  declare readonly rows: pulumi.Output<number | undefined>;

  constructor(name: string, args: BatchRunJobArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      jobName: undefined,
      status: undefined,
      jobOutputUri: undefined,
      outputUris: undefined,
      files: undefined,
      rows: undefined,
    };
    super("batch-run", "BatchRun", name, { ...args, ...outputs }, opts);
  }
}
