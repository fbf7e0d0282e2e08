import type { Json, JsonObject } from "./json";
import { objectAt } from "./arm/objects";
import { lastName } from "./arm/path";
import type { Store, StoredResource } from "./arm/store";
import { jobsOf, stateOf, type EndpointJobStates } from "./batch/endpoint-jobs";
import { hasEnded } from "./jobs/job-status";

/** What the local Azure holds, for `npm run local -- status`. */
export interface Status {
  readonly resources: number;
  readonly workspaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly trackingUri: string;
    /** Name of the storage account that its default datastore is in. */
    readonly storageAccount: string;
  }[];
  readonly computes: readonly {
    readonly name: string;
    readonly workspaceId: string;
    /** `ComputeInstance`, `AmlCompute`, `Kubernetes`. */
    readonly type: string;
    /** Of an instance: `Running`, `Stopped`; otherwise empty. */
    readonly state: string;
  }[];
  readonly models: readonly { readonly name: string; readonly version: string; readonly workspace: string }[];
  readonly endpoints: readonly {
    readonly name: string;
    readonly scoringUri: string;
    /** Deployment name → percent. */
    readonly traffic: Readonly<Record<string, number>>;
    readonly deployments: readonly { readonly name: string; readonly state: string }[];
  }[];
  readonly batchEndpoints: readonly {
    readonly name: string;
    readonly scoringUri: string;
    /** Empty while there is none. */
    readonly defaultDeployment: string;
    /** Those that have not ended, and those that have. */
    readonly jobs: { readonly running: number; readonly ended: number };
  }[];
}

export function status(store: Store, states: EndpointJobStates): Status {
  const resources = store.list("/").filter((resource) => resource.internal["softDeleted"] === undefined);
  const ofType = (type: string): StoredResource[] =>
    resources.filter(
      ({ body }) =>
        text(body["type"]).toLowerCase() === `microsoft.machinelearningservices/${type}`.toLowerCase(),
    );
  return {
    resources: resources.length,
    workspaces: ofType("workspaces").map(({ id, body }) => ({
      id,
      name: text(body["name"]),
      trackingUri: text(properties(body)["mlFlowTrackingUri"]),
      storageAccount: lastName(text(properties(body)["storageAccount"])),
    })),
    computes: ofType("workspaces/computes").map(({ id, body }) => ({
      name: text(body["name"]),
      workspaceId: id.replace(/\/computes\/[^/]+$/i, ""),
      type: text(properties(body)["computeType"]),
      state: text(objectAt(properties(body), "properties")["state"]),
    })),
    models: ofType("workspaces/models/versions").map(({ id }) => {
      const segments = id.split("/");
      return {
        workspace: segments.at(-5) ?? "",
        name: segments.at(-3) ?? "",
        version: segments.at(-1) ?? "",
      };
    }),
    endpoints: ofType("workspaces/onlineEndpoints").map(({ id, body }) => ({
      name: text(body["name"]),
      scoringUri: text(properties(body)["scoringUri"]),
      traffic: (properties(body)["traffic"] ?? {}) as Record<string, number>,
      deployments: ofType("workspaces/onlineEndpoints/deployments")
        .filter((deployment) => deployment.id.toLowerCase().startsWith(`${id.toLowerCase()}/`))
        .map((deployment) => ({
          name: text(deployment.body["name"]),
          state: text(properties(deployment.body)["provisioningState"]),
        })),
    })),
    batchEndpoints: ofType("workspaces/batchEndpoints").map(({ id, body }) => {
      const all = jobsOf(store, id);
      const ended = all.filter((job) => hasEnded(stateOf(job, states)?.status ?? "")).length;
      return {
        name: text(body["name"]),
        scoringUri: text(properties(body)["scoringUri"]),
        defaultDeployment: text(objectAt(properties(body), "defaults")["deploymentName"]),
        jobs: { running: all.length - ended, ended },
      };
    }),
  };
}

function properties(body: JsonObject): JsonObject {
  return (body["properties"] ?? {}) as JsonObject;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
