import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface PurgeArgs {
  readonly targetId: pulumi.Input<string>;
  readonly onDelete: pulumi.Input<string>;
}

/**
 * Removes for good, when it is deleted itself, what Azure would keep hidden under its name. It is declared in either mode, so that a
 * program that goes from "purge" to "softDelete" changes this resource instead of dropping it, which would purge what lives.
 */
export class Purge extends DynamicResource {
  constructor(name: string, args: PurgeArgs, opts?: pulumi.CustomResourceOptions) {
    super("purge", "Purge", name, { ...args }, opts);
  }
}
