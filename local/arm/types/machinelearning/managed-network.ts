import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { objectAt, omit, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type { ActionRequest, Answer, Arm } from "../../resource-type";
import type { StoredResource } from "../../store";
import { workspaceIdOf, WORKSPACES } from "./provider";

export const OUTBOUND_RULES = `${WORKSPACES}/outboundRules`;

/** How strict each mode is: a workspace never goes back to a lesser one. */
const MODES = ["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];

/** `properties.managedNetwork` of a workspace's body. */
export function managedNetworkOf(workspace: JsonObject): JsonObject {
  return objectAt(objectAt(workspace, "properties"), "managedNetwork");
}

export function isolationMode(workspace: JsonObject): string {
  return stringAt(managedNetworkOf(workspace), "isolationMode") ?? "Disabled";
}

/** Whether what is made in the network finds it. */
export function isProvisioned(workspace: JsonObject): boolean {
  return objectAt(managedNetworkOf(workspace), "status")["status"] === "Active";
}

/**
 * The managed network as a workspace keeps it: what a request says of it, over what it was. Its rules are resources of their own.
 *
 * @throws ArmError for a mode that it can't go back to
 */
export function settledNetwork(before: JsonObject, wanted: JsonObject): JsonObject {
  const old = stringAt(before, "isolationMode") ?? "Disabled";
  const mode = stringAt(wanted, "isolationMode") ?? old;
  if (MODES.indexOf(mode) < MODES.indexOf(old)) {
    throw badArgument(
      `The managed network's isolation mode cannot be changed from ${old} to ${mode}.`,
      "properties.managedNetwork.isolationMode",
    );
  }
  if (mode === "Disabled") return { isolationMode: mode };
  return {
    ...withDefaults(omit(wanted, ["outboundRules", "status"]), {
      ...before,
      isolationMode: mode,
      managedNetworkKind: "V1",
    }),
    networkId: before["networkId"] ?? randomUUID(),
    status: before["status"] ?? { status: "Inactive", sparkReady: false },
  };
}

/** A workspace's rules that were put, and those that Azure ML needs. */
export function outboundRules(arm: Arm, workspace: StoredResource): StoredResource[] {
  return [...requiredRules(arm, workspace), ...userRules(arm, workspace.id)];
}

export function userRules({ store }: Arm, workspaceId: string): StoredResource[] {
  return store.list(`${workspaceId}/outboundRules/`);
}

/** A rule as it is shown: at work as soon as the network is. */
export function shownRule({ store }: Arm, { id, body }: StoredResource): JsonObject {
  const status = isProvisioned(store.get(workspaceIdOf(id))?.body ?? {}) ? "Active" : "Inactive";
  return { ...body, properties: { ...omit(objectAt(body, "properties"), ["provisioningState"]), status } };
}

/** The workspace as it is shown: with its rules, as a dictionary. */
export function withOutboundRules(arm: Arm, workspace: StoredResource, body: JsonObject): JsonObject {
  if (isolationMode(workspace.body) === "Disabled") return body;
  const rules = outboundRules(arm, workspace).map((rule) => [
    lastName(rule.id),
    objectAt(shownRule(arm, rule), "properties"),
  ]);
  const managedNetwork = {
    ...managedNetworkOf(body),
    outboundRules: Object.fromEntries(rules) as JsonObject,
  };
  return { ...body, properties: { ...objectAt(body, "properties"), managedNetwork } };
}

const SERVICE_TAGS = [
  ["AzureActiveDirectory", "TCP", "80,443"],
  ["AzureResourceManager", "TCP", "443"],
  ["AzureMachineLearning", "TCP", "443,8787,18881"],
  ["AzureMachineLearning", "UDP", "5831"],
  ["BatchNodeManagement", "*", "443"],
  ["AzureFrontDoor.FirstParty", "TCP", "443"],
  ["MicrosoftContainerRegistry", "TCP", "443"],
  ["AzureMonitor", "TCP", "443"],
] as const;

/** What Azure ML adds by itself once the network stands: private endpoints to what the workspace stands on, and in the strictest mode service tags. */
export function requiredRules({ store }: Arm, workspace: StoredResource): StoredResource[] {
  const mode = isolationMode(workspace.body);
  if (mode === "Disabled" || !isProvisioned(workspace.body)) return [];
  const strict = mode === "AllowOnlyApprovedOutbound";
  const tags = strict
    ? SERVICE_TAGS.map(([serviceTag, protocol, portRanges]) =>
        required(workspace, `__SYS_ST_${serviceTag}_${protocol === "*" ? "ANY" : protocol}`, {
          type: "ServiceTag",
          destination: { serviceTag, protocol, portRanges, action: "Allow" },
        }),
      )
    : [];
  const properties = objectAt(workspace.body, "properties");
  const targets = [
    [workspace.id, "amlworkspace"],
    [properties["storageAccount"], "blob"],
    [properties["storageAccount"], "file"],
    [properties["keyVault"], "vault"],
    [properties["containerRegistry"], "registry"],
  ] as const;
  const endpoints = targets.flatMap(([id, subresourceTarget]) => {
    const target = store.get(String(id));
    if (target === undefined || (!strict && !isClosed(target))) return [];
    return required(workspace, `__SYS_PE_${lastName(target.id)}_${subresourceTarget}`, {
      type: "PrivateEndpoint",
      destination: { serviceResourceId: target.id, subresourceTarget, sparkEnabled: false },
    });
  });
  return [...endpoints, ...tags];
}

function isClosed({ body }: StoredResource): boolean {
  return String(objectAt(body, "properties")["publicNetworkAccess"]).toLowerCase() === "disabled";
}

function required({ id: workspaceId }: StoredResource, name: string, rule: JsonObject): StoredResource {
  const id = `${workspaceId}/outboundRules/${name}`;
  const properties: JsonObject = { ...rule, category: "Required" };
  return { id, body: { id, name, type: OUTBOUND_RULES, properties }, internal: {} };
}

/** A rule that Azure ML adds, by its id. */
export function requiredRule(arm: Arm, id: string): StoredResource | undefined {
  const workspace = arm.store.get(workspaceIdOf(id));
  if (workspace === undefined) return undefined;
  return requiredRules(arm, workspace).find((rule) => rule.id.toLowerCase() === id.toLowerCase());
}

/** POST provisionManagedNetwork: begins what `activate` ends. */
export function provision({ existing, body }: ActionRequest): Answer {
  if (isolationMode(existing.body) === "Disabled") {
    throw badArgument(
      "The workspace has no managed network: its isolation mode is Disabled.",
      "properties.managedNetwork.isolationMode",
    );
  }
  const sparkReady = body["includeSpark"] === true;
  const status = { status: "Active", sparkReady };
  if (isProvisioned(existing.body) && !sparkReady)
    return { status: 200, body: objectAt(managedNetworkOf(existing.body), "status") };
  return { status: 202, body: status, internal: { provisioning: status } };
}

/** The first compute of a workspace brings its managed network up. */
export async function bringUpNetwork(arm: Arm, { id }: StoredResource): Promise<void> {
  const workspaceId = workspaceIdOf(id);
  const { body } = arm.store.get(workspaceId) ?? { body: {} };
  if (isolationMode(body) === "Disabled" || isProvisioned(body)) return;
  await activate(arm, workspaceId, { status: "Active", sparkReady: false });
}

export async function activate(arm: Arm, workspaceId: string, status: JsonObject): Promise<void> {
  const workspace = arm.store.get(workspaceId);
  if (workspace === undefined) return;
  const properties = objectAt(workspace.body, "properties");
  const managedNetwork = { ...managedNetworkOf(workspace.body), status };
  await arm.store.put({
    ...workspace,
    body: { ...workspace.body, properties: { ...properties, managedNetwork } },
    internal: omit(workspace.internal, ["provisioning"]),
  });
}

/** @throws ArmError for a deployment whose workspace has a managed network that is not up */
export function checkProvisioned({ store }: Arm, id: string): void {
  const workspace = store.get(workspaceIdOf(id));
  if (
    workspace === undefined ||
    isolationMode(workspace.body) === "Disabled" ||
    isProvisioned(workspace.body)
  )
    return;
  throw new ArmError(
    400,
    "WorkspaceManagedNetworkNotReady",
    `The managed network of workspace '${lastName(workspace.id)}' is not provisioned. Provision it before creating a deployment.`,
  );
}
