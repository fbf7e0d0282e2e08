import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface MlflowModelVersionArgs {
  readonly workspaceId: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly path: pulumi.Input<string>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** One version of a registered model; its id is the version's ARM id. Other content replaces it: the next version is made first, then this one goes as `onDelete` says. */
export class MlflowModelVersion extends DynamicResource {
  declare readonly version: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly modelUri: pulumi.Output<string>;

  constructor(name: string, args: MlflowModelVersionArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { version: undefined, digest: undefined, modelUri: undefined };
    super("mlflow-model", "MlflowModel", name, { ...args, ...outputs }, opts);
  }
}
