import type { dynamic } from "@pulumi/pulumi";
import { commonRules, settingsProvider } from "../endpoint/settings";
import { armId, integer, oneOf, optional, recordOf } from "../rules";
import { merge, observed, withdraw, writable } from "./merge";
import type { EndpointSettings, LiveEndpoint } from "./types";

const provider = settingsProvider<LiveEndpoint, EndpointSettings>({
  rules: {
    endpointId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
    authMode: optional(oneOf("Key", "AADToken", "AMLToken")),
    publicNetworkAccess: optional(oneOf("Enabled", "Disabled")),
    ...commonRules,
    traffic: optional(recordOf(integer(0, 100))),
  },
  failures: ({ traffic }) => trafficFailures(traffic),
  writable,
  merge,
  observed,
  release({ traffic = {} }) {
    const names = Object.keys(traffic);
    return names.length === 0 ? undefined : (live) => withoutTraffic(live, names);
  },
});

function trafficFailures(traffic: unknown): dynamic.CheckFailure[] {
  if (typeof traffic !== "object" || traffic === null) return [];
  const shares = Object.values(traffic as Record<string, unknown>);
  if (!shares.every((share) => typeof share === "number")) return [];
  const total = shares.reduce((sum, share) => sum + share, 0);
  return total === 0 || total === 100
    ? []
    : [{ property: "traffic", reason: `its percentages are ${total} in total; they must be 0 or 100` }];
}

function withoutTraffic(live: LiveEndpoint, deployments: readonly string[]): LiveEndpoint {
  const body = writable(live);
  const traffic = withdraw(body.properties.traffic ?? {}, deployments);
  return { ...body, properties: { ...body.properties, traffic } };
}

const { check, diff, create, read, update, delete: deleteResource } = provider;
export { check, create, deleteResource as delete, diff, read, update };

export { configure } from "../clients/sign-in-settings";
