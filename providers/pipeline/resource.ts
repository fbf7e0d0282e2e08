import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { PipelineInputs, StepResult } from "./types";

type Declared = Omit<PipelineInputs, "inputsDigest" | "tags">;
type PipelineRunArgs = { readonly [K in keyof Declared]: pulumi.Input<Declared[K]> } & {
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
};

/** One pipeline job with its steps; its id is the job's ARM id. Other steps, code, data or parameters replace it: the next job runs first, then this one goes as `onDestroy` says. */
export class PipelineRun extends DynamicResource {
  declare readonly runId: pulumi.Output<string>;
  declare readonly status: pulumi.Output<string>;
  declare readonly stepRuns: pulumi.Output<Record<string, StepResult>>;
  declare readonly outputUris: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: PipelineRunArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { runId: undefined, status: undefined, stepRuns: undefined, outputUris: undefined };
    super("pipeline", "Pipeline", name, { ...args, ...outputs }, opts);
  }
}
