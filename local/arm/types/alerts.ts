import type { Json, JsonObject } from "../../json";
import { ArmError } from "../errors";
import { isObject, numberAt, objectAt, pick, stringAt, withDefaults } from "../objects";
import { parseArmPath, typeOf } from "../path";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import { supportedMetrics } from "../supported-metrics";
import { locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";

const ACTION_GROUPS = "Microsoft.Insights/actionGroups";
const MOST_ACTION_GROUPS = 5;
/** Of each kind of receiver, what it must have and how many there may be. */
const RECEIVERS: Readonly<Record<string, { readonly needs: readonly string[]; readonly most: number }>> = {
  emailReceivers: { needs: ["emailAddress"], most: 1000 },
  webhookReceivers: { needs: ["serviceUri"], most: 10 },
  smsReceivers: { needs: ["countryCode", "phoneNumber"], most: 10 },
  voiceReceivers: { needs: ["countryCode", "phoneNumber"], most: 10 },
  azureAppPushReceivers: { needs: ["emailAddress"], most: 10 },
  armRoleReceivers: { needs: ["roleId"], most: 10 },
  logicAppReceivers: { needs: ["resourceId", "callbackUrl"], most: 10 },
  azureFunctionReceivers: { needs: ["functionAppResourceId", "functionName", "httpTriggerUrl"], most: 10 },
  automationRunbookReceivers: { needs: ["automationAccountId", "runbookName"], most: 10 },
  eventHubReceivers: { needs: ["eventHubNameSpace", "eventHubName", "subscriptionId"], most: 10 },
  itsmReceivers: { needs: ["workspaceId", "connectionId", "ticketConfiguration", "region"], most: 10 },
};

function makeActionGroup({ body }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const shortName = requiredString(wanted, "groupShortName", "properties.groupShortName");
  if (shortName.length > 12)
    throw refused("The field GroupShortName must be a string with a maximum length of '12'.");
  const receivers = Object.keys(RECEIVERS).map((kind) => [kind, receiversOf(wanted, kind)] as const);
  const names = receivers.flatMap(([, list]) => list.map((each) => String(each["name"]).toLowerCase()));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw refused(`Receiver names must be unique in an action group, and '${twice}' is not.`);
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        groupShortName: shortName,
        enabled: wanted["enabled"] ?? true,
        ...Object.fromEntries(receivers),
      },
    },
  };
}

function receiversOf(wanted: JsonObject, kind: string): JsonObject[] {
  const { needs = [], most = 0 } = RECEIVERS[kind] ?? {};
  const list = listAt(wanted, kind);
  if (list.length > most) throw refused(`An action group has at most ${most} ${kind}.`);
  return list.map((receiver, index) => {
    for (const key of ["name", ...needs])
      requiredString(receiver, key, `properties.${kind}[${index}].${key}`);
    if (kind === "webhookReceivers") checkWebhook(receiver, index);
    return withDefaults(receiver, {
      useCommonAlertSchema: false,
      ...(kind === "emailReceivers" ? { status: "Enabled" } : {}),
      ...(kind === "webhookReceivers" ? { useAadAuth: false } : {}),
    });
  });
}

function checkWebhook(receiver: JsonObject, index: number): void {
  if (receiver["useAadAuth"] !== true) return;
  for (const key of ["objectId", "identifierUri", "tenantId"])
    requiredString(receiver, key, `properties.webhookReceivers[${index}].${key}`);
}

const FREQUENCIES = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H"];
const WINDOWS = [...FREQUENCIES, "PT6H", "PT12H", "PT24H", "P1D"];
const minutes: Readonly<Record<string, number>> = { PT1M: 1, PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60, PT6H: 360, PT12H: 720, PT24H: 1440, P1D: 1440 }; // prettier-ignore

function makeMetricAlert({ arm, body }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const scopes = stringsAt(wanted, "scopes");
  if (scopes.length === 0) throw refused("Alert scope is invalid: it must name a resource.");
  for (const scope of scopes) {
    if (arm.store.get(scope) === undefined)
      throw refused(`The resource '${scope}' that the alert is scoped to was not found.`, "ResourceNotFound");
  }
  checkTimes(wanted);
  const severity = numberAt(wanted, "severity") ?? -1;
  if (![0, 1, 2, 3, 4].includes(severity)) throw refused("Severity must be a whole number from 0 to 4.");
  for (const scope of scopes) checkCriteria(scope, objectAt(wanted, "criteria"));
  const actions = listAt(wanted, "actions");
  if (actions.length > MOST_ACTION_GROUPS)
    throw refused(`An alert rule has at most ${MOST_ACTION_GROUPS} action groups.`);
  for (const action of actions) checkActionGroup(arm, stringAt(action, "actionGroupId") ?? "");
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        ...pick(wanted, [
          "description",
          "severity",
          "enabled",
          "scopes",
          "evaluationFrequency",
          "windowSize",
          "targetResourceType",
          "targetResourceRegion",
          "criteria",
          "actions",
        ]),
        autoMitigate: wanted["autoMitigate"] ?? true,
        lastUpdatedTime: arm.now().toISOString(),
        isMigrated: false,
      },
    },
  };
}

function checkTimes(wanted: JsonObject): void {
  const frequency = stringAt(wanted, "evaluationFrequency") ?? "";
  const window = stringAt(wanted, "windowSize") ?? "";
  if (!FREQUENCIES.includes(frequency))
    throw refused(`evaluationFrequency '${frequency}' is none of ${FREQUENCIES.join(", ")}.`);
  if (!WINDOWS.includes(window)) throw refused(`windowSize '${window}' is none of ${WINDOWS.join(", ")}.`);
  if ((minutes[window] ?? 0) < (minutes[frequency] ?? 0))
    throw refused("windowSize must be greater than or equal to evaluationFrequency.");
}

/** That a target of a type whose metrics are known has the metrics and dimensions that the criteria name. */
function checkCriteria(scope: string, criteria: JsonObject): void {
  const path = parseArmPath(scope);
  const type = path === undefined ? undefined : typeOf(path);
  const metrics = supportedMetrics[String(type).toLowerCase()];
  if (metrics === undefined) return;
  for (const criterion of listAt(criteria, "allOf")) {
    if (criterion["skipMetricValidation"] === true) continue;
    const name = stringAt(criterion, "metricName") ?? "";
    const metric = metrics[name];
    if (metric === undefined)
      throw refused(`Couldn't find a metric named ${name}. ${type} has ${Object.keys(metrics).join(", ")}.`);
    const aggregation = stringAt(criterion, "timeAggregation") ?? "";
    if (!metric.aggregations.includes(aggregation))
      throw refused(
        `The metric ${name} has no aggregation ${aggregation}, only ${metric.aggregations.join(", ")}.`,
      );
    for (const dimension of listAt(criterion, "dimensions"))
      if (!metric.dimensions.includes(String(dimension["name"])))
        throw refused(
          `The metric ${name} has no dimension ${String(dimension["name"])}, only ${metric.dimensions.join(", ")}.`,
        );
  }
}

/** @throws ArmError unless there is an action group of that id */
export function checkActionGroup(arm: Arm, id: string): void {
  const path = parseArmPath(id);
  const type = path === undefined ? undefined : typeOf(path);
  if (type?.toLowerCase() === ACTION_GROUPS.toLowerCase() && arm.store.get(id) !== undefined) return;
  throw refused(`The action group '${id}' was not found.`, "ResourceNotFound");
}

function listAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((each: Json): each is JsonObject => isObject(each)) : [];
}

function stringsAt(object: JsonObject, key: string): string[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function refused(message: string, code = "BadRequest"): ArmError {
  return new ArmError(400, code, message);
}

const says = (name: string): string => `The resource name '${name}' is invalid.`;

/** Microsoft.Insights: who is told (action groups), and of what (metric alerts). Nothing is measured or sent. */
export const alertTypes: readonly ResourceType[] = [
  {
    type: ACTION_GROUPS,
    apiVersions: ["2022-06-01", "2023-01-01", "2024-10-01-preview"],
    tracked: true,
    checkName: nameRule(
      /^[^:<>+/&%\\?\p{Cc}]{1,259}[^:<>+/&%\\?\p{Cc} .]$|^[^:<>+/&%\\?\p{Cc} .]$/u,
      "InvalidResourceName",
      says,
    ),
    make: makeActionGroup,
    amend: (request) => mergedPatch(request, ["tags", "properties"]),
  },
  {
    type: "Microsoft.Insights/metricAlerts",
    apiVersions: ["2018-03-01"],
    tracked: true,
    createdStatus: 200,
    checkName: nameRule(
      /^[^*#&+:<>?@%{}\\/|\p{Cc}]{0,259}[^*#&+:<>?@%{}\\/|\p{Cc} .]$/u,
      "InvalidResourceName",
      says,
    ),
    make: makeMetricAlert,
    amend: (request) => mergedPatch(request, ["tags", "properties"]),
  },
];
