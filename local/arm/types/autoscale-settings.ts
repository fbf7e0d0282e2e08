import type { Json, JsonObject } from "../../json";
import { ArmError } from "../errors";
import { isObject, numberAt, objectAt, pick, stringAt } from "../objects";
import { parseArmPath, typeOf } from "../path";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import { supportedMetrics } from "../supported-metrics";
import { locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";
import { milliseconds } from "./machinelearning/deployment-spec";

export const AUTOSCALE_SETTINGS = "Microsoft.Insights/autoscaleSettings";
const DEPLOYMENTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments";
const MOST_PROFILES = 20;
const MOST_RULES = 10;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function makeAutoscale(request: PutRequest): Made {
  const { arm, body, id, name } = request;
  const wanted = objectAt(body, "properties");
  const target = requiredString(wanted, "targetResourceUri", "properties.targetResourceUri");
  checkTarget(arm, id, target);
  const profiles = objectsAt(wanted, "profiles");
  if (profiles.length === 0 || profiles.length > MOST_PROFILES)
    throw refused(`An autoscale setting has 1 to ${MOST_PROFILES} profiles, not ${profiles.length}.`);
  const names = profiles.map((profile) => requiredString(profile, "name", "properties.profiles.name"));
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw refused(`Two profiles are named '${twice}'.`);
  for (const profile of profiles) checkProfile(arm, profile);
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        ...pick(wanted, ["profiles", "notifications", "predictiveAutoscalePolicy"]),
        name: wanted["name"] ?? name,
        enabled: wanted["enabled"] ?? false,
        targetResourceUri: target,
        targetResourceLocation: wanted["targetResourceLocation"] ?? stringAt(body, "location") ?? "",
      },
    },
  };
}

/** There is one setting for each resource that scales, and the local Azure scales online deployments. */
function checkTarget(arm: Arm, id: string, target: string): void {
  const path = parseArmPath(target);
  const type = path === undefined ? undefined : typeOf(path);
  if (type?.toLowerCase() !== DEPLOYMENTS.toLowerCase())
    throw refused(`The local Azure scales resources of type ${DEPLOYMENTS}, not '${target}'.`);
  if (arm.store.get(target) === undefined)
    throw refused(`The target resource '${target}' was not found.`, "ResourceNotFound");
  const other = autoscaleSettingsIn(arm.store.list("/subscriptions/")).find(
    (setting) =>
      setting.id.toLowerCase() !== id.toLowerCase() &&
      stringAt(objectAt(setting.body, "properties"), "targetResourceUri")?.toLowerCase() ===
        target.toLowerCase(),
  );
  if (other !== undefined)
    throw new ArmError(
      409,
      "Conflict",
      `The resource '${target}' has an autoscale setting already: '${other.id}'.`,
    );
}

/** Those among the resources. */
export function autoscaleSettingsIn<T extends { readonly id: string }>(resources: readonly T[]): T[] {
  return resources.filter(({ id }) =>
    /\/providers\/microsoft\.insights\/autoscalesettings\/[^/]+$/i.test(id),
  );
}

function checkProfile(arm: Arm, profile: JsonObject): void {
  const name = String(profile["name"]);
  const capacity = objectAt(profile, "capacity");
  const [least, most, usual] = ["minimum", "maximum", "default"].map((key) =>
    wholeNumber(capacity, key, name),
  );
  if (!(Number(least) <= Number(usual) && Number(usual) <= Number(most)))
    throw refused(`In profile '${name}' the minimum, default and maximum capacity must be in that order.`);
  const rules = objectsAt(profile, "rules");
  if (rules.length > MOST_RULES) throw refused(`Profile '${name}' has more than ${MOST_RULES} rules.`);
  for (const rule of rules) checkRule(arm, name, rule);
  const schedule = objectAt(objectAt(profile, "recurrence"), "schedule");
  if (profile["recurrence"] !== undefined && !Array.isArray(schedule["days"]))
    throw refused(`The recurrence of profile '${name}' has no days.`);
}

function checkRule(arm: Arm, profile: string, rule: JsonObject): void {
  const trigger = objectAt(rule, "metricTrigger");
  const action = objectAt(rule, "scaleAction");
  const window = milliseconds(stringAt(trigger, "timeWindow")) ?? 0;
  if (window < 5 * MINUTE || window > DAY / 2)
    throw refused(`A timeWindow in profile '${profile}' is not between 5 minutes and 12 hours.`);
  const cooldown = milliseconds(stringAt(action, "cooldown")) ?? 0;
  if (cooldown < MINUTE || cooldown > 7 * DAY)
    throw refused(`A cooldown in profile '${profile}' is not between 1 minute and 1 week.`);
  const resource = stringAt(trigger, "metricResourceUri") ?? "";
  if (arm.store.get(resource) === undefined)
    throw refused(`The metric resource '${resource}' was not found.`, "ResourceNotFound");
  const path = parseArmPath(resource);
  const metrics = supportedMetrics[path === undefined ? "" : String(typeOf(path)).toLowerCase()];
  const metric = metrics?.[String(trigger["metricName"])];
  if (metric === undefined)
    throw refused(`The resource '${resource}' has no metric '${String(trigger["metricName"])}'.`);
  for (const dimension of objectsAt(trigger, "dimensions"))
    if (!metric.dimensions.includes(String(dimension["DimensionName"])))
      throw refused(
        `The metric '${String(trigger["metricName"])}' has no dimension '${String(dimension["DimensionName"])}'.`,
      );
}

function wholeNumber(capacity: JsonObject, key: string, profile: string): number {
  const value = numberAt(capacity, key) ?? Number(stringAt(capacity, key) ?? Number.NaN);
  if (Number.isInteger(value) && value >= 0) return value;
  throw refused(`The ${key} capacity of profile '${profile}' must be a whole number.`);
}

function objectsAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((each: Json): each is JsonObject => isObject(each)) : [];
}

function refused(message: string, code = "BadRequest"): ArmError {
  return new ArmError(400, code, message);
}

/** Microsoft.Insights: what `local/autoscale` acts by. */
export const autoscaleSettings: ResourceType = {
  type: AUTOSCALE_SETTINGS,
  apiVersions: ["2021-05-01-preview", "2022-10-01"],
  tracked: true,
  systemData: true,
  checkName: nameRule(
    /^[^<>*%&:\\?/\p{Cc}]{0,259}[^<>*%&:\\?/\p{Cc} .]$/u,
    "InvalidResourceName",
    (name) => `The resource name '${name}' is invalid.`,
  ),
  make: makeAutoscale,
  amend: (request) => mergedPatch(request, ["tags", "properties"]),
};
