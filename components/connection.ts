import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { workspaceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import {
  connectionConstraints,
  connectionRules,
  type ConnectionArgs,
  type ConnectionAuth,
} from "./connection-args";

type Properties = ml.WorkspaceConnectionArgs["properties"];

/**
 * A connection of a workspace to something outside it: an address, and how jobs and flows sign in there. Without a secret where that is possible. Costs nothing itself.
 */
export class Connection extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Connection", name, {}, opts);
    args = checkArgs("Connection", name, args, connectionRules, connectionConstraints);
    const { auth = { type: "AAD" } } = args;
    const workspace = pulumi.output(args.workspaceId).apply(workspaceParts);
    const properties = {
      authType: auth.type,
      category: args.category,
      target: args.target,
      ...credentialsOf(auth),
      metadata: args.metadata,
      isSharedToAll: args.sharedToAll ?? false,
    };
    const connection = new ml.WorkspaceConnection(
      name,
      {
        connectionName: args.connectionName,
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        properties: properties as Properties,
      },
      // It holds no data: a protection of the stack's data would only keep its secret from being taken back.
      { parent: this, protect: false },
    );

    this.id = connection.id;
    this.name = connection.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

/** What Azure ML keeps and never shows again; all of it is secret here, names too. */
function credentialsOf(auth: ConnectionAuth): object {
  const credentials = Object.fromEntries(Object.entries(auth).filter(([key]) => key !== "type"));
  return Object.keys(credentials).length === 0 ? {} : { credentials: pulumi.secret(credentials) };
}
