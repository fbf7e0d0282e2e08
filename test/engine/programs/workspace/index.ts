import * as pulumi from "@pulumi/pulumi";
import { Workspace, type WorkspaceArgs } from "pulumi-azureml";

/** One workspace, as the stack's configuration says. */
const config = new pulumi.Config();
const workspace = new Workspace("ws", config.requireObject<WorkspaceArgs>("args"));

export const { id, name } = workspace;
