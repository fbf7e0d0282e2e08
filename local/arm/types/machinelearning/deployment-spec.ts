import type { JsonObject } from "../../../json";
import type { OnlineDeploymentSpec } from "../../effects";
import { badArgument } from "../../errors";
import { isObject, numberAt, objectAt, stringAt } from "../../objects";
import type { Store, StoredResource } from "../../store";
import { codeOf, environmentOf, modelOf } from "./asset-references";

/** What a deployment runs, out of its ARM body. @throws ArmError for what it refers to and cannot be found. */
export function deploymentSpec(
  store: Store,
  { id, body }: Pick<StoredResource, "id" | "body">,
): OnlineDeploymentSpec {
  const properties = objectAt(body, "properties");
  const model = modelOf(store, id, stringAt(properties, "model"));
  const code = scriptOf(store, id, properties);
  const environmentId = stringAt(properties, "environmentId");
  const environment = environmentId === undefined ? undefined : environmentOf(store, id, environmentId);
  const settings = objectAt(properties, "requestSettings");
  return {
    id,
    model: model && { ...model.place, name: model.name, version: model.version },
    modelType: model?.modelType ?? "custom_model",
    code,
    environment: code === undefined ? undefined : environment,
    instances: numberAt(objectAt(body, "sku"), "capacity") ?? 1,
    environmentVariables: strings(objectAt(properties, "environmentVariables")),
    requestTimeout: milliseconds(stringAt(settings, "requestTimeout")) ?? 5000,
    maxConcurrentRequestsPerInstance: numberAt(settings, "maxConcurrentRequestsPerInstance") ?? 1,
  };
}

function scriptOf(store: Store, id: string, properties: JsonObject): OnlineDeploymentSpec["code"] {
  const { codeConfiguration } = properties;
  if (!isObject(codeConfiguration)) return undefined;
  const [codeId, scoringScript] = ["codeId", "scoringScript"].map((key) => stringAt(codeConfiguration, key));
  if (codeId === undefined || scoringScript === undefined)
    throw badArgument(
      "A scoring script needs both 'codeId', the code asset, and 'scoringScript', its path in there.",
      `properties.codeConfiguration.${codeId === undefined ? "codeId" : "scoringScript"}`,
    );
  return { ...codeOf(store, id, codeId), scoringScript };
}

/** `PT1M30.5S` → 90500; undefined for what is no duration of days, hours, minutes and seconds. */
export function milliseconds(duration: string | undefined): number | undefined {
  const match = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
    duration ?? "",
  );
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/** All values as text. */
export function strings(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}
