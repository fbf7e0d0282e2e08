import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import type { DatastoreInputs } from "./types";

type Declared = Omit<DatastoreInputs, "credentials" | "secretVersion" | "tags">;
type WorkspaceDatastoreArgs = { readonly [K in keyof Declared]: pulumi.Input<Declared[K]> } & {
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
};

/** A workspace's datastore; its id is the datastore's ARM id. The account's key goes from the vault to Azure ML and is kept nowhere between. */
export class WorkspaceDatastore extends DynamicResource {
  constructor(name: string, args: WorkspaceDatastoreArgs, opts?: pulumi.CustomResourceOptions) {
    super("datastore", "Datastore", name, { ...args }, opts);
  }
}
