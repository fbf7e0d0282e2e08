import type { FastifyRequest } from "fastify";
import type { Store, StoredResource } from "../arm/store";

/** What the MLflow parts know of a workspace; read from ARM at each request. */
export interface Workspace {
  /** ARM id, in the case it was created with. */
  readonly id: string;
  readonly name: string;
  /** `properties.workspaceId`. */
  readonly guid: string;
  /** The storage account's name. */
  readonly account: string;
  /** Host of the tracking URI: `{region}.api.azureml.ms`. */
  readonly host: string;
}

/** The workspace's route parameters; `caseSensitive: false` is what makes Azure's ids match in any case. */
export const WORKSPACE_ROUTE =
  "/subscriptions/:subscriptionId/resourceGroups/:resourceGroupName/providers/Microsoft.MachineLearningServices/workspaces/:workspaceName";

const TYPE = "microsoft.machinelearningservices/workspaces";

/** @returns undefined when ARM holds no such workspace */
export function findWorkspace(store: Store, id: string): Workspace | undefined {
  const resource = store.get(id);
  return resource && workspaceOf(resource);
}

/** All workspaces of that name, whatever resource group they are in. */
export function workspacesNamed(store: Store, name: string): Workspace[] {
  return store
    .list("/subscriptions/")
    .filter((resource) => isWorkspace(resource) && nameOf(resource.id).toLowerCase() === name.toLowerCase())
    .map(workspaceOf);
}

export const workspaceIdOf = (params: Record<string, string>): string =>
  `/subscriptions/${params["subscriptionId"]}/resourceGroups/${params["resourceGroupName"]}` +
  `/providers/Microsoft.MachineLearningServices/workspaces/${params["workspaceName"]}`;

/** The workspace that the guard of this part of the server has found for the request. */
export const workspaceOfRequest = (request: FastifyRequest): Workspace =>
  request.getDecorator<Workspace>("workspace");

function isWorkspace({ body }: StoredResource): boolean {
  return String(body["type"]).toLowerCase() === TYPE;
}

function workspaceOf({ id, body }: StoredResource): Workspace {
  const properties = (body["properties"] ?? {}) as Record<string, string | undefined>;
  return {
    id,
    name: nameOf(id),
    guid: properties["workspaceId"] ?? "",
    account: nameOf(properties["storageAccount"] ?? ""),
    host: `${String(body["location"]).toLowerCase().replace(/\s/g, "")}.api.azureml.ms`,
  };
}

const nameOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);
