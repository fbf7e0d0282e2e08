import * as pulumi from "@pulumi/pulumi";
import { MlflowRegisteredModel } from "../providers/registered-model/resource";
import { checkArgs } from "./args";
import {
  registeredModelConstraints,
  registeredModelRules,
  type RegisteredModelArgs,
} from "./registered-model-args";

/**
 * A registered model without its versions: a name with a description and tags, in a workspace or on any MLflow server (2.22 or later). `MlflowModel` registers versions,
 * and makes the model where it isn't declared.
 */
export class RegisteredModel extends pulumi.ComponentResource {
  /** What `MlflowModel`'s `modelName` takes, so that versions wait for the model. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: RegisteredModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:RegisteredModel", name, {}, opts);
    args = checkArgs("RegisteredModel", name, args, registeredModelRules, registeredModelConstraints);
    const { modelName, server, onDelete = "retain", ...rest } = args;
    const model = new MlflowRegisteredModel(
      name,
      { ...rest, server: server && pulumi.output(server), name: modelName, onDelete },
      { parent: this },
    );

    this.name = pulumi.all([modelName, model.urn]).apply(([given]) => given);
    this.registerOutputs({ name: this.name });
  }
}
