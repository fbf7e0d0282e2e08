import * as pulumi from "@pulumi/pulumi";
import { resolve } from "node:path";
import { archiveKind } from "../providers/assets/archive-kind";
import { inspectModel } from "../providers/mlflow-model/mlmodel";
import { MlflowModelVersion } from "../providers/models/resource";
import { flag, optional, type Rules } from "../providers/rules";
import { checkArgs, type Constraint } from "./args";
import { modelAcceptanceConstraints, modelAcceptanceRule, type ModelAcceptance } from "./model-acceptance";
import type { ModelPath } from "./model-path";
import {
  modelVersionConstraints,
  modelVersionRules,
  versionOf,
  versionInputs,
  type ModelVersionArgs,
} from "./model-version-args";

export interface MlflowModelArgs extends ModelVersionArgs {
  /**
   * `true` adds `azureml-ai-monitoring`, which Azure ML's no-code serving imports, to the requirements (`requirements.txt`, `conda.yaml`) of the copy that is registered; the model itself stays
   * as it is. With it the content is another, and so the version. By default nothing is added, and its lack is warned of.
   */
  readonly fix?: pulumi.Input<boolean>;
  /**
   * What the run that logged the model must have reached for a version to be registered; otherwise `up` fails with the figures and registers nothing, and so does a preview that knows them. Every model by default.
   * The run is the one that `source` names, or else the `MLmodel` file, in the workspace or on the MLflow server that the model comes from. What is a version already, by its content or its run, is not judged again: one can go back to it.
   */
  readonly accept?: ModelAcceptance;
}

export const mlflowModelRules: Rules<MlflowModelArgs> = {
  ...modelVersionRules,
  fix: optional(flag()),
  accept: optional(modelAcceptanceRule),
};
export const mlflowModelConstraints: readonly Constraint<MlflowModelArgs>[] = [
  ...modelVersionConstraints,
  ...modelAcceptanceConstraints,
];

/**
 * A version of an MLflow model in the registry of a workspace, of an organisation or of an MLflow server, made from a folder, a run, a job or another version. The content is its
 * identity: the same content never makes a second version, other content makes the next one, and a version is never overwritten.
 */
export class MlflowModel extends pulumi.ComponentResource {
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

  constructor(name: string, args: MlflowModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:MlflowModel", name, {}, opts);
    args = checkArgs("MlflowModel", name, args, mlflowModelRules, mlflowModelConstraints);

    const path = args.server === undefined ? args.path : undefined;
    const told =
      path &&
      pulumi.all([path, args.fix]).apply(([named, fix]) => {
        // Of what isn't a folder the provider warns: it reads archives anyway.
        if (typeof named === "string" && archiveKind(named) === undefined)
          for (const warning of inspectModel(resolve(named)).warnings)
            if (fix !== true || !warning.includes("fix")) void pulumi.log.warn(`${named}: ${warning}`, this);
        return named as ModelPath;
      });
    const inputs = versionInputs({ ...args, ...(told === undefined ? {} : { path: told }) });
    const version = new MlflowModelVersion(
      name,
      { ...inputs, fix: args.fix, accept: args.accept },
      // A new version replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = version.id;
    this.name = pulumi.output(args.modelName);
    // From the id, which a preview of changed tags knows.
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
