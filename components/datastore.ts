import * as pulumi from "@pulumi/pulumi";
import { WorkspaceDatastore } from "../providers/datastore/resource";
import type { DatastoreStorage } from "../providers/datastore/types";
import { checkArgs } from "./args";
import { datastoreConstraints, datastoreRules, type DatastoreArgs } from "./datastore-args";

/**
 * A datastore: a name in the workspace for a container, file system or file share. Costs nothing itself.
 *
 * It takes no key by default. The default datastore of a workspace can be declared too: it is taken on, keeps being the default whatever changes,
 * and outlives the program's declaration of it.
 */
export class Datastore extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** What paths in it begin with, `azureml://datastores/NAME/paths/`; a data asset's `path` takes it. */
  declare readonly uri: pulumi.Output<string>;

  constructor(name: string, args: DatastoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Datastore", name, {}, opts);
    args = checkArgs("Datastore", name, args, datastoreRules, datastoreConstraints);
    const { datastoreName, storage, ...rest } = args;
    const datastore = new WorkspaceDatastore(
      name,
      { ...rest, name: datastoreName, storage: pulumi.output(storage) as pulumi.Output<DatastoreStorage> },
      // It leads to files and holds none: a protection of the stack's data would only keep it from being moved.
      { parent: this, protect: false },
    );

    this.id = datastore.id;
    this.name = pulumi.output(datastoreName);
    // From the id, so that jobs and data wait for the datastore.
    this.uri = datastore.id.apply((id) => `azureml://datastores/${id.slice(id.lastIndexOf("/") + 1)}/paths/`);
    this.registerOutputs({ id: this.id, name: this.name, uri: this.uri });
  }
}
