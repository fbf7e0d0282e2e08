import * as pulumi from "@pulumi/pulumi";
import { dynamicOptions, shell } from "../shell";
import type { PurgeInputs } from "./types";

const provider = shell<PurgeInputs, PurgeInputs>(() =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- this text runs by itself, in the dynamic-provider process
  require("module").createRequire(process.cwd() + "/package.json")("pulumi-azureml/internal/purge"),
);

export interface PurgeArgs {
  readonly targetId: pulumi.Input<string>;
  readonly onDelete: pulumi.Input<string>;
}

/**
 * Removes for good, when it is deleted itself, what Azure would keep hidden under its name. It is declared in either mode, so that a
 * program that goes from "purge" to "softDelete" changes this resource instead of dropping it, which would purge what lives.
 */
export class Purge extends pulumi.dynamic.Resource {
  constructor(name: string, args: PurgeArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, dynamicOptions(opts), "pulumi-azureml", "Purge");
  }
}
