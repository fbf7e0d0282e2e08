import { Workspace, type Isolation, type OutboundRule, type WorkspaceArgs } from "../../components";
import { workspaceConstraints, workspaceRules } from "../../components/workspace-args";
import { dnsZones, subnetId } from "../arguments/workspace-isolation";
import { GROUP_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const workspaceWith = (isolation: Isolation): WorkspaceArgs => ({ location: "westeurope", isolation });
const approved = (outboundRules: Record<string, OutboundRule>): Isolation => ({
  mode: "managedApprovedOnly",
  outboundRules,
});
const listed = (...ipAllowList: string[]): Isolation => ({ mode: "public", ipAllowList });
const fqdn = (destination: string): OutboundRule => ({ type: "fqdn", destination });
const endpoint = (resourceId: string, subresource = "blob"): OutboundRule => ({
  type: "privateEndpoint",
  resourceId: `${GROUP_ID}/providers/${resourceId}`,
  subresource,
});
const tag = (serviceTag: string, portRanges = "443", protocol = "TCP"): OutboundRule =>
  ({ type: "serviceTag", serviceTag, protocol, portRanges }) as OutboundRule;
const account = "Microsoft.Storage/storageAccounts/stlake";
const hidden: Isolation = { mode: "private", subnetId, dnsZones };

/** A case of two isolations. */
function wrong(rule: string, right: Isolation, isolation: unknown, path: string): RuleCase<WorkspaceArgs> {
  return { rule, right: workspaceWith(right), wrong: { isolation }, path: `isolation.${path}` };
}

export const isolation: RuleCases<WorkspaceArgs> = {
  component: "Workspace",
  declare: (name, args) => new Workspace(name, args),
  rules: workspaceRules,
  constraints: workspaceConstraints,
  cases: [
    wrong("isolation.subnetId", hidden, { mode: "private" }, "subnetId"),
    wrong(
      "isolation.privateEndpoints.subnetId",
      { mode: "managedOutbound", privateEndpoints: { subnetId } },
      { mode: "managedOutbound", privateEndpoints: { subnetId: "vnet" } },
      "privateEndpoints.subnetId",
    ),
    ...Object.keys(dnsZones).map((key) => {
      const other = key === "blob" ? dnsZones.file : dnsZones.blob;
      const zones = { ...dnsZones, [key]: other };
      return wrong(`isolation.dnsZones.${key}`, hidden, { ...hidden, dnsZones: zones }, `dnsZones.${key}`);
    }),
    wrong("isolation.ipAllowList", listed("16.17.18.19"), listed(), "ipAllowList"),
    wrong("isolation.ipAllowList.*", listed("16.17.18.0/24"), listed("16.17.18.1/24"), "ipAllowList.0"),
    wrong(
      "isolation.outboundRules.*.destination",
      approved({ a: fqdn("*.pytorch.org") }),
      approved({ a: fqdn("https://pypi.org") }),
      "outboundRules.a.destination",
    ),
    wrong(
      "isolation.outboundRules.*.resourceId",
      approved({ a: endpoint(account) }),
      approved({ a: { type: "privateEndpoint", resourceId: "stlake", subresource: "blob" } }),
      "outboundRules.a.resourceId",
    ),
    wrong(
      "isolation.outboundRules.*.serviceTag",
      approved({ a: tag("DataFactory.WestEurope") }),
      approved({ a: tag("data factory") }),
      "outboundRules.a.serviceTag",
    ),
    wrong(
      "isolation.outboundRules.*.protocol",
      approved({ a: tag("DataFactory") }),
      approved({ a: tag("DataFactory", "443", "HTTPS") }),
      "outboundRules.a.protocol",
    ),
    wrong(
      "isolation.outboundRules.*.portRanges",
      approved({ a: tag("DataFactory", "*") }),
      approved({ a: tag("DataFactory", "8089-8080") }),
      "outboundRules.a.portRanges",
    ),
    wrong(
      "isolation-fqdn-rule-approved-only",
      approved({ a: fqdn("pypi.org") }),
      { mode: "managedOutbound", outboundRules: { a: fqdn("pypi.org") } },
      "outboundRules.a.type",
    ),
    wrong(
      "isolation-service-tag-rule-approved-only",
      approved({ a: tag("DataFactory") }),
      { mode: "managedOutbound", outboundRules: { a: tag("DataFactory") } },
      "outboundRules.a.type",
    ),
    wrong(
      "isolation-outbound-rule-name",
      approved({ a: fqdn("a.org"), b: fqdn("b.org") }),
      approved({ a: fqdn("a.org"), A: fqdn("b.org") }),
      "outboundRules.A",
    ),
    wrong(
      "isolation-outbound-rule-of-azure",
      approved({ a: fqdn("a.org") }),
      approved({ __SYS_a: fqdn("a.org") }),
      "outboundRules.__SYS_a",
    ),
    wrong(
      "isolation-fqdn-rules-overlap",
      approved({ a: fqdn("a.org"), b: fqdn("*.b.org") }),
      approved({ a: fqdn("x.b.org"), b: fqdn("*.B.org") }),
      "outboundRules.b.destination",
    ),
    wrong(
      "isolation-fqdn-rule-storage",
      approved({ a: endpoint(account) }),
      approved({ a: fqdn("stlake.blob.core.windows.net") }),
      "outboundRules.a.destination",
    ),
    wrong(
      "isolation-endpoint-rules-overlap",
      approved({ a: endpoint(account), b: endpoint(account, "dfs") }),
      approved({ a: endpoint(account), b: endpoint(account.toUpperCase()) }),
      "outboundRules.b.resourceId",
    ),
    wrong(
      "isolation-endpoint-rule-type",
      approved({ a: endpoint("Microsoft.KeyVault/vaults/kv", "vault") }),
      approved({ a: endpoint("Microsoft.Compute/disks/d", "disks") }),
      "outboundRules.a.resourceId",
    ),
    wrong(
      "isolation-endpoint-rule-subresource",
      approved({ a: endpoint("Microsoft.KeyVault/vaults/kv", "vault") }),
      approved({ a: endpoint("Microsoft.KeyVault/vaults/kv", "blob") }),
      "outboundRules.a.subresource",
    ),
    wrong(
      "isolation-service-tag-rules-overlap",
      approved({ a: tag("DataFactory", "80"), b: tag("DataFactory", "443") }),
      approved({ a: tag("DataFactory", "80-500", "*"), b: tag("DataFactory", "443") }),
      "outboundRules.b.portRanges",
    ),
    wrong("isolation-allow-list-public", listed("16.17.18.19"), listed("192.168.1.1"), "ipAllowList.0"),
    wrong(
      "isolation-allow-list-small-range",
      listed("16.17.18.0/30"),
      listed("16.17.18.0/31"),
      "ipAllowList.0",
    ),
    wrong(
      "isolation-allow-list-overlap",
      listed("16.17.18.0/24", "16.17.19.1"),
      listed("16.17.18.0/24", "16.17.18.1"),
      "ipAllowList.1",
    ),
    wrong(
      "isolation-gateway-subnet",
      hidden,
      { ...hidden, subnetId: subnetId.replace("endpoints", "GatewaySubnet") },
      "subnetId",
    ),
    {
      rule: "isolation-subnet-subscription",
      right: { ...workspaceWith(hidden), resourceGroupId: GROUP_ID },
      wrong: {
        isolation: { ...hidden, subnetId: subnetId.replace(/subscriptions\/[^/]+/, "subscriptions/other") },
      },
      path: "isolation.subnetId",
    },
  ],
};
