import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { objectAt, omit, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm, DeleteRequest, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import {
  isolationMode,
  OUTBOUND_RULES,
  outboundRules,
  requiredRule,
  shownRule,
  userRules,
} from "./managed-network";
import { ML_API_VERSIONS, workspaceIdOf } from "./provider";

const STORAGE_HOST = /\.(blob|file|queue|table|dfs|web)\.core\.windows\.net$/i;

function makeRule({ arm, body, id }: PutRequest): Made {
  const workspace = arm.store.get(workspaceIdOf(id));
  if (workspace === undefined) throw badArgument(`There is no workspace of '${id}'.`);
  checkQuiet(arm, workspace, id);
  return ruleOf(arm, workspace, lastName(id), objectAt(body, "properties"));
}

/** @throws ArmError for a rule that the workspace's network does not take */
export function ruleOf(arm: Arm, workspace: StoredResource, name: string, wanted: JsonObject): Made {
  const mode = isolationMode(workspace.body);
  const type = String(wanted["type"]);
  if (mode === "Disabled")
    throw badArgument("Outbound rules take a workspace with a managed network.", "properties");
  if (mode === "AllowInternetOutbound" && type !== "PrivateEndpoint") {
    throw badArgument(
      `A managed network that allows internet outbound takes no ${type} rules, only PrivateEndpoint.`,
      "properties.type",
    );
  }
  if (requiredRule(arm, `${workspace.id}/outboundRules/${name}`) !== undefined)
    throw badArgument(`'${name}' is a rule that Azure ML needs.`, "name");
  if (type === "FQDN" && STORAGE_HOST.test(stringAt(wanted, "destination") ?? "")) {
    throw badArgument(
      "Storage accounts take a private endpoint rule, no FQDN rule.",
      "properties.destination",
    );
  }
  const same = outboundRules(arm, workspace).find(
    (other) =>
      lastName(other.id).toLowerCase() !== name.toLowerCase() &&
      leadsTo(objectAt(other.body, "properties")) === leadsTo(wanted),
  );
  if (same !== undefined)
    throw badArgument(`The rule '${lastName(same.id)}' has the same destination.`, "properties.destination");
  return {
    body: {
      properties: {
        ...omit(wanted, ["errorInformation", "status"]),
        category: "UserDefined",
      },
    },
  };
}

/** What two rules must not have in common. */
function leadsTo({ type, destination }: JsonObject): string {
  if (typeof destination === "string") return `${String(type)} ${destination}`.toLowerCase();
  const { serviceResourceId, subresourceTarget, serviceTag, protocol, portRanges, addressPrefixes } =
    objectAt({ destination }, "destination");
  const parts = [
    type,
    serviceResourceId,
    subresourceTarget,
    serviceTag,
    protocol,
    portRanges,
    addressPrefixes,
  ];
  return JSON.stringify(parts).toLowerCase();
}

/** Rules are changed one after another, each when the network is at rest. */
function checkQuiet(arm: Arm, workspace: StoredResource, id: string): void {
  const busy = [workspace, ...userRules(arm, workspace.id)].find(
    (each) => each.internal["operation"] !== undefined && each.id.toLowerCase() !== id.toLowerCase(),
  );
  if (busy === undefined) return;
  const message = `The managed network is being changed ('${lastName(busy.id)}'); rules are changed one at a time.`;
  throw new ArmError(409, "Conflict", message);
}

function checkDelete({ arm, existing, id }: DeleteRequest): void {
  if (requiredRule(arm, id) !== undefined)
    throw badArgument(`'${lastName(id)}' is a rule that Azure ML needs.`, "name");
  const workspace = arm.store.get(workspaceIdOf(id));
  if (existing !== undefined && workspace !== undefined) checkQuiet(arm, workspace, id);
}

/** A workspace's PUT with a dictionary of rules makes those the user-defined ones: what it lacks goes. */
export async function writeRules(arm: Arm, workspace: StoredResource, wanted: JsonObject): Promise<void> {
  const own = Object.entries(wanted).filter(
    ([, rule]) => objectAt({ rule }, "rule")["category"] !== "Required",
  );
  const names = own.map(([name]) => name.toLowerCase());
  for (const { id } of userRules(arm, workspace.id))
    if (!names.includes(lastName(id).toLowerCase())) await arm.store.delete(id);
  for (const [name, rule] of own) {
    const id = `${workspace.id}/outboundRules/${name}`;
    const { body } = ruleOf(arm, workspace, name, objectAt({ rule }, "rule"));
    await arm.store.put({ id, body: { id, name, type: OUTBOUND_RULES, ...body }, internal: {} });
  }
}

/** What computes of a managed network may reach. */
export const outboundRuleType: ResourceType = {
  type: OUTBOUND_RULES,
  apiVersions: ML_API_VERSIONS,
  make: makeRule,
  shown: shownRule,
  implied: requiredRule,
  collect: (arm, scope) => {
    const workspace = arm.store.get(scope);
    return workspace === undefined ? [] : outboundRules(arm, workspace);
  },
  beforeDelete: checkDelete,
  longRunning: {
    status: "workspaceOperationsStatus",
    result: "workspaceOperationResults",
    put: { created: 202, updated: 202, headers: ["Location"] },
    delete: { created: 202, updated: 202, headers: ["Location"] },
  },
};
