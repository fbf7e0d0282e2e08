import { ManagementLockByScope } from "@pulumi/azure-native/authorization";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkspaceArgs } from "./workspace-args";
import type { PartContext } from "./workspace-parts";

/** All logs and metrics of the workspace. The group, not each category by name: it grows with what Azure ML logs, and is the same in each region. */
export function createDiagnostics(
  { name, parent }: PartContext,
  workspaceId: pulumi.Input<string>,
  logAnalyticsId: pulumi.Input<string>,
): void {
  new DiagnosticSetting(
    `${name}-diagnostics`,
    {
      name: "all",
      resourceUri: workspaceId,
      workspaceId: logAnalyticsId,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
      metrics: [{ category: "AllMetrics", enabled: true }],
    },
    { parent, protect: false },
  );
}

/**
 * Locks on what is made here and holds what nobody could make again.
 *
 * Not on workspace or resource group: the lock would hold for all below, and Azure ML could not shrink clusters, nor deployments be exchanged
 * (Azure Resource Manager docs, lock-resources).
 *
 * @param before what a lock would keep from being deleted too: the roles
 */
export function createLocks(
  { name, parent }: PartContext,
  args: WorkspaceArgs,
  { storage, vault }: { readonly storage: pulumi.Input<string>; readonly vault: pulumi.Input<string> },
  before: readonly pulumi.Resource[],
): void {
  const made = [
    ...(args.storageAccountId === undefined ? [["storage", storage] as const] : []),
    ...(args.keyVaultId === undefined ? [["vault", vault] as const] : []),
  ];
  for (const [part, scope] of made) {
    new ManagementLockByScope(
      `${name}-${part}-lock`,
      {
        lockName: "keep",
        scope,
        level: "CanNotDelete",
        notes: "What the Machine Learning workspace keeps. Its Pulumi stack made this lock and removes it.",
      },
      { parent, dependsOn: [...before], protect: false },
    );
  }
}
