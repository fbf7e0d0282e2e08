import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { numberAt, objectAt, stringAt } from "../../objects";
import type { Store } from "../../store";
import { milliseconds } from "./deployment-spec";
import { workspaceIdOf } from "./provider";

/** What a batch deployment has where its PUT says nothing. */
export const BATCH_DEFAULTS: JsonObject = {
  environmentVariables: {},
  errorThreshold: -1,
  loggingLevel: "Info",
  maxConcurrencyPerInstance: 1,
  miniBatchSize: 10,
  outputAction: "AppendRow",
  outputFileName: "predictions.csv",
  retrySettings: { maxRetries: 3, timeout: "PT30S" },
};

const COMPUTE_TYPES = ["AmlCompute", "Kubernetes"];

/** What runs a deployment's jobs. */
export interface BatchCompute {
  /** ARM id. */
  readonly id: string;
  readonly computeType: string;
  /** Nodes that it has at most; undefined where nothing tells. */
  readonly mostInstances: number | undefined;
}

/** The deployment's cluster. @throws ArmError for one that cannot be found, or that runs no batch jobs */
export function batchCompute(
  store: Store,
  from: string,
  reference: string,
  target = "properties.compute",
): BatchCompute {
  const id = reference.replace(/^azureml:(?=\/)/i, "");
  const found = store.get(id);
  if (found === undefined)
    throw new ArmError(404, "ResourceNotFound", `The compute '${reference}' was not found.`, { target });
  if (workspaceIdOf(found.id).toLowerCase() !== workspaceIdOf(from).toLowerCase())
    throw badArgument(`The compute '${reference}' is of another workspace.`, target);
  const properties = objectAt(found.body, "properties");
  const computeType = String(properties["computeType"]);
  if (!COMPUTE_TYPES.includes(computeType))
    throw badArgument(
      `The compute '${reference}' is of type ${computeType}; jobs run on ${COMPUTE_TYPES.join(" or ")}.`,
      target,
    );
  const scale = objectAt(objectAt(properties, "properties"), "scaleSettings");
  return { id: found.id, computeType, mostInstances: numberAt(scale, "maxNodeCount") };
}

/** Checks the numbers of a deployment, or of one job of it. @throws ArmError (400) */
export function checkBatchSettings(settings: JsonObject, compute: BatchCompute): void {
  atLeast(settings, "miniBatchSize", 1);
  atLeast(settings, "maxConcurrencyPerInstance", 1);
  atLeast(settings, "errorThreshold", -1);
  const retries = objectAt(settings, "retrySettings");
  atLeast(retries, "maxRetries", 0, "retrySettings.maxRetries");
  const timeout = stringAt(retries, "timeout");
  if ((milliseconds(timeout) ?? 0) <= 0)
    throw badArgument(
      `'retrySettings.timeout' is an ISO 8601 duration above zero, such as PT30S, not '${String(timeout)}'.`,
      "properties.retrySettings.timeout",
    );
  const file = stringAt(settings, "outputFileName") ?? "";
  if (file === "" || /[/\\]/.test(file))
    throw badArgument(
      `'outputFileName' is the name of a file, without a folder, not '${file}'.`,
      "properties.outputFileName",
    );
  const instances = instanceCount(settings);
  if (!Number.isInteger(instances) || instances < 1)
    throw badArgument("'resources.instanceCount' is at least 1.", "properties.resources.instanceCount");
  if (compute.mostInstances !== undefined && instances > compute.mostInstances)
    throw badArgument(
      `'resources.instanceCount' is ${instances}, but the cluster has at most ${compute.mostInstances} nodes: ${compute.id}.`,
      "properties.resources.instanceCount",
    );
}

export const instanceCount = (settings: JsonObject): number =>
  numberAt(objectAt(settings, "resources"), "instanceCount") ?? 1;

function atLeast(object: JsonObject, key: string, least: number, path = key): void {
  const value = numberAt(object, key);
  if (value !== undefined && Number.isInteger(value) && value >= least) return;
  throw badArgument(
    `'${path}' is a whole number of at least ${least}, not ${JSON.stringify(object[key])}.`,
    `properties.${path}`,
  );
}
