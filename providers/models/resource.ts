import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { LocalPlace } from "./places";

type Text = pulumi.Input<string | undefined>;

/** As `ModelVersionInputs`, before `check`. */
export interface ModelVersionArgs {
  readonly path?: pulumi.Input<LocalPlace | undefined>;
  readonly source?: Text;
  readonly sourceServer?: pulumi.Input<object | undefined>;
  readonly workspaceId?: Text;
  readonly registryId?: Text;
  readonly server?: pulumi.Input<object | undefined>;
  readonly name: pulumi.Input<string>;
  readonly type?: Text;
  readonly fix?: pulumi.Input<boolean | undefined>;
  readonly accept?: pulumi.Input<object | undefined>;
  readonly expectedDigest?: Text;
  readonly description?: Text;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** One version of a registered model; its id is the version's ARM id, on an MLflow server `models:/NAME/VERSION`. Other content replaces it: the next version is made first, then this one goes as `onDelete` says. */
abstract class ModelVersion extends DynamicResource {
  declare readonly version: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly modelUri: pulumi.Output<string>;

  constructor(
    folder: string,
    type: string,
    name: string,
    args: ModelVersionArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const outputs = { version: undefined, digest: undefined, modelUri: undefined, contents: undefined };
    super(folder, type, name, { ...args, ...outputs }, opts);
  }
}

export class MlflowModelVersion extends ModelVersion {
  constructor(name: string, args: ModelVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("mlflow-model", "MlflowModel", name, args, opts);
  }
}

export class CustomModelVersion extends ModelVersion {
  constructor(name: string, args: ModelVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("custom-model", "CustomModel", name, args, opts);
  }
}
