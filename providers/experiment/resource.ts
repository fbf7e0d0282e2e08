import type * as pulumi from "@pulumi/pulumi";
import type { MlflowServer } from "../clients/mlflow-server";
import { DynamicResource } from "../shell";

export interface MlflowExperimentArgs {
  readonly workspaceId?: pulumi.Input<string | undefined>;
  readonly server?: pulumi.Input<MlflowServer | undefined>;
  readonly name: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** An experiment of an MLflow server; its id is the server's. */
export class MlflowExperiment extends DynamicResource {
  declare readonly artifactLocation: pulumi.Output<string>;

  constructor(name: string, args: MlflowExperimentArgs, opts?: pulumi.CustomResourceOptions) {
    super("experiment", "Experiment", name, { ...args, artifactLocation: undefined }, opts);
  }
}
