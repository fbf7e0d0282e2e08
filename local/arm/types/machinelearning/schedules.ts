import type { JsonObject } from "../../../json";
import { isCron } from "../../../schedules/next-time";
import { scheduleInternal } from "../../../schedules/scheduler";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { objectAt, stringAt, withDefaults } from "../../objects";
import type { Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

/** A time without zone, as triggers have it. */
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** Schedules are declared and checked here; `local/schedules` runs them. */
export const schedules: ResourceType = {
  type: `${WORKSPACES}/schedules`,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  checkName(name) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(name))
      throw badArgument(`The schedule name '${name}' is not valid: letters, digits, '_' and '-'.`, "name");
  },
  make: makeSchedule,
  listed: (resources, { listviewtype = "EnabledOnly" }) =>
    resources.filter(({ body }) => {
      const enabled = objectAt(body, "properties")["isEnabled"] !== false;
      return listviewtype === "All" || enabled === (listviewtype !== "DisabledOnly");
    }),
};

function makeSchedule({ arm, body, id, principal }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  checkTrigger(objectAt(wanted, "trigger"));
  checkAction(arm, parentId(id), objectAt(wanted, "action"));
  const properties = withDefaults(wanted, { isEnabled: true, tags: {}, properties: {} });
  return {
    body: { properties: { ...properties, provisioningState: "Succeeded" } },
    internal: scheduleInternal(principal),
  };
}

function checkTrigger(trigger: JsonObject): void {
  const target = "properties.trigger";
  const [start, end] = ["startTime", "endTime"].map((key) => {
    const time = stringAt(trigger, key);
    if (time !== undefined && !LOCAL_TIME.test(time))
      throw badArgument(
        `'${time}' is no time without UTC offset, as 2026-01-31T18:00:00.`,
        `${target}.${key}`,
      );
    return time;
  });
  if (start !== undefined && end !== undefined && end <= start)
    throw badArgument("A schedule's endTime is later than its startTime.", `${target}.endTime`);
  const expression = stringAt(trigger, "expression") ?? "";
  if (trigger["triggerType"] === "Cron" && !isCron(expression))
    throw badArgument(
      `'${expression}' is no cron expression of five fields: minute, hour, day of month, month, day of week.`,
      `${target}.expression`,
    );
}

function checkAction(arm: Arm, workspaceId: string, action: JsonObject): void {
  if (action["actionType"] !== "InvokeBatchEndpoint") return;
  const definition = objectAt(action, "endpointInvocationDefinition");
  const name = stringAt(definition, "endpointName");
  const deployment = stringAt(definition, "deploymentName");
  if (name === undefined) return;
  const endpoint = `${workspaceId}/batchEndpoints/${name}`;
  for (const wanted of [
    endpoint,
    ...(deployment === undefined ? [] : [`${endpoint}/deployments/${deployment}`]),
  ])
    if (arm.store.get(wanted) === undefined)
      throw new ArmError(404, "ResourceNotFound", `'${wanted}' was not found.`, {
        target: "properties.action.endpointInvocationDefinition",
      });
}
