import { at } from "../plain";
import type { Seen, StackRule } from "../rule";

export const endpointDeployments: StackRule = {
  id: "endpoint-deployments",
  title: "An endpoint has 20 deployments at most",
  reason: "Azure refuses more, in the middle of an up.",
  fix: "Delete deployments without traffic, or divide them among endpoints.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) => {
    const byEndpoint = new Map<string, Seen[]>();
    for (const resource of resources) {
      if (resource.kind !== "machinelearningservices:OnlineDeployment") continue;
      const endpoint = at(resource.properties, "endpointName");
      if (typeof endpoint !== "string") continue;
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), resource]);
    }
    return [...byEndpoint].flatMap(([endpoint, deployments]) =>
      deployments
        .slice(20)
        .map((resource) => ({ resource, problem: `${endpoint} has ${deployments.length} deployments` })),
    );
  },
};
