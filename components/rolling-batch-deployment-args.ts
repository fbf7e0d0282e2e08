import type * as pulumi from "@pulumi/pulumi";
import { integer, optional, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import {
  batchDeploymentConstraints,
  batchDeploymentRules,
  type BatchDeploymentArgs,
} from "./batch-deployment-args";
import { batchProofConstraints, batchProofRule, type BatchProof } from "./batch-proof-args";

/**
 * Tags and description change in place; everything else of the deployment, the model first of all, makes another generation. But for its input,
 * the proof is no output: a preview has to know it.
 */
export interface RollingBatchDeploymentArgs extends BatchDeploymentArgs {
  /** The job that a generation has to do well before it is the default. */
  readonly proof: BatchProof;
  /** Seconds that this job may take, with the start of machines; later it is cancelled and is no proof. 3600 by default. */
  readonly maxProofSeconds?: number;
  /** How many former generations are kept, to go back to without a job. 1 by default: a deployment without jobs costs nothing. */
  readonly keepGenerations?: number;
  /** Seconds that a generation beyond those is kept; the first `up` after that deletes it. 0 by default. */
  readonly retireAfterSeconds?: number;
  /** A generation that failed is refused until this is another text than it was then. */
  readonly retry?: pulumi.Input<string>;
}

const seconds = (least: number): ReturnType<typeof integer> => integer(least, 604_800);

export const rollingBatchDeploymentRules: Rules<RollingBatchDeploymentArgs> = {
  ...batchDeploymentRules,
  proof: batchProofRule,
  maxProofSeconds: optional(seconds(1)),
  keepGenerations: optional(integer(0, 18, "docs:how-to-manage-quotas")),
  retireAfterSeconds: optional(seconds(0)),
  retry: optional(text("text")),
};

export const rollingBatchDeploymentConstraints: readonly Constraint<RollingBatchDeploymentArgs>[] = [
  ...batchDeploymentConstraints,
  ...batchProofConstraints,
];
