import type * as pulumi from "@pulumi/pulumi";

/** Tags as Azure takes them. */
export type Tags = pulumi.Input<Record<string, pulumi.Input<string>>>;
