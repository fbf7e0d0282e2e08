import { randomUUID } from "node:crypto";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import type { MemoryStore } from "./memory-store";

export const resourceGroup = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-test`;

export function storageAccountId(account: string): string {
  return `${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${account}`;
}

export async function addStorageAccount(
  store: MemoryStore,
  account: string,
  properties: Record<string, boolean> = {},
): Promise<string> {
  const id = storageAccountId(account);
  await store.add(id, "Microsoft.Storage/storageAccounts", properties);
  return id;
}

/** Gives the role at the scope; returns the assignment's id. */
export async function assignRole(
  store: MemoryStore,
  objectId: string,
  role: string,
  scope: string,
): Promise<string> {
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  await store.add(id, "Microsoft.Authorization/roleAssignments", {
    principalId: objectId,
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
  });
  return id;
}
