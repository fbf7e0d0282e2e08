import type { Store, StoredResource } from "../../local/arm/store";
import type { JsonObject } from "../../local/json";
import type { Workspace } from "../../local/mlflow/workspace";

const group = "/subscriptions/s1/resourceGroups/rg-ml";

export const workspace: Workspace = {
  id: `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-one`,
  name: "mlw-one",
  guid: "0a0a0a0a-0000-4000-8000-000000000001",
  account: "stone",
  host: "westeurope.api.azureml.ms",
};

export const workspaceResource: StoredResource = {
  id: workspace.id,
  internal: {},
  body: {
    id: workspace.id,
    name: workspace.name,
    type: "Microsoft.MachineLearningServices/workspaces",
    location: "westeurope",
    properties: {
      workspaceId: workspace.guid,
      storageAccount: `${group}/providers/Microsoft.Storage/storageAccounts/${workspace.account}`,
    },
  },
};

/** A store in memory that takes its time to write, as the one on disk does. */
export function memoryStore(...resources: StoredResource[]): Store {
  const kept = new Map<string, StoredResource>(resources.map((one) => [one.id.toLowerCase(), one]));
  const later = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
  return {
    get: (id) => kept.get(id.toLowerCase()),
    list: (prefix) =>
      [...kept.entries()]
        .filter(([id]) => id.startsWith(prefix.toLowerCase()))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, resource]) => resource),
    put: async (resource) => {
      await later();
      kept.set(resource.id.toLowerCase(), resource);
    },
    delete: async (id) => {
      await later();
      kept.delete(id.toLowerCase());
    },
    close: async () => await later(),
  };
}

/** A version as an ARM client's PUT leaves it. */
export function armVersion(name: string, version: string, properties: JsonObject = {}): StoredResource {
  const id = `${workspace.id}/models/${name}/versions/${version}`;
  return {
    id,
    internal: {},
    body: {
      id,
      name: version,
      type: "Microsoft.MachineLearningServices/workspaces/models/versions",
      properties: {
        modelType: "mlflow_model",
        modelUri: `azureml://subscriptions/s1/resourcegroups/rg-ml/workspaces/mlw-one/datastores/workspaceblobstore/paths/LocalUpload/f0/model`,
        isArchived: false,
        tags: {},
        properties: {},
        ...properties,
      },
      systemData: {
        createdAt: "2026-01-02T03:04:05.000Z",
        createdBy: "x",
        lastModifiedAt: "2026-01-02T03:04:06.000Z",
      },
    },
  };
}

export function armModel(name: string, properties: JsonObject = {}): StoredResource {
  const id = `${workspace.id}/models/${name}`;
  return {
    id,
    internal: {},
    body: {
      id,
      name,
      type: "Microsoft.MachineLearningServices/workspaces/models",
      properties: { isArchived: false, tags: {}, properties: {}, ...properties },
      systemData: { createdAt: "2026-01-02T03:04:05.000Z" },
    },
  };
}

export const principal = { objectId: "o1", clientId: "c1", tenantId: "t1" };
