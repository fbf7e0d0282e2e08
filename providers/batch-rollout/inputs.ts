import type { BatchDeploymentBody } from "./azure";
import type { Proof } from "./sample";
import type { Phase } from "./types";

export interface BatchRolloutInputs {
  /** ARM id of the batch endpoint. */
  readonly endpointId: string;
  /** What the names of the generations begin with. */
  readonly prefix: string;
  /** What `check` puts here: the name of the wanted generation. */
  readonly generation?: string;
  readonly deployment: BatchDeploymentBody;
  readonly proof: Proof;
  readonly maxProofSeconds: number;
  readonly retireAfterSeconds: number;
  readonly keepGenerations: number;
  readonly retry?: string;
}

export interface BatchRolloutOutputs extends BatchRolloutInputs {
  readonly phase: Phase | "Advancing";
}
