import * as pulumi from "@pulumi/pulumi";
import { dynamicOptions, shell } from "../shell";
import type { MlflowModelInputs, MlflowModelOutputs } from "./types";

const provider = shell<MlflowModelInputs, MlflowModelOutputs>(() =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- this text runs by itself, in the dynamic-provider process
  require("module").createRequire(process.cwd() + "/package.json")("pulumi-azureml/internal/mlflow-model"),
);

export interface MlflowModelVersionArgs {
  readonly workspaceId: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly path: pulumi.Input<string>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** One version of a registered model; its id is the version's ARM id. Other content replaces it: the next version is made first, then this one goes as `onDelete` says. */
export class MlflowModelVersion extends pulumi.dynamic.Resource {
  declare readonly version: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  declare readonly modelUri: pulumi.Output<string>;

  constructor(name: string, args: MlflowModelVersionArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { version: undefined, digest: undefined, modelUri: undefined };
    super(provider, name, { ...args, ...outputs }, dynamicOptions(opts), "pulumi-azureml", "MlflowModel");
  }
}
