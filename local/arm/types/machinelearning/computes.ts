import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { normalLocation } from "../../locations";
import { merged, numberAt, objectAt, omit, stringAt, withDefaults } from "../../objects";
import type { Made, PatchRequest, PutRequest, ResourceType } from "../../resource-type";
import { identityOf } from "../identity";
import { kept } from "../envelope";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

const AML_DEFAULTS: JsonObject = {
  osType: "Linux",
  vmPriority: "Dedicated",
  isolatedNetwork: false,
  enableNodePublicIp: true,
  remoteLoginPortPublicAccess: "NotSpecified",
};

function makeCompute({ arm, body, existing }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const computeType = stringAt(wanted, "computeType");
  if (computeType !== "AmlCompute") {
    throw new ArmError(
      400,
      "BadArgument",
      `The local Azure has no computes of type '${computeType ?? ""}', only AmlCompute.`,
      {
        target: "properties.computeType",
      },
    );
  }
  const location = normalLocation(stringAt(body, "location") ?? arm.region);
  const before = objectAt(existing?.body ?? {}, "properties");
  const inner = objectAt(wanted, "properties");
  checkFixed(objectAt(before, "properties"), inner);
  const now = arm.now().toISOString();
  return {
    body: {
      location,
      tags: objectAt(body, "tags"),
      ...identityOf(arm.store, body, existing?.body),
      properties: {
        disableLocalAuth: false,
        ...wanted,
        computeType,
        computeLocation: stringAt(wanted, "computeLocation") ?? location,
        createdOn: before["createdOn"] ?? now,
        modifiedOn: now,
        isAttachedCompute: false,
        provisioningErrors: null,
        properties: amlProperties(inner, now),
        provisioningState: "Succeeded",
      },
    },
  };
}

/** Nodes that nothing runs on: the cluster rests at its minimum. */
function amlProperties(inner: JsonObject, now: string): JsonObject {
  if (stringAt(inner, "vmSize") === undefined)
    throw badArgument("An AmlCompute needs 'vmSize'.", "properties.properties.vmSize");
  const scale = withDefaults(objectAt(inner, "scaleSettings"), {
    minNodeCount: 0,
    nodeIdleTimeBeforeScaleDown: "PT120S",
  });
  const [least, most] = [numberAt(scale, "minNodeCount") ?? 0, numberAt(scale, "maxNodeCount") ?? 0];
  if (least > most) {
    throw badArgument(
      `minNodeCount ${least} is more than maxNodeCount ${most}.`,
      "properties.properties.scaleSettings",
    );
  }
  return {
    ...withDefaults(omit(inner, ["userAccountCredentials"]), AML_DEFAULTS),
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
}

function checkFixed(before: JsonObject, inner: JsonObject): void {
  for (const property of ["vmSize", "vmPriority", "subnet", "enableNodePublicIp"]) {
    const [old, wanted] = [before[property], inner[property]];
    if (old === undefined || wanted === undefined || wanted === null) continue;
    if (JSON.stringify(old).toLowerCase() === JSON.stringify(wanted).toLowerCase()) continue;
    throw badArgument(
      `'${property}' of a compute cannot be changed; delete it and make another.`,
      `properties.properties.${property}`,
    );
  }
}

/** PATCH takes scale settings alone. */
function amendCompute({ arm, body, existing }: PatchRequest): Made {
  const scaleSettings = objectAt(objectAt(objectAt(body, "properties"), "properties"), "scaleSettings");
  const compute = kept(existing.body);
  const properties = objectAt(compute, "properties");
  const inner = merged(objectAt(properties, "properties"), { scaleSettings });
  const now = arm.now().toISOString();
  return {
    body: {
      ...compute,
      properties: { ...properties, modifiedOn: now, properties: amlProperties(inner, now) },
    },
  };
}

/** A workspace's computes; of them the local Azure has AmlCompute. */
export const computes: ResourceType = {
  type: `${WORKSPACES}/computes`,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  checkName: (name) => {
    if (/^[a-zA-Z][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]$/.test(name)) return;
    throw badArgument(
      `The compute name '${name}' is not valid: 2 to 32 letters, digits and dashes, a letter first, no dash last.`,
      "name",
    );
  },
  make: makeCompute,
  amend: amendCompute,
  beforeDelete: ({ query }) => {
    const action = query["underlyingresourceaction"];
    if (action === "Delete" || action === "Detach") return;
    const message =
      "The query parameter 'underlyingResourceAction' is required; allowed are Delete and Detach.";
    throw badArgument(message, "underlyingResourceAction");
  },
  actions: { listnodes: () => ({ status: 200, body: { value: [] } }) },
  longRunning: {
    status: "computeOperationsStatus",
    result: "computeOperationResults",
    put: { created: 201, updated: 200, headers: ["Azure-AsyncOperation"] },
    patch: { created: 200, updated: 200, headers: [] },
    delete: { created: 202, updated: 202, headers: ["Azure-AsyncOperation", "Location"] },
  },
};
