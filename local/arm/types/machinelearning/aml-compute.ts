import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { numberAt, objectAt, omit, stringAt, withDefaults } from "../../objects";
import { checkFixed, checkNetwork, MACHINE_NAME, type ComputeKind, type KindRequest } from "./compute-kind";

const DEFAULTS: JsonObject = {
  osType: "Linux",
  vmPriority: "Dedicated",
  isolatedNetwork: false,
  enableNodePublicIp: true,
  remoteLoginPortPublicAccess: "NotSpecified",
};

/** A cluster that no job ever runs on: it rests at its minimum. */
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
      allocationState: "Steady",
      allocationStateTransitionTime: now,
      currentNodeCount: least,
      targetNodeCount: least,
      nodeStateCounts: {
        idleNodeCount: least,
        runningNodeCount: 0,
        preparingNodeCount: 0,
        unusableNodeCount: 0,
        leavingNodeCount: 0,
        preemptedNodeCount: 0,
      },
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
    nodeIdleTimeBeforeScaleDown: "PT120S",
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

/** What `listNodes` answers: the nodes that are always there. */
export function nodesOf(inner: JsonObject): JsonObject[] {
  return Array.from({ length: numberAt(inner, "currentNodeCount") ?? 0 }, (_, index) => ({
    nodeId: `tvmps_${String(index).padStart(8, "0")}_d`,
    privateIpAddress: `10.0.0.${4 + index}`,
    publicIpAddress: null,
    port: 50_000 + index,
    nodeState: "idle",
    runId: null,
  }));
}
