import { badArgument } from "../arm/errors";
import { isObject, objectAt, stringAt } from "../arm/objects";
import type { Store, StoredResource } from "../arm/store";
import { assetVersion } from "../arm/types/machinelearning/asset-references";
import { workspaceIdOf } from "../arm/types/machinelearning/provider";
import type { Json, JsonObject } from "../json";
import type { PipelineInvocation } from "./invocation";

/**
 * The pipeline job that a pipeline's deployment runs for an invocation, as the properties of its PUT: the component's steps, with the caller's values for its
 * inputs.
 *
 * @throws ArmError (400) for inputs and outputs that the component has not, or needs
 */
export function pipelineJobProperties(
  store: Store,
  deployment: StoredResource,
  invocation: PipelineInvocation,
  experimentName: string,
): JsonObject {
  const configuration = objectAt(objectAt(deployment.body, "properties"), "deploymentConfiguration");
  const reference = stringAt(objectAt(configuration, "componentId"), "assetId") ?? "";
  const target = "properties.deploymentConfiguration.componentId";
  const { version } = assetVersion(store, deployment.id, reference, "components", target);
  const component = objectAt(objectAt(version.body, "properties"), "componentSpec");
  if (component["type"] !== "pipeline")
    throw badArgument(
      `The component '${reference}' is of type ${String(component["type"])}, not pipeline.`,
      target,
    );
  const settings = objectAt(configuration, "settings");
  const compute = stringAt(settings, "default_compute");
  return {
    jobType: "Pipeline",
    experimentName,
    ...(compute === undefined ? {} : { computeId: computeId(deployment.id, compute) }),
    settings: flags(settings),
    jobs: objectAt(component, "jobs"),
    inputs: inputsOf(objectAt(component, "inputs"), invocation.inputs),
    outputs: outputsOf(objectAt(component, "outputs"), invocation.outputs),
  };
}

/** A deployment's settings are texts. */
function flags(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]): [string, Json | undefined] => [
      key,
      /^(true|false)$/i.test(String(value)) ? /^true$/i.test(String(value)) : value,
    ]),
  ) as JsonObject;
}

/** Clients send the name, or `azureml:` and the name, or the whole id; serverless machines have none. */
function computeId(deploymentId: string, compute: string): string {
  const name = compute.replace(/^azureml:/, "");
  return name.includes("/") || name === "serverless"
    ? name
    : `${workspaceIdOf(deploymentId)}/computes/${name}`;
}

function inputsOf(declared: JsonObject, given: JsonObject): JsonObject {
  const target = "properties.inputData";
  checkNames(declared, given, target, "input");
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, input]): [string, Json][] => {
      const value = given[name];
      if (isObject(value)) return [[name, value]];
      const wanted = isObject(input) ? input : {};
      if (wanted["default"] !== undefined && wanted["default"] !== null)
        return [[name, { jobInputType: "literal", value: String(wanted["default"]) }]];
      if (wanted["optional"] === true) return [];
      throw badArgument(
        `The pipeline needs a value for its input '${name}', of type ${String(wanted["type"])}.`,
        `${target}.${name}`,
      );
    }),
  );
}

function outputsOf(declared: JsonObject, given: JsonObject): JsonObject {
  checkNames(declared, given, "properties.outputData", "output");
  return Object.fromEntries(
    Object.entries(declared).map(([name, output]) => [
      name,
      {
        jobOutputType: isObject(output) ? (stringAt(output, "type") ?? "uri_folder") : "uri_folder",
        ...objectAt(given, name),
      },
    ]),
  );
}

function checkNames(declared: JsonObject, given: JsonObject, target: string, what: string): void {
  const other = Object.keys(given).find((name) => !(name in declared));
  if (other === undefined) return;
  const names = Object.keys(declared).join(", ") || "none";
  throw badArgument(`The pipeline has no ${what} '${other}', but: ${names}.`, `${target}.${other}`);
}
