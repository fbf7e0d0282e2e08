import * as pulumi from "@pulumi/pulumi";
import { BatchRollout } from "../providers/batch-rollout/resource";
import { checkArgs } from "./args";
import { batchDeploymentBody } from "./batch-deployment-body";
import {
  rollingBatchDeploymentConstraints,
  rollingBatchDeploymentRules,
  type RollingBatchDeploymentArgs,
} from "./rolling-batch-deployment-args";
import { scoringProperties } from "./scoring-code";

/**
 * A model behind a batch endpoint that changes without a bad day: another model, or another configuration, is made beside the default, scores a declared
 * sample, and becomes the default if its output is what it should be. Else the default stays, and the update fails with the reason and the end of the job's
 * log. The endpoint's default is this component's: `makeDefault` is not called.
 *
 * Whoever runs `up` needs to write and read blobs in the workspace's store, and to call the endpoint. Callers who name no deployment, and jobs that have begun,
 * notice nothing of a change.
 */
export class RollingBatchDeployment extends pulumi.ComponentResource {
  /** Name of the deployment that the model and configuration make, as a caller may name it. Known in a preview where these are. */
  declare readonly generation: pulumi.Output<string>;
  /** `Serving`: it is the default. `Advancing`: an `up` was cut off, or failed; the next goes on. */
  declare readonly phase: pulumi.Output<string>;

  constructor(name: string, args: RollingBatchDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:RollingBatchDeployment", name, {}, opts);
    args = checkArgs(
      "RollingBatchDeployment",
      name,
      args,
      rollingBatchDeploymentRules,
      rollingBatchDeploymentConstraints,
    );

    const endpointId = pulumi.output(args.endpointId);
    const rollout = new BatchRollout(
      name,
      {
        endpointId,
        prefix: name,
        deployment: batchDeploymentBody(args, scoringProperties(name, { ...args, endpointId }, this)),
        proof: proofOf(args),
        maxProofSeconds: args.maxProofSeconds ?? 3600,
        retireAfterSeconds: args.retireAfterSeconds ?? 0,
        keepGenerations: args.keepGenerations ?? 1,
        retry: args.retry,
      },
      { parent: this },
    );

    this.generation = rollout.generation;
    this.phase = rollout.phase;
    this.registerOutputs({ generation: this.generation, phase: this.phase });
  }
}

/** The proof, with where its lines will be and how they are written. */
function proofOf({
  proof,
  code,
  pipelineComponent,
  outputAction,
  outputFileName = "predictions.csv",
}: RollingBatchDeploymentArgs): pulumi.Inputs {
  const isOneFile = pulumi
    .output(outputAction)
    .apply((action) => pipelineComponent === undefined && action !== "SummaryOnly");
  return {
    ...proof,
    inputType: proof.inputType ?? "uri_folder",
    separator: code === undefined ? "," : " ",
    outputFileName: pulumi.all([isOneFile, outputFileName]).apply(([is, file]) => (is ? file : undefined)),
  };
}
