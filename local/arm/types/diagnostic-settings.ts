import type { Json, JsonObject } from "../../json";
import { ArmError } from "../errors";
import { isObject, objectAt, pick, stringAt } from "../objects";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import type { StoredResource } from "../store";

const TYPE = "Microsoft.Insights/diagnosticSettings";
const DESTINATIONS = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "marketplacePartnerId",
];
const MOST = 5;

/** The log categories of the types that are known to have some; others are taken as they come. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  "microsoft.machinelearningservices/workspaces": [
    "AmlComputeClusterEvent", "AmlComputeClusterNodeEvent", "AmlComputeCpuGpuUtilization", "AmlComputeJobEvent", "AmlRunStatusChangedEvent",
    "ComputeInstanceEvent", "DataLabelChangeEvent", "DataLabelReadEvent", "DataSetChangeEvent", "DataSetReadEvent", "DataStoreChangeEvent",
    "DataStoreReadEvent", "DeploymentEventACI", "DeploymentEventAKS", "DeploymentReadEvent", "EnvironmentChangeEvent", "EnvironmentReadEvent",
    "InferencingOperationACI", "InferencingOperationAKS", "ModelsActionEvent", "ModelsChangeEvent", "ModelsReadEvent", "PipelineChangeEvent",
    "PipelineReadEvent", "RunEvent", "RunReadEvent",
  ], // prettier-ignore
};
const GROUPS = ["allLogs", "audit"];

function makeSetting({ arm, body, id, existing }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.insights/"));
  checkDestinations(arm, wanted);
  const logs = listAt(wanted, "logs");
  const metrics = listAt(wanted, "metrics");
  if (logs.length + metrics.length === 0) throw badRequest("At least one log or metric must be given.");
  const type = String(arm.store.get(scope)?.body["type"]).toLowerCase();
  for (const log of logs) checkLog(log, CATEGORIES[type]);
  const others = arm.store.list(`${scope}/providers/${TYPE}/`).filter((other) => other.id !== existing?.id);
  if (others.length >= MOST) throw badRequest(`A resource has at most ${MOST} diagnostic settings.`);
  const rival = others.find((other) => collide(objectAt(other.body, "properties"), wanted));
  if (rival !== undefined) {
    const message = `Data sink '${String(wanted["workspaceId"])}' is already used in diagnostic setting '${String(rival.body["name"])}' for the same category. Data sinks can't be reused in different settings on the same category for the same resource.`;
    throw new ArmError(409, "Conflict", message);
  }
  return {
    body: {
      properties: {
        ...pick(wanted, [...DESTINATIONS, "eventHubName", "serviceBusRuleId", "logAnalyticsDestinationType"]),
        logs: logs.map((log) => completed(log, ["category", "categoryGroup"])),
        metrics: metrics.map((metric) => completed(metric, ["category", "timeGrain"])),
      },
    },
  };
}

/** Two settings may not send the same category to the same place. */
function collide(one: JsonObject, other: JsonObject): boolean {
  const shared = DESTINATIONS.filter((each) => each !== "marketplacePartnerId").some(
    (each) =>
      one[each] !== undefined && String(one[each]).toLowerCase() === String(other[each]).toLowerCase(),
  );
  const names = (setting: JsonObject): unknown[] =>
    [...listAt(setting, "logs"), ...listAt(setting, "metrics")].map(
      ({ category, categoryGroup }) => category ?? categoryGroup,
    );
  return shared && names(one).some((name) => names(other).includes(name));
}

function completed(item: JsonObject, names: readonly string[]): JsonObject {
  const retention = objectAt(item, "retentionPolicy");
  return {
    ...pick(item, names),
    enabled: item["enabled"] ?? false,
    retentionPolicy: { enabled: retention["enabled"] ?? false, days: retention["days"] ?? 0 },
  };
}

function checkDestinations({ store }: Arm, wanted: JsonObject): void {
  const given = DESTINATIONS.filter((each) => (stringAt(wanted, each) ?? "") !== "");
  if (given.length === 0) throw badRequest("At least one data sink must be specified.");
  const workspace = stringAt(wanted, "workspaceId");
  if (workspace === undefined || isLogs(store.get(workspace))) return;
  throw new ArmError(404, "ResourceNotFound", `The Log Analytics workspace '${workspace}' was not found.`);
}

function isLogs(resource: StoredResource | undefined): boolean {
  return resource?.body["type"] === "Microsoft.OperationalInsights/workspaces";
}

function checkLog(log: JsonObject, categories: readonly string[] | undefined): void {
  const { category, categoryGroup } = log;
  if ((category === undefined) === (categoryGroup === undefined))
    throw badRequest("A log has either a category or a categoryGroup.");
  if (category !== undefined && categories?.includes(String(category)) === false)
    throw badRequest(`Category '${String(category)}' is not supported.`);
  if (categoryGroup !== undefined && !GROUPS.includes(String(categoryGroup)))
    throw badRequest(`Category group '${String(categoryGroup)}' is not supported.`);
}

function listAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((item: Json): item is JsonObject => isObject(item)) : [];
}

function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}

/** Azure Monitor's diagnostic settings, of any resource. Nothing is sent anywhere. */
export const diagnosticSettings: ResourceType = {
  type: TYPE,
  apiVersions: ["2021-05-01-preview"],
  scope: "any",
  createdStatus: 200,
  make: makeSetting,
};
