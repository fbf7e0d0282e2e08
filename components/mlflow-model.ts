import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { resourceParts } from "../providers/clients/arm-id";
import { MlflowModelVersion } from "../providers/mlflow-model/resource";
import { inspectModel } from "../providers/mlflow-model/mlmodel";
import { armId, oneOf, optional, tags, text, type Rules } from "../providers/rules";
import { checkArgs } from "./args";
import type { Tags } from "./tags";

export interface MlflowModelArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Name of the registered model, as `churn`. */
  readonly modelName: pulumi.Input<string>;
  /** Folder with an `MLmodel`, as `mlflow.<flavor>.save_model` leaves it; relative to the program's folder. */
  readonly path: pulumi.Input<string>;
  /** Of the version, shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the version. */
  readonly tags?: Tags;
  /** `retain` (the default): versions outlive the stack. `delete`: a version goes when another takes its place, or the resource goes. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

export const mlflowModelRules: Rules<MlflowModelArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  modelName: text("a name"),
  path: text("the path of a folder"),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  onDelete: optional(oneOf("retain", "delete")),
};

/**
 * A version of an MLflow model in the workspace's registry, made from a local folder. The folder's content is its identity: the same
 * content never makes a second version, other content makes the next one, and a version is never overwritten.
 */
export class MlflowModel extends pulumi.ComponentResource {
  /** ARM id of the version; a deployment's `model` takes it. */
  declare readonly id: pulumi.Output<string>;
  /** Name of the registered model. */
  declare readonly name: pulumi.Output<string>;
  /** A positive whole number. */
  declare readonly version: pulumi.Output<string>;
  /** SHA-256 of the folder's content; known in a preview. */
  declare readonly digest: pulumi.Output<string>;
  /** Where the files are, as `azureml://…`. */
  declare readonly modelUri: pulumi.Output<string>;

  constructor(name: string, args: MlflowModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:MlflowModel", name, {}, opts);
    args = checkArgs("MlflowModel", name, args, mlflowModelRules);

    const path = pulumi.output(args.path).apply((folder) => {
      for (const warning of inspectModel(resolve(folder)).warnings)
        void pulumi.log.warn(`${folder}: ${warning}`, this);
      return folder;
    });
    const version = new MlflowModelVersion(
      name,
      {
        workspaceId: args.workspaceId,
        name: args.modelName,
        path,
        onDelete: args.onDelete ?? "retain",
        description: args.description,
        tags: args.tags,
      },
      // A new version replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = version.id;
    this.name = pulumi.output(args.modelName);
    // From the id, which a preview of changed tags knows.
    this.version = version.id.apply((id) => resourceParts(id).name);
    this.digest = version.digest;
    this.modelUri = version.modelUri;
    this.registerOutputs({
      id: this.id,
      name: this.name,
      version: this.version,
      digest: this.digest,
      modelUri: this.modelUri,
    });
  }
}
