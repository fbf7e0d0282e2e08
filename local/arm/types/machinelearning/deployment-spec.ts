import { findWorkspace } from "../../../mlflow/workspace";
import { datastorePathOf } from "../../../mlflow/artifact-uri";
import { blobFolder } from "../../../mlflow/model-files";
import type { JsonObject } from "../../../json";
import type { OnlineDeploymentSpec } from "../../effects";
import { ArmError, badArgument } from "../../errors";
import { numberAt, objectAt, stringAt } from "../../objects";
import type { Store, StoredResource } from "../../store";
import { workspaceIdOf } from "./provider";

/** What a deployment runs, out of its ARM body. @throws ArmError for a model that cannot be found. */
export function deploymentSpec(
  store: Store,
  { id, body }: Pick<StoredResource, "id" | "body">,
): OnlineDeploymentSpec {
  const properties = objectAt(body, "properties");
  const model = modelOf(store, id, stringAt(properties, "model"));
  const settings = objectAt(properties, "requestSettings");
  return {
    id,
    model: model?.place,
    modelType: model?.modelType ?? "custom_model",
    instances: numberAt(objectAt(body, "sku"), "capacity") ?? 1,
    environmentVariables: strings(objectAt(properties, "environmentVariables")),
    requestTimeout: milliseconds(stringAt(settings, "requestTimeout")) ?? 5000,
    maxConcurrentRequestsPerInstance: numberAt(settings, "maxConcurrentRequestsPerInstance") ?? 1,
  };
}

function modelOf(store: Store, deploymentId: string, reference: string | undefined) {
  if (reference === undefined) return undefined;
  const workspaceId = workspaceIdOf(deploymentId);
  const asset = assetId(reference, workspaceId);
  const version = asset === undefined ? undefined : store.get(asset);
  const workspace = findWorkspace(store, asset === undefined ? workspaceId : workspaceIdOf(asset));
  if (version === undefined || workspace === undefined) {
    throw new ArmError(404, "ResourceNotFound", `The model '${reference}' was not found.`, {
      target: "properties.model",
    });
  }
  const { modelUri, modelType } = objectAt(version.body, "properties");
  const path = datastorePathOf(String(modelUri));
  const place = path === undefined ? undefined : blobFolder(store, workspace, path);
  if (place === undefined)
    throw badArgument(
      `The files of the model '${reference}' cannot be found: ${String(modelUri)}.`,
      "properties.model",
    );
  return { place, modelType: String(modelType) };
}

/** A model version's ARM id, from that id or from `azureml:` before it or `azureml:{name}:{version}`. */
function assetId(reference: string, workspaceId: string): string | undefined {
  const text = reference.replace(/^azureml:(?=\/[^/])/i, "");
  if (/^\/subscriptions\/.+\/models\/[^/]+\/versions\/[^/]+$/i.test(text)) return text;
  const [, name, version] = /^azureml:([^:/]+):([^:/]+)$/i.exec(reference) ?? [];
  return name === undefined || version === undefined
    ? undefined
    : `${workspaceId}/models/${name}/versions/${version}`;
}

/** `PT1M30.5S` → 90500; undefined for what is no duration of hours, minutes and seconds. */
export function milliseconds(duration: string | undefined): number | undefined {
  const match = /^PT(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration ?? "");
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function strings(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}
