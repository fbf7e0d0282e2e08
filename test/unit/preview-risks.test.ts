import { expect } from "chai";
import { assess } from "../../providers/preview/assess";
import { readPreview } from "../../providers/preview/engine-json";
import type { Level } from "../../providers/preview/risk";
import { AZURE, digest, own, type PreviewStep } from "../helpers/previews";

type Case = readonly [words: string, step: PreviewStep];

const update = (type: string, old: Record<string, unknown>, now: Record<string, unknown>): PreviewStep => ({
  op: "update",
  type,
  old,
  new: now,
});
const GROUP = "/subscriptions/s/resourceGroups/g";
const ROLE = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions";
const OWNER = `${ROLE}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const CONTRIBUTOR = `${ROLE}/b24988ac-6180-42a0-ab88-20f7382dd24c`;
const READER = `${ROLE}/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
const step = (weight: number): object => ({ weight, bakeSeconds: 60 });
const assignment = (role: string, scope: string): PreviewStep => ({
  op: "create",
  type: AZURE.role,
  new: { roleDefinitionId: role, scope, principalId: "p" },
});

/** Each with the rule that names it. */
const RISKY: readonly (readonly [level: Level, id: string, ...Case])[] = [
  ["high", "deletes-storage", "a storage account goes", { op: "delete", type: AZURE.storage, old: {} }],
  [
    "high",
    "deletes-storage",
    "a container is replaced",
    { op: "replace", type: AZURE.container, old: {}, new: {} },
  ],
  [
    "high",
    "deletes-workspace",
    "a workspace is replaced",
    { op: "replace", type: AZURE.workspace, old: {}, new: {} },
  ],
  ["high", "deletes-vault", "a vault goes", { op: "delete", type: AZURE.vault, old: {} }],
  ["medium", "deletes-logs", "logs go", { op: "delete", type: AZURE.logs, old: {} }],
  [
    "high",
    "deletes-model-version",
    "a version goes",
    { op: "delete", type: own("MlflowModel"), old: { onDelete: "delete" } },
  ],
  [
    "medium",
    "replaces-model-version",
    "the version before goes",
    { op: "replace", type: own("MlflowModel"), old: { onDelete: "delete" }, new: { onDelete: "delete" } },
  ],
  [
    "high",
    "deletes-registered-model",
    "a model goes",
    { op: "delete", type: own("RegisteredModel"), old: { onDelete: "delete" } },
  ],
  [
    "high",
    "deletes-endpoint",
    "a live endpoint is replaced",
    { op: "replace", type: AZURE.endpoint, old: {}, new: {} },
  ],
  ["high", "deletes-rollout", "a rollout goes", { op: "delete", type: own("Rollout"), old: {} }],
  [
    "high",
    "opens-to-the-internet",
    "a workspace is opened",
    update(AZURE.workspace, { publicNetworkAccess: "Disabled" }, { publicNetworkAccess: "Enabled" }),
  ],
  [
    "high",
    "opens-firewall",
    "a firewall lets everybody in",
    update(
      AZURE.storage,
      { networkRuleSet: { defaultAction: "Deny" } },
      { networkRuleSet: { defaultAction: "Allow" } },
    ),
  ],
  [
    "medium",
    "widens-allow-list",
    "an address more gets in",
    update(
      AZURE.storage,
      { networkRuleSet: { ipRules: [{ iPAddressOrRange: "1.2.3.4" }] } },
      { networkRuleSet: { ipRules: [{ iPAddressOrRange: "1.2.3.4" }, { iPAddressOrRange: "0.0.0.0/0" }] } },
    ),
  ],
  [
    "medium",
    "allows-keys",
    "shared keys get in",
    update(AZURE.storage, { allowSharedKeyAccess: false }, { allowSharedKeyAccess: true }),
  ],
  [
    "high",
    "allows-public-blobs",
    "blobs are public",
    update(AZURE.storage, {}, { allowBlobPublicAccess: true }),
  ],
  [
    "high",
    "weakens-tls",
    "old TLS gets in",
    update(AZURE.storage, { minimumTlsVersion: "TLS1_2" }, { minimumTlsVersion: "TLS1_0" }),
  ],
  [
    "medium",
    "endpoint-takes-keys",
    "callers come by keys",
    update(own("OnlineEndpointSettings"), { authMode: "AADToken" }, { authMode: "Key" }),
  ],
  ["high", "gives-owner", "an owner more", assignment(OWNER, GROUP)],
  [
    "high",
    "gives-subscription-role",
    "a role on all of the subscription",
    assignment(READER, "/subscriptions/s"),
  ],
  ["medium", "gives-contributor", "a contributor more", assignment(CONTRIBUTOR, GROUP)],
  [
    "high",
    "widens-role",
    "a role may do more",
    update(
      AZURE.definition,
      { permissions: [{ actions: ["a/read"] }] },
      { permissions: [{ actions: ["a/read", "*"] }] },
    ),
  ],
  ["medium", "removes-lock", "a lock goes", { op: "delete", type: AZURE.lock, old: {} }],
  ["medium", "removes-diagnostics", "logging ends", { op: "delete", type: AZURE.diagnostics, old: {} }],
  [
    "high",
    "allows-purge",
    "purge protection ends",
    update(AZURE.vault, { properties: { enablePurgeProtection: true } }, { properties: {} }),
  ],
  [
    "high",
    "removes-encryption-key",
    "the own key goes",
    update(AZURE.workspace, { encryption: { status: "Enabled" } }, {}),
  ],
  [
    "high",
    "opens-managed-network",
    "computes reach more",
    update(
      AZURE.workspace,
      { managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" } },
      { managedNetwork: { isolationMode: "AllowInternetOutbound" } },
    ),
  ],
  [
    "medium",
    "shortens-retention",
    "less is kept",
    update(AZURE.logs, { retentionInDays: 90 }, { retentionInDays: 30 }),
  ],
  [
    "medium",
    "moves-all-traffic-at-once",
    "steps go",
    update(own("Rollout"), { steps: [step(10), step(100)] }, { steps: [step(100)] }),
  ],
  [
    "medium",
    "removes-gates",
    "gates go",
    update(own("Rollout"), { gates: [{ metric: "errorPercent", max: 1 }] }, { gates: [] }),
  ],
  [
    "low",
    "removes-smoke-requests",
    "smoke requests go",
    update(own("Rollout"), { smokeRequests: [{ body: 1 }] }, { smokeRequests: [] }),
  ],
  [
    "low",
    "fewer-machines",
    "fewer machines serve",
    update(
      own("Rollout"),
      { deployment: { sku: { capacity: 3 } } },
      { deployment: { sku: { capacity: 2 } } },
    ),
  ],
  [
    "medium",
    "purges",
    "what goes is gone at once",
    { op: "create", type: own("Purge"), new: { onDelete: "purge" } },
  ],
];

const HARMLESS: readonly Case[] = [
  ["a tag more", update(AZURE.storage, { tags: { a: "1" } }, { tags: { a: "1", b: "2" } })],
  ["a description", update(AZURE.workspace, { description: "a" }, { description: "b" })],
  ["a new workspace", { op: "create", type: AZURE.workspace, new: { publicNetworkAccess: "Enabled" } }],
  ["a new storage account", { op: "create", type: AZURE.storage, new: { allowSharedKeyAccess: true } }],
  ["a new endpoint", { op: "create", type: AZURE.endpoint, new: {} }],
  [
    "a version more",
    { op: "replace", type: own("MlflowModel"), old: { onDelete: "retain" }, new: { onDelete: "retain" } },
  ],
  [
    "a version that is retained goes from the stack",
    { op: "delete", type: own("MlflowModel"), old: { onDelete: "retain" } },
  ],
  ["a rollout of another model", update(own("Rollout"), { generation: "a" }, { generation: "b" })],
  [
    "another weight",
    update(own("Rollout"), { steps: [step(10), step(100)] }, { steps: [step(20), step(100)] }),
  ],
  ["a step more", update(own("Rollout"), { steps: [step(100)] }, { steps: [step(10), step(100)] })],
  ["a gate more", update(own("Rollout"), { gates: [] }, { gates: [{ metric: "errorPercent", max: 1 }] })],
  [
    "more machines",
    update(
      own("Rollout"),
      { deployment: { sku: { capacity: 2 } } },
      { deployment: { sku: { capacity: 4 } } },
    ),
  ],
  [
    "a workspace is closed",
    update(AZURE.workspace, { publicNetworkAccess: "Enabled" }, { publicNetworkAccess: "Disabled" }),
  ],
  [
    "keys are shut out",
    update(AZURE.storage, { allowSharedKeyAccess: true }, { allowSharedKeyAccess: false }),
  ],
  [
    "a firewall closes",
    update(
      AZURE.storage,
      { networkRuleSet: { defaultAction: "Allow" } },
      { networkRuleSet: { defaultAction: "Deny" } },
    ),
  ],
  ["an address fewer", update(AZURE.storage, { ipRules: ["1.2.3.4", "1.2.3.5"] }, { ipRules: ["1.2.3.4"] })],
  [
    "tokens instead of keys",
    update(own("OnlineEndpointSettings"), { authMode: "Key" }, { authMode: "AADToken" }),
  ],
  ["a reader more", assignment(READER, GROUP)],
  ["a role goes", { op: "delete", type: AZURE.role, old: { roleDefinitionId: OWNER } }],
  ["a lock more", { op: "create", type: AZURE.lock, new: {} }],
  ["more is kept", update(AZURE.logs, { retentionInDays: 30 }, { retentionInDays: 90 })],
  [
    "a bigger cluster",
    update(
      AZURE.compute,
      { properties: { scaleSettings: { maxNodeCount: 2 } } },
      { properties: { scaleSettings: { maxNodeCount: 8 } } },
    ),
  ],
  ["newer TLS", update(AZURE.storage, { minimumTlsVersion: "TLS1_0" }, { minimumTlsVersion: "TLS1_2" })],
];

const risksOf = (step: PreviewStep): readonly string[] => {
  const [change = expect.fail("no change")] = readPreview(digest([step]), "test").changes;
  return assess(change).risks.map(({ level, id }) => `${level} ${id}`);
};

describe("what is risky about a change", () => {
  for (const [level, id, words, step] of RISKY)
    it(`is ${level} where ${words}`, () => expect(risksOf(step)).to.deep.equal([`${level} ${id}`]));
  for (const [words, step] of HARMLESS)
    it(`is nothing: ${words}`, () => expect(risksOf(step)).to.deep.equal([]));
});
