import { randomUUID } from "node:crypto";
import { TENANT_ID } from "../../cloud";
import { ArmError } from "../errors";
import { objectAt, pick, stringAt } from "../objects";
import type { Made, PutRequest, ResourceType } from "../resource-type";
import { locationAndTags, mergedPatch, requiredString } from "./envelope";

const SETTINGS = [
  "DisableIpMasking", "DisableLocalAuth", "Flow_Type", "ForceCustomerStorageForProfiler", "HockeyAppId", "ImmediatePurgeDataOn30Days",
  "Request_Source", "SamplingPercentage", "WorkspaceResourceId",
]; // prettier-ignore

function makeComponent({ arm, body, existing, name }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  const location = locationAndTags(body);
  const workspace = stringAt(wanted, "WorkspaceResourceId");
  if (workspace !== undefined && arm.store.get(workspace) === undefined) {
    const message = `The Log Analytics workspace '${workspace}' does not exist.`;
    throw new ArmError(400, "InvalidWorkspaceResourceId", message, {
      target: "properties.WorkspaceResourceId",
    });
  }
  const key = stringAt(before, "InstrumentationKey") ?? randomUUID();
  const appId = stringAt(before, "AppId") ?? randomUUID();
  const host = `https://${String(location["location"])}.in.applicationinsights.azure.com/`;
  return {
    body: {
      ...location,
      kind: requiredString(body, "kind", "kind"),
      etag: `"${randomUUID()}"`,
      properties: {
        Application_Type: stringAt(wanted, "Application_Type") ?? "web",
        ApplicationId: name,
        AppId: appId,
        Name: name,
        TenantId: TENANT_ID,
        InstrumentationKey: key,
        ConnectionString: `InstrumentationKey=${key};IngestionEndpoint=${host};ApplicationId=${appId}`,
        CreationDate: before["CreationDate"] ?? arm.now().toISOString(),
        RetentionInDays: wanted["RetentionInDays"] ?? 90,
        IngestionMode:
          workspace === undefined
            ? (stringAt(wanted, "IngestionMode") ?? "ApplicationInsights")
            : "LogAnalytics",
        publicNetworkAccessForIngestion: wanted["publicNetworkAccessForIngestion"] ?? "Enabled",
        publicNetworkAccessForQuery: wanted["publicNetworkAccessForQuery"] ?? "Enabled",
        ...pick(wanted, SETTINGS),
        provisioningState: "Succeeded",
      },
    },
  };
}

/** Microsoft.Insights: Application Insights. */
export const insightsTypes: readonly ResourceType[] = [
  {
    type: "Microsoft.Insights/components",
    apiVersions: ["2018-05-01-preview", "2020-02-02"],
    tracked: true,
    createdStatus: 200,
    make: makeComponent,
    amend: (request) => mergedPatch(request, ["tags"]),
  },
];
