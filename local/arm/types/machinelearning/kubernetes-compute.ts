import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { objectAt, omit, stringAt } from "../../objects";
import { checkFixed, type ComputeKind } from "./compute-kind";

const CLUSTER =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/(Microsoft\.ContainerService\/managedClusters|Microsoft\.Kubernetes\/connectedClusters)\/[^/]+$/i;
/** Azure's own instance type, which is there unless it is overridden. */
const DEFAULT_TYPE = "defaultinstancetype";
const DEFAULT_RESOURCES: JsonObject = {
  requests: { cpu: "100m", memory: "2Gi" },
  limits: { cpu: "2", memory: "2Gi" },
};

/** An attachment of a cluster that the local Azure does not have: nothing runs on it. */
export const kubernetesCompute: ComputeKind = {
  computeType: "Kubernetes",
  attached: true,
  uniqueInRegion: false,
  name: {
    pattern: /^[a-zA-Z][a-zA-Z0-9-]{0,14}[a-zA-Z0-9]$/,
    says: "2 to 16 letters, digits and dashes, a letter first, no dash last",
  },
  mostIdentities: 1,
  make: ({ wanted, inner, before }) => {
    const cluster = stringAt(wanted, "resourceId") ?? "";
    if (!CLUSTER.test(cluster))
      throw badArgument(
        `'${cluster}' is not the id of an AKS or Arc-enabled Kubernetes cluster.`,
        "properties.resourceId",
      );
    const attached = before === undefined ? undefined : stringAt(before, "resourceId");
    if (attached !== undefined && attached.toLowerCase() !== cluster.toLowerCase())
      throw badArgument("An attachment stays with its cluster.", "properties.resourceId");
    checkFixed(before && objectAt(before, "properties"), inner, ["namespace"]);
    const instanceTypes: JsonObject = {
      [DEFAULT_TYPE]: { resources: DEFAULT_RESOURCES },
      ...objectAt(inner, "instanceTypes"),
    };
    const defaultInstanceType = stringAt(inner, "defaultInstanceType") ?? DEFAULT_TYPE;
    if (!(defaultInstanceType in instanceTypes))
      throw badArgument(
        `There is no instance type '${defaultInstanceType}'.`,
        "properties.properties.defaultInstanceType",
      );
    return {
      ...omit(inner, ["relayConnectionString", "serviceBusConnectionString"]),
      namespace: stringAt(inner, "namespace") ?? "default",
      defaultInstanceType,
      instanceTypes,
    };
  },
};
