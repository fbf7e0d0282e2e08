import type * as pulumi from "@pulumi/pulumi";
import type { MlflowServer } from "../clients/mlflow-server";
import { DynamicResource } from "../shell";

export interface MlflowRegisteredModelArgs {
  readonly workspaceId?: pulumi.Input<string | undefined>;
  readonly server?: pulumi.Input<MlflowServer | undefined>;
  readonly name: pulumi.Input<string>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** A registered model of an MLflow server, without its versions; its id is its name when it was made. */
export class MlflowRegisteredModel extends DynamicResource {
  constructor(name: string, args: MlflowRegisteredModelArgs, opts?: pulumi.CustomResourceOptions) {
    super("registered-model", "RegisteredModel", name, { ...args }, opts);
  }
}
