import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";
import { generationName } from "../generations/generation";
import type { PredictionsFile } from "./types";

const request = { apiVersion: ML_API_VERSION };

interface LiveEndpoint {
  readonly properties: { readonly defaults?: { readonly deploymentName?: string | null } | null };
}

interface LiveDeployment {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The deployment that a run goes to. */
export interface Target {
  readonly name: string;
  /** Of its name and of all that decides what it answers: not of machines, retries or times. */
  readonly digest: string;
  /** Whether the model's own flavor scores, without a script. */
  readonly noCode: boolean;
  /** Undefined where the script writes files of its own. */
  readonly predictions?: PredictionsFile;
}

/** What decides a deployment's answers. */
const DECISIVE = [
  "model",
  "codeConfiguration",
  "environmentId",
  "environmentVariables",
  "outputAction",
  "outputFileName",
];

/**
 * The deployment by its name, or the endpoint's default.
 *
 * @throws ProviderError where there is none, or one of a pipeline, which takes inputs of other kinds
 */
export async function readTarget(arm: Arm, endpointId: string, deployment?: string): Promise<Target> {
  const name = deployment ?? (await defaultOf(arm, endpointId));
  const id = `${endpointId}/deployments/${name}`;
  const live = await arm.read<LiveDeployment>(id, request);
  if (live === undefined)
    throw new ProviderError({ what: `the endpoint has no deployment ${name}`, where: endpointId });
  if (live.properties["model"] === undefined || live.properties["model"] === null)
    throw new ProviderError({
      what: "this deployment runs a pipeline, which takes inputs of its own names",
      where: id,
      allowed: "a deployment of a model",
    });
  return targetOf(live.name, live.properties);
}

async function defaultOf(arm: Arm, endpointId: string): Promise<string> {
  const endpoint = await arm.read<LiveEndpoint>(endpointId, request);
  if (endpoint === undefined)
    throw new ProviderError({ what: "there is no such batch endpoint", where: endpointId });
  const name = endpoint.properties.defaults?.deploymentName;
  if (!name)
    throw new ProviderError({
      what: "the endpoint has no default deployment",
      where: endpointId,
      tryThis: "`deployment`, or a default: `makeDefault` of BatchEndpoint, or a RollingBatchDeployment",
    });
  return name;
}

/** @param properties of the deployment as ARM shows it */
export function targetOf(name: string, properties: Readonly<Record<string, unknown>>): Target {
  const decisive = DECISIVE.map((key) => [key, properties[key] ?? undefined] as const);
  const noCode = (properties["codeConfiguration"] ?? undefined) === undefined;
  const fileName = properties["outputFileName"] ?? "predictions.csv";
  return {
    name,
    digest: generationName(name, { name, ...Object.fromEntries(decisive) }),
    noCode,
    ...(properties["outputAction"] === "SummaryOnly"
      ? {}
      : { predictions: { name: String(fileName), named: noCode } }),
  };
}
