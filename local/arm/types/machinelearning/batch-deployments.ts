import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { isObject, merged, objectAt, pick, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type { Arm, DeleteRequest, Made, PatchRequest, PutRequest, ResourceType } from "../../resource-type";
import { kept, locationAndTags } from "../envelope";
import { identityOf } from "../identity";
import { codeOf, environmentOf, modelOf } from "./asset-references";
import { BATCH_DEFAULTS, batchCompute, checkBatchSettings } from "./batch-settings";
import { checkEndpointName, endpointOperations, ML_API_VERSIONS, WORKSPACES } from "./provider";

function makeDeployment({ arm, body, existing, id }: PutRequest): Made {
  checkEndpoint(arm, id);
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  const properties = withDefaults(wanted, BATCH_DEFAULTS);
  if (isPipelineDeployment(properties)) checkPipeline(arm, properties);
  else checkModelDeployment(arm, id, properties);
  return {
    body: {
      ...locationAndTags(body),
      ...identityOf(arm.store, body, existing?.body),
      ...pick(body, ["kind", "sku"]),
      properties: {
        ...properties,
        properties: { ...objectAt(wanted, "properties"), ...objectAt(before, "properties") },
        provisioningState: "Succeeded",
      },
    },
  };
}

function checkEndpoint(arm: Arm, id: string): void {
  const endpoint = arm.store.get(parentId(id));
  if (endpoint?.internal["operation"] === undefined) return;
  throw new ArmError(
    409,
    "Conflict",
    `Already running method on the endpoint '${lastName(endpoint.id)}'. Wait until it has ended.`,
  );
}

/** Whether a deployment runs a pipeline, and not a model. */
export function isPipelineDeployment(properties: JsonObject): boolean {
  const { deploymentConfigurationType } = objectAt(properties, "deploymentConfiguration");
  return deploymentConfigurationType === "PipelineComponent";
}

/** What a batch deployment's model is referred to by. @throws ArmError (400) for another way than by id */
export function modelReference(properties: JsonObject): string | undefined {
  const { referenceType, assetId } = objectAt(properties, "model");
  if (referenceType !== undefined && referenceType !== "Id")
    throw badArgument(
      `The local Azure has deployments of registered models: 'referenceType' Id, not '${String(referenceType)}'.`,
      "properties.model.referenceType",
    );
  return typeof assetId === "string" ? assetId : undefined;
}

function checkPipeline(arm: Arm, properties: JsonObject): void {
  const target = "properties.deploymentConfiguration.componentId";
  const configuration = objectAt(properties, "deploymentConfiguration");
  const component = stringAt(objectAt(configuration, "componentId"), "assetId");
  if (component === undefined)
    throw badArgument("A pipeline deployment needs 'componentId', a component's version.", target);
  if (arm.store.get(component.replace(/^azureml:(?=\/)/i, "")) === undefined)
    throw new ArmError(404, "ResourceNotFound", `The component '${component}' was not found.`, { target });
}

/** What Azure ML says before a job is ever started: a cluster that can hold it, and a model that something can score. */
function checkModelDeployment({ store }: Arm, id: string, properties: JsonObject): void {
  const compute = stringAt(properties, "compute");
  if (compute === undefined)
    throw badArgument("A batch deployment needs 'compute', the ARM id of a cluster.", "properties.compute");
  checkBatchSettings(properties, batchCompute(store, id, compute));
  const reference = modelReference(properties);
  const model = modelOf(store, id, reference);
  const code = objectAt(properties, "codeConfiguration");
  const environment = stringAt(properties, "environmentId");
  const hasScript = stringAt(code, "scoringScript") !== undefined;
  if (!hasScript && model?.modelType !== "mlflow_model") {
    const what = model === undefined ? "without a model" : `of a ${model.modelType}`;
    throw badArgument(
      `A deployment ${what} needs 'codeConfiguration' with a scoring script; models of MLflow alone score without one.`,
      "properties.codeConfiguration",
    );
  }
  if (hasScript && environment === undefined)
    throw badArgument(
      "A deployment with a scoring script needs 'environmentId': what the script runs in.",
      "properties.environmentId",
    );
  const codeId = stringAt(code, "codeId");
  if (hasScript && codeId === undefined)
    throw badArgument(
      "A scoring script needs 'codeId', the code version that has it.",
      "properties.codeConfiguration.codeId",
    );
  if (codeId !== undefined) codeOf(store, id, codeId);
  if (environment !== undefined) environmentOf(store, id, environment);
}

/** PATCH takes tags, and a deployment's description. */
export function amend({ body, existing }: PatchRequest): Made {
  const result = kept(existing.body);
  if (isObject(body["tags"])) result["tags"] = body["tags"];
  const description = stringAt(objectAt(body, "properties"), "description");
  if (description !== undefined)
    result["properties"] = merged(objectAt(result, "properties"), { description });
  return { body: result };
}

function keepDefault({ arm, existing, id, name }: DeleteRequest): void {
  const endpoint = arm.store.get(parentId(id));
  const defaults = objectAt(objectAt(endpoint?.body ?? {}, "properties"), "defaults");
  if (existing === undefined || stringAt(defaults, "deploymentName")?.toLowerCase() !== name.toLowerCase())
    return;
  throw badArgument(`Can't delete deployment ${name}: it is the endpoint's default deployment.`);
}

/** The deployments of batch endpoints. Nothing runs until a job is asked for. */
export const batchDeployments: ResourceType = {
  type: `${WORKSPACES}/batchEndpoints/deployments`,
  apiVersions: ML_API_VERSIONS,
  tracked: true,
  systemData: true,
  checkName: checkEndpointName("deployment"),
  make: makeDeployment,
  amend,
  beforeDelete: keepDefault,
  longRunning: endpointOperations("bdidp"),
};
