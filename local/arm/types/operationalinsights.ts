import { randomBytes, randomUUID } from "node:crypto";
import { forgetDeleted, keepDeleted, softDeleted } from "../deleted";
import { ArmError } from "../errors";
import { objectAt, pick, stringAt, withDefaults } from "../objects";
import type { Made, PutRequest, ResourceType } from "../resource-type";
import { identityOf } from "./identity";
import { locationAndTags, mergedPatch, nameRule } from "./envelope";

const KEPT_DAYS = 14;

function makeWorkspace({ arm, body, existing, id }: PutRequest): Made {
  const now = arm.now().toISOString();
  const location = locationAndTags(body);
  // Creating a workspace again within its soft-delete period, at the same place, recovers it: it keeps its customer id.
  const deleted = existing === undefined ? softDeleted(arm.store, id, arm.now())?.resource : undefined;
  const source = existing ?? deleted;
  const before = objectAt(source?.body ?? {}, "properties");
  if (deleted !== undefined && deleted.body["location"] !== location["location"]) {
    const message = `The workspace was deleted less than ${KEPT_DAYS} days ago in '${String(deleted.body["location"])}'; recover it there, or delete it with ?force=true.`;
    throw new ArmError(409, "Conflict", message);
  }
  const wanted = objectAt(body, "properties");
  const sku = stringAt(objectAt(wanted, "sku"), "name") ?? "PerGB2018";
  return {
    body: {
      ...location,
      ...identityOf(arm.store, body, existing?.body),
      properties: {
        ...withDefaults(
          pick(wanted, [
            "retentionInDays",
            "publicNetworkAccessForIngestion",
            "publicNetworkAccessForQuery",
            "forceCmkForQuery",
            "defaultDataCollectionRuleResourceId",
            "workspaceCapping",
            "features",
          ]),
          {
            retentionInDays: 30,
            publicNetworkAccessForIngestion: "Enabled",
            publicNetworkAccessForQuery: "Enabled",
            features: { legacy: 0, searchVersion: 1, enableLogAccessUsingOnlyResourcePermissions: true },
            workspaceCapping: {
              dailyQuotaGb: -1,
              dataIngestionStatus: "RespectQuota",
              quotaNextResetTime: now,
            },
          },
        ),
        sku: { name: sku, lastSkuUpdate: objectAt(before, "sku")["lastSkuUpdate"] ?? now },
        customerId: before["customerId"] ?? randomUUID(),
        createdDate: before["createdDate"] ?? now,
        modifiedDate: now,
        provisioningState: "Succeeded",
      },
    },
    internal: source?.internal["primarySharedKey"] === undefined ? newKeys() : pick(source.internal, KEYS),
  };
}

const KEYS = ["primarySharedKey", "secondarySharedKey"];
const newKeys = () => Object.fromEntries(KEYS.map((key) => [key, randomBytes(64).toString("base64")]));

/** Microsoft.OperationalInsights: Log Analytics workspaces. */
export const operationalInsightsTypes: readonly ResourceType[] = [
  {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersions: ["2020-08-01", "2022-10-01", "2023-09-01", "2025-02-01", "2025-07-01"],
    tracked: true,
    checkName: nameRule(
      /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
      "InvalidResourceName",
      (name) =>
        `The workspace name '${name}' is not valid: 4 to 63 letters, digits and dashes, none of them at the ends.`,
    ),
    make: makeWorkspace,
    amend: (request) => mergedPatch(request, ["tags", "properties"]),
    write: async ({ store }, { id }, previous) => {
      if (previous === undefined) await forgetDeleted(store, id);
    },
    erase: (arm, workspace, { purge }) =>
      purge
        ? forgetDeleted(arm.store, workspace.id)
        : keepDeleted(arm.store, workspace, KEPT_DAYS, arm.now()),
    actions: { sharedkeys: ({ existing }) => ({ status: 200, body: pick(existing.internal, KEYS) }) },
  },
];
