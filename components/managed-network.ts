import * as ml from "@pulumi/azure-native/machinelearningservices";
import type { machinelearningservices } from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { workspaceParts } from "../providers/clients/arm-id";
import { ManagedNetwork } from "../providers/managed-network/resource";
import type { Isolation, ManagedApprovedOnly, ManagedOutbound, OutboundRule } from "./isolation";

/** Of a workspace; none where Azure manages no network for it. */
export function managedNetworkArgs(
  isolation: Isolation | undefined,
): machinelearningservices.ManagedNetworkSettingsArgs | undefined {
  switch (isolation?.mode) {
    case "managedOutbound":
      return { isolationMode: "AllowInternetOutbound" };
    case "managedApprovedOnly":
      return { isolationMode: "AllowOnlyApprovedOutbound", firewallSku: isolation.firewallSku };
    default:
      return undefined;
  }
}

/** What a workspace's managed network reads that its program does not write: the rules, resources of their own, and how far it is. */
export const managedNetworkLive = ["managedNetwork.outboundRules", "managedNetwork.status"];

/**
 * A workspace's outbound rules, and its managed network provisioned with them.
 *
 * @param inputs what the workspace is declared with
 * @param before what the network is provisioned after: the roles with which Azure approves its endpoints
 */
export function createManagedNetwork(
  name: string,
  { outboundRules = {} }: ManagedOutbound | ManagedApprovedOnly,
  workspace: ml.Workspace,
  inputs: ml.WorkspaceArgs,
  before: readonly pulumi.Resource[],
  parent: pulumi.Resource,
): pulumi.Resource {
  const parts = workspace.id.apply(workspaceParts);
  const rules: pulumi.Resource[] = [];
  for (const [ruleName, rule] of Object.entries(outboundRules)) {
    rules.push(
      new ml.ManagedNetworkSettingsRule(
        `${name}-outbound-${ruleName}`,
        {
          resourceGroupName: parts.resourceGroupName,
          workspaceName: parts.workspaceName,
          ruleName,
          properties: ruleProperties(rule),
        },
        {
          parent,
          // Azure takes one change of a network at a time.
          dependsOn: rules.slice(-1),
          deletedWith: workspace,
          ignoreChanges: ["properties.status"],
        },
      ),
    );
  }
  return new ManagedNetwork(
    `${name}-managed-network`,
    {
      workspaceId: workspace.id,
      rules: Object.fromEntries(
        Object.entries(outboundRules).map(([ruleName, rule]) => [ruleName, { ...ruleProperties(rule) }]),
      ),
      workspace: pulumi.output(inputs).apply(digestOf),
    },
    { parent, dependsOn: [...before, ...rules], protect: false },
  );
}

function digestOf(inputs: unknown): string {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}

function ruleProperties(rule: OutboundRule): ml.ManagedNetworkSettingsRuleArgs["properties"] {
  switch (rule.type) {
    case "fqdn":
      return { type: "FQDN", category: "UserDefined", destination: rule.destination };
    case "privateEndpoint":
      return {
        type: "PrivateEndpoint",
        category: "UserDefined",
        destination: {
          serviceResourceId: rule.resourceId,
          subresourceTarget: rule.subresource,
          sparkEnabled: false,
        },
      };
    case "serviceTag": {
      const { serviceTag, protocol, portRanges } = rule;
      return {
        type: "ServiceTag",
        category: "UserDefined",
        destination: { serviceTag, protocol, portRanges, action: "Allow" },
      };
    }
  }
}
