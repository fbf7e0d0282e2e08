import * as pulumi from "@pulumi/pulumi";
import { CustomModelVersion } from "../providers/models/resource";
import { NO_TRITON } from "../providers/models/server-addresses";
import { oneOf, optional, type Rules } from "../providers/rules";
import { checkArgs, type Constraint } from "./args";
import {
  modelVersionConstraints,
  modelVersionRules,
  versionOf,
  versionInputs,
  type ModelVersionArgs,
} from "./model-version-args";

export interface CustomModelArgs extends ModelVersionArgs {
  /**
   * `custom_model` (the default): files that a scoring script of one's own loads. `triton_model`: a repository of NVIDIA Triton, `NAME/VERSION/FILE`, at the top or below a folder
   * `triton`, which Azure ML serves without code and an MLflow server doesn't take. Another one makes another version.
   */
  readonly type?: pulumi.Input<"custom_model" | "triton_model">;
}

export const customModelRules: Rules<CustomModelArgs> = {
  ...modelVersionRules,
  type: optional(oneOf("custom_model", "triton_model")),
};
export const customModelConstraints: readonly Constraint<CustomModelArgs>[] = [
  ...modelVersionConstraints,
  {
    id: "custom-model-no-triton-on-server",
    source: "MLflow, entities/model_registry/model_version.py: a version has no type",
    problems: ({ server, type }) =>
      server !== undefined && type === "triton_model"
        ? [{ path: "type", value: type, reason: NO_TRITON }]
        : [],
  },
];

/**
 * A version of a model that is not MLflow's, registered as `MlflowModel` registers: by its content, from the same sources, in the same registries. A deployment of it brings a scoring
 * script and an environment along, or serves it by Triton.
 */
export class CustomModel extends pulumi.ComponentResource {
  /** ARM id of the version, which a deployment's `model` takes; on an MLflow server `models:/NAME/VERSION`. */
  declare readonly id: pulumi.Output<string>;
  /** Name of the registered model. */
  declare readonly name: pulumi.Output<string>;
  /** A positive whole number. */
  declare readonly version: pulumi.Output<string>;
  /** SHA-256 over the files' paths and bytes. Known in a preview, but for a source whose files have to be read first. */
  declare readonly digest: pulumi.Output<string>;
  /** Where the files are: `azureml://…`, in an organisation registry `https://…`, on an MLflow server `mlflow-artifacts:/…`. */
  declare readonly modelUri: pulumi.Output<string>;

  constructor(name: string, args: CustomModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:CustomModel", name, {}, opts);
    args = checkArgs("CustomModel", name, args, customModelRules, customModelConstraints);
    const version = new CustomModelVersion(
      name,
      { ...versionInputs(args), type: pulumi.output(args.type).apply((type) => type ?? "custom_model") },
      // A new version replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = version.id;
    this.name = pulumi.output(args.modelName);
    this.version = version.id.apply(versionOf);
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
