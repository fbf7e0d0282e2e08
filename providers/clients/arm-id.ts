import { ProviderError } from "./errors";

/** The parts of a resource's ARM id that Azure's requests and role assignments ask for one by one. */
export interface ResourceParts {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  /** The last segment: the resource's own name. */
  readonly name: string;
}

/** The parts of the id of something in a Machine Learning workspace, or of the workspace itself. */
export interface WorkspaceParts {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly workspaceName: string;
}

/** @throws ProviderError where the id is not a resource group's, nor of something in one */
export function resourceParts(id: string): ResourceParts {
  const [, subscriptions, subscriptionId, groups, resourceGroupName] = id.split("/");
  if (
    !subscriptionId ||
    !resourceGroupName ||
    subscriptions?.toLowerCase() !== "subscriptions" ||
    groups?.toLowerCase() !== "resourcegroups"
  )
    throw new ProviderError({ what: `"${id}" is not the ARM id of a resource` });
  return { subscriptionId, resourceGroupName, name: id.slice(id.lastIndexOf("/") + 1) };
}

/** @throws ProviderError where the id is not a workspace's, nor of something in one */
export function workspaceParts(id: string): WorkspaceParts {
  const { subscriptionId, resourceGroupName } = resourceParts(id);
  const [, , , , , , namespace, type, workspaceName] = id.split("/");
  if (
    !workspaceName ||
    `${namespace}/${type}`.toLowerCase() !== "microsoft.machinelearningservices/workspaces"
  )
    throw new ProviderError({
      what: `"${id}" is not the ARM id of a Machine Learning workspace, nor of something in one`,
    });
  return { subscriptionId, resourceGroupName, workspaceName };
}

/** ARM id of the resource group that a resource is in. */
export function resourceGroupIdOf(id: string): string {
  const { subscriptionId, resourceGroupName } = resourceParts(id);
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
}

/** ARM id of a workspace's model version, as ARM id or as `azureml:NAME:VERSION`; undefined for another's. */
export function versionIdOf(workspaceId: string, model: string): string | undefined {
  const [, name, version] = /^azureml:([^:/]+):([^:/]+)$/.exec(model) ?? [];
  if (name !== undefined && version !== undefined) return `${workspaceId}/models/${name}/versions/${version}`;
  const id = model.replace(/^azureml:(?=\/)/, "");
  return id.toLowerCase().startsWith(`${workspaceId.toLowerCase()}/models/`) ? id : undefined;
}

/** Whether an id is of something in the workspace. ARM ids are the same in either case. */
export function isInWorkspace(workspaceId: string, id: string): boolean {
  return id.toLowerCase().startsWith(`${workspaceId}/`.toLowerCase());
}

/** ARM id of the workspace that an online or batch endpoint, or something of one, is in. */
export function workspaceIdOf(endpointId: string): string {
  return endpointId.replace(/\/(online|batch)Endpoints\/.*$/i, "");
}
