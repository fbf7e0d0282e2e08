import type { Json, JsonObject } from "./json";
import type { Store, StoredResource } from "./arm/store";

/** What the local Azure holds, for `npm run local -- status`. */
export interface Status {
  readonly resources: number;
  readonly workspaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly trackingUri: string;
  }[];
  readonly models: readonly { readonly name: string; readonly version: string; readonly workspace: string }[];
  readonly endpoints: readonly {
    readonly name: string;
    readonly scoringUri: string;
    /** Deployment name → percent. */
    readonly traffic: Readonly<Record<string, number>>;
    readonly deployments: readonly { readonly name: string; readonly state: string }[];
  }[];
}

export function status(store: Store): Status {
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
  };
}

function properties(body: JsonObject): JsonObject {
  return (body["properties"] ?? {}) as JsonObject;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
