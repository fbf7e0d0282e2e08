import { nodeName } from "../../../compute/node-name";
import type { ClusterSize, Node } from "../../../compute/nodes";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { includes, numberAt, objectAt, omit, pick, stringAt, withDefaults } from "../../objects";
import type { StoredResource } from "../../store";
import { checkFixed, checkNetwork, MACHINE_NAME, type ComputeKind, type KindRequest } from "./compute-kind";
import { milliseconds } from "./deployment-spec";
import { WORKSPACES } from "./provider";

const COMPUTES = `${WORKSPACES}/computes`;

const DEFAULTS: JsonObject = {
  osType: "Linux",
  vmPriority: "Dedicated",
  isolatedNetwork: false,
  enableNodePublicIp: true,
  remoteLoginPortPublicAccess: "NotSpecified",
};

/** How long a node is idle before it goes, where nobody says. */
const IDLE_TIME = "PT120S";
/** What ARM says of the nodes that are there. */
const NODE_MEMBERS = ["allocationState", "currentNodeCount", "targetNodeCount", "nodeStateCounts"];

/** A cluster of nodes; those that are there are counted by what runs jobs on them. */
export const amlCompute: ComputeKind = {
  computeType: "AmlCompute",
  attached: false,
  uniqueInRegion: true,
  name: MACHINE_NAME,
  mostIdentities: Infinity,
  make: (request) => {
    const { inner, before, now } = request;
    if (stringAt(inner, "vmSize") === undefined)
      throw badArgument("An AmlCompute needs 'vmSize'.", "properties.properties.vmSize");
    checkNetwork(request);
    const former = before && objectAt(before, "properties");
    checkFixed(former, sameLogin(former, inner), [
      "vmSize",
      "vmPriority",
      "osType",
      "subnet",
      "enableNodePublicIp",
      "remoteLoginPortPublicAccess",
    ]);
    checkSsh(request);
    const scale = scaleSettings(inner);
    const least = numberAt(scale, "minNodeCount") ?? 0;
    return {
      ...withDefaults(omit(inner, ["userAccountCredentials"]), DEFAULTS),
      scaleSettings: scale,
      allocationStateTransitionTime: now,
      ...(former !== undefined && isAtWork(former) ? pick(former, NODE_MEMBERS) : atRest(least)),
      errors: null,
    };
  },
};

/** azure-ai-ml reads `NotSpecified` as closed: it sends `Disabled` with its next change, which is none. */
function sameLogin(former: JsonObject | undefined, inner: JsonObject): JsonObject {
  const { remoteLoginPortPublicAccess: wish } = inner;
  const closed = former?.["remoteLoginPortPublicAccess"] === "NotSpecified" && wish === "Disabled";
  return closed ? omit(inner, ["remoteLoginPortPublicAccess"]) : inner;
}

function scaleSettings(inner: JsonObject): JsonObject {
  const scale = withDefaults(objectAt(inner, "scaleSettings"), {
    minNodeCount: 0,
    nodeIdleTimeBeforeScaleDown: IDLE_TIME,
  });
  const [least, most] = [numberAt(scale, "minNodeCount") ?? 0, numberAt(scale, "maxNodeCount") ?? 0];
  if (least <= most) return scale;
  throw badArgument(
    `minNodeCount ${least} is more than maxNodeCount ${most}.`,
    "properties.properties.scaleSettings",
  );
}

function checkSsh({ inner, wanted }: KindRequest): void {
  const credentials = objectAt(inner, "userAccountCredentials");
  if (Object.keys(credentials).length === 0 || wanted["disableLocalAuth"] !== true) return;
  throw badArgument(
    "An account on the nodes is local authentication, which 'disableLocalAuth' turns off.",
    "properties.properties.userAccountCredentials",
  );
}

/** Whether ARM's body of a compute is a cluster's. */
export function isCluster(body: JsonObject): boolean {
  const properties = objectAt(body, "properties");
  return body["type"] === COMPUTES && properties["computeType"] === "AmlCompute";
}

/** The scale settings of a cluster, out of ARM's body. */
export function clusterSize(body: JsonObject): ClusterSize {
  const scale = objectAt(objectAt(objectAt(body, "properties"), "properties"), "scaleSettings");
  const idle = milliseconds(stringAt(scale, "nodeIdleTimeBeforeScaleDown")) ?? milliseconds(IDLE_TIME);
  return {
    minNodeCount: numberAt(scale, "minNodeCount") ?? 0,
    maxNodeCount: numberAt(scale, "maxNodeCount") ?? 0,
    idleTime: idle ?? 0,
  };
}

/** The cluster with the nodes that are there; itself when ARM says so already. */
export function withNodes(
  cluster: StoredResource,
  nodes: readonly Node[],
  target: number,
  now: string,
): StoredResource {
  const properties = objectAt(cluster.body, "properties");
  const inner = objectAt(properties, "properties");
  const shown = nodeMembers(nodes, target);
  const listed = nodes.map(({ number, state, runId }) => ({ number, state, runId: runId ?? null }));
  if (includes(inner, shown) && includes(cluster.internal["nodes"], listed)) return cluster;
  const changed = { ...inner, ...shown, allocationStateTransitionTime: now };
  return {
    ...cluster,
    body: { ...cluster.body, properties: { ...properties, properties: changed } },
    internal: { ...cluster.internal, nodes: listed },
  };
}

/** Whether a node has something to do, or is on its way to it. */
function isAtWork(inner: JsonObject): boolean {
  const { runningNodeCount, preparingNodeCount } = objectAt(inner, "nodeStateCounts");
  return runningNodeCount !== 0 || preparingNodeCount !== 0;
}

function atRest(least: number): JsonObject {
  const idle = Array.from({ length: least }, (_, number): Node => ({ number, since: 0, state: "idle" }));
  return nodeMembers(idle, least);
}

function nodeMembers(nodes: readonly Node[], target: number): JsonObject {
  const count = (wanted: Node["state"]): number => nodes.filter(({ state }) => state === wanted).length;
  return {
    allocationState: nodes.length === target && count("preparing") === 0 ? "Steady" : "Resizing",
    currentNodeCount: nodes.length,
    targetNodeCount: target,
    nodeStateCounts: {
      idleNodeCount: count("idle"),
      runningNodeCount: count("running"),
      preparingNodeCount: count("preparing"),
      unusableNodeCount: 0,
      leavingNodeCount: 0,
      preemptedNodeCount: 0,
    },
  };
}

/** What `listNodes` answers. */
export function nodesOf({ body, internal }: StoredResource): JsonObject[] {
  const inner = objectAt(objectAt(body, "properties"), "properties");
  const idle = Array.from({ length: numberAt(inner, "currentNodeCount") ?? 0 }, (_, number) => ({
    ...{ number, state: "idle", runId: null },
  }));
  const nodes = (internal["nodes"] ?? idle) as readonly JsonObject[];
  return nodes.map((node) => ({
    nodeId: nodeName(Number(node["number"])),
    privateIpAddress: `10.0.0.${4 + (Number(node["number"]) % 250)}`,
    publicIpAddress: null,
    port: 50_000 + (Number(node["number"]) % 10_000),
    nodeState: node["state"],
    runId: node["runId"],
  }));
}
