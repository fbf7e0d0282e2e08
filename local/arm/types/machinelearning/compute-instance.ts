import { TENANT_ID } from "../../../cloud";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { isObject, objectAt, omit, stringAt, withDefaults } from "../../objects";
import {
  checkFixed,
  checkNetwork,
  MACHINE_NAME,
  type ComputeKind,
  type KindRequest,
  type PowerAction,
} from "./compute-kind";

const DEFAULTS: JsonObject = {
  applicationSharingPolicy: "Shared",
  computeInstanceAuthorizationType: "personal",
  enableNodePublicIp: true,
  enableSSO: true,
  sshSettings: { sshPublicAccess: "Disabled", adminUserName: "azureuser", sshPort: 4001 },
};
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SCHEDULES = "properties.properties.schedules.computeStartStop";
const MOST_SCHEDULES = 4;

/** A machine that is only ever said to run: it can be started and stopped; its shell is the local command `exec --compute`. */
export const computeInstance: ComputeKind = {
  computeType: "ComputeInstance",
  attached: false,
  uniqueInRegion: true,
  name: MACHINE_NAME,
  mostIdentities: Infinity,
  make: (request) => {
    const { inner, before, workspace, region } = request;
    if (stringAt(inner, "vmSize") === undefined)
      throw badArgument("A ComputeInstance needs 'vmSize'.", "properties.properties.vmSize");
    if (stringAt(workspace, "location") !== region)
      throw badArgument("A compute instance is in its workspace's region.", "location");
    checkNetwork(request);
    if (before !== undefined) return unchanged(objectAt(before, "properties"), inner);
    checkUser(inner);
    checkIdleTime(inner);
    checkScripts(inner);
    return made(request);
  },
  power: (inner, action, now) => ({
    ...inner,
    state: action === "Stop" ? "Stopped" : "Running",
    lastOperation: lastOperation(action, now),
  }),
};

function made({ inner, name, region, now, creator }: KindRequest): JsonObject {
  const schedules = schedulesOf(inner);
  return {
    ...withDefaults(omit(inner, ["schedules"]), DEFAULTS),
    ...(schedules.length === 0 ? {} : { schedules: { computeStartStop: schedules } }),
    state: "Running",
    lastOperation: lastOperation("Create", now),
    createdBy: { userId: creator, userOrgId: TENANT_ID },
    connectivityEndpoints: {
      publicIpAddress: inner["enableNodePublicIp"] === false ? null : "203.0.113.5",
      privateIpAddress: "10.0.0.5",
    },
    applications: ["Jupyter", "Jupyter Lab"].map((displayName) => ({
      displayName,
      endpointUri: `https://${name.toLowerCase()}.${region}.instances.azureml.ms/`,
    })),
    errors: [],
  };
}

/** A PUT of an instance that is there refuses another machine, and takes the rest without doing it. */
function unchanged(before: JsonObject, inner: JsonObject): JsonObject {
  checkFixed(before, omit(inner, ["sshSettings"]), ["vmSize", "subnet", "enableNodePublicIp"]);
  return before;
}

function lastOperation(operationName: PowerAction | "Create", now: string): JsonObject {
  return { operationName, operationTime: now, operationStatus: "Succeeded", operationTrigger: "User" };
}

function checkUser(inner: JsonObject): void {
  const user = objectAt(objectAt(inner, "personalComputeInstanceSettings"), "assignedUser");
  if (Object.keys(user).length === 0) return;
  const path = "properties.properties.personalComputeInstanceSettings.assignedUser";
  if (!GUID.test(stringAt(user, "objectId") ?? ""))
    throw badArgument("'objectId' of an assigned user is a GUID.", `${path}.objectId`);
  if (stringAt(user, "tenantId")?.toLowerCase() !== TENANT_ID)
    throw badArgument("An assigned user is of the workspace's tenant.", `${path}.tenantId`);
}

function checkIdleTime(inner: JsonObject): void {
  const time = stringAt(inner, "idleTimeBeforeShutdown");
  if (time === undefined) return;
  const [all, days = "0", hours = "0", minutes = "0"] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(time) ?? [];
  const total = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  if (all !== undefined && total >= 15 && total <= 3 * 24 * 60) return;
  throw badArgument(
    `'idleTimeBeforeShutdown' is '${time}'; it must be between 15 minutes (PT15M) and 3 days (P3D).`,
    "properties.properties.idleTimeBeforeShutdown",
  );
}

function checkScripts(inner: JsonObject): void {
  const scripts = objectAt(objectAt(inner, "setupScripts"), "scripts");
  for (const [name, script] of Object.entries(scripts)) {
    if (!isObject(script)) continue;
    const path = `properties.properties.setupScripts.scripts.${name}`;
    const [source, data] = [stringAt(script, "scriptSource"), stringAt(script, "scriptData") ?? ""];
    if (source !== "inline" && source !== "workspaceStorage")
      throw badArgument("A script's source is inline or workspaceStorage.", `${path}.scriptSource`);
    if (data === "" || (source === "inline" && Buffer.from(data, "base64").toString("base64") !== data))
      throw badArgument("An inline script is text in base64, another one a path.", `${path}.scriptData`);
  }
}

function schedulesOf(inner: JsonObject): JsonObject[] {
  const schedules = objectAt(inner, "schedules")["computeStartStop"];
  if (!Array.isArray(schedules)) return [];
  if (schedules.length > MOST_SCHEDULES)
    throw badArgument(`A compute instance has at most ${MOST_SCHEDULES} schedules.`, SCHEDULES);
  return schedules.filter(isObject).map((schedule, index) => {
    const trigger = stringAt(schedule, "triggerType") ?? "";
    const key = trigger.toLowerCase();
    if (stringAt(schedule, "action") === undefined || !isObject(schedule[key]))
      throw badArgument(
        `A schedule needs 'action', 'triggerType' and, with ${trigger || "a trigger type"}, '${key || "cron"}'.`,
        `${SCHEDULES}[${index}]`,
      );
    return {
      status: "Enabled",
      ...schedule,
      id: `schedule-${index + 1}`,
      provisioningStatus: "Completed",
    };
  });
}
