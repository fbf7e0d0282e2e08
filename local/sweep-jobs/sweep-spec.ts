import { availableParallelism } from "node:os";
import { badArgument } from "../arm/errors";
import { numberAt, objectAt, omit, pick, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import { milliseconds, strings } from "../arm/types/machinelearning/deployment-spec";
import { workspaceIdOf } from "../arm/types/machinelearning/provider";
import { commandJobSpec } from "../command-jobs/job-spec";
import type { Principal } from "../identity/principal";
import { artifactsOf } from "../jobs/data-place";
import type { JsonObject } from "../json";
import { findWorkspace } from "../mlflow/workspace";
import type { EarlyTermination } from "./early-termination";
import { gridSize, valuesAt } from "./sample";
import { searchSpaceOf, type SearchSpace } from "./search-space";
import type { Sampling, SweepSpec } from "./sweep";
import { trialProperties } from "./trial";

const MOST_TRIALS = 1_000;
/** Azure ML's own: 60 days. */
const TIMEOUT = 5_184_000_000;

/** What a sweep job does, out of the properties of its PUT. @throws ArmError for what cannot run, with what to do */
export function sweepSpec(store: Store, id: string, properties: JsonObject, owner: Principal): SweepSpec {
  const workspace = findWorkspace(store, workspaceIdOf(id));
  if (workspace === undefined) throw badArgument(`There is no workspace ${workspaceIdOf(id)}.`);
  const searchSpace = searchSpaceOf(objectAt(properties, "searchSpace"));
  const sampling = samplingOf(objectAt(properties, "samplingAlgorithm"), searchSpace);
  const limits = objectAt(properties, "limits");
  const trialTimeout = stringAt(limits, "trialTimeout");
  const objective = objectAt(properties, "objective");
  const maxTrials = trialsOf(limits, "maxTotalTrials") ?? MOST_TRIALS;
  const spec: SweepSpec = {
    id,
    experimentName: stringAt(properties, "experimentName") ?? "Default",
    displayName: stringAt(properties, "displayName") ?? lastName(id),
    tags: strings(objectAt(properties, "tags")),
    owner,
    trial: {
      ...objectAt(properties, "trial"),
      ...pick(properties, ["computeId", "experimentName", "inputs", "tags", "identity", "queueSettings"]),
      outputs: omit(objectAt(properties, "outputs"), ["default"]),
      jobType: "Command",
      ...(trialTimeout === undefined ? {} : { limits: { jobLimitsType: "Command", timeout: trialTimeout } }),
    },
    searchSpace,
    sampling,
    metric: stringAt(objective, "primaryMetric") ?? "",
    goal: objective["goal"] === "Minimize" ? "Minimize" : "Maximize",
    earlyTermination: policyOf(properties),
    maxTrials,
    maxConcurrent: trialsOf(limits, "maxConcurrentTrials") ?? maxTrials,
    timeout: milliseconds(stringAt(limits, "timeout")) ?? TIMEOUT,
    artifacts: artifactsOf(store, workspace, lastName(id)),
  };
  if (spec.maxConcurrent > maxTrials)
    throw badArgument(
      `'limits.maxConcurrentTrials' is ${spec.maxConcurrent}, but there are at most ${maxTrials} trials.`,
      "properties.limits.maxConcurrentTrials",
    );
  // What no trial could run is told at once. A trial is like any other but for its values.
  const { clusterId } = commandJobSpec(store, id, firstTrial(spec), owner);
  // Serverless, each trial of this machine begins at once.
  return clusterId === undefined
    ? { ...spec, maxConcurrent: Math.min(spec.maxConcurrent, availableParallelism()) }
    : spec;
}

/** The properties of a trial with the first values that there are: all of it but the values is each trial's. */
export function firstTrial(spec: Pick<SweepSpec, "id" | "trial" | "searchSpace">): JsonObject {
  const origin = Object.keys(spec.searchSpace).map(() => 0);
  return trialProperties(spec, 0, valuesAt(spec.searchSpace, origin));
}

function trialsOf(limits: JsonObject, key: string): number | undefined {
  const count = numberAt(limits, key);
  if (count === undefined || (Number.isInteger(count) && count >= 1 && count <= MOST_TRIALS)) return count;
  throw badArgument(
    `'limits.${key}' is a whole number from 1 to ${MOST_TRIALS}, not ${count}.`,
    `properties.limits.${key}`,
  );
}

function samplingOf(body: JsonObject, space: SearchSpace): Sampling {
  const kind = String(body["samplingAlgorithmType"]);
  const others = Object.entries(space).filter(([, distribution]) => distribution.kind !== "choice");
  if (kind === "Grid" && others.length > 0)
    throw badArgument(
      `Grid sampling takes choices alone, and '${others[0]?.[0]}' is none.`,
      "properties.searchSpace",
    );
  if (kind === "Grid" && gridSize(space) > Number.MAX_SAFE_INTEGER)
    throw badArgument("The grid has more combinations than can be counted.", "properties.searchSpace");
  if (kind === "Grid" || kind === "Bayesian") return { kind };
  const rule = body["rule"] === "Sobol" ? "Sobol" : "Random";
  return { kind: "Random", rule, seed: numberAt(body, "seed") };
}

function policyOf(properties: JsonObject): EarlyTermination | undefined {
  const body = objectAt(properties, "earlyTermination");
  const kind = stringAt(body, "policyType");
  if (kind === undefined) return undefined;
  const target = "properties.earlyTermination";
  const timing = {
    // azure-ai-ml sends 0 for what it is not told.
    evaluationInterval: Math.max(1, numberAt(body, "evaluationInterval") ?? 1),
    delayEvaluation: numberAt(body, "delayEvaluation") ?? 0,
  };
  if (kind === "MedianStopping") return { kind, ...timing };
  if (kind === "TruncationSelection") {
    const truncationPercentage = numberAt(body, "truncationPercentage") ?? 0;
    if (truncationPercentage >= 1 && truncationPercentage <= 99)
      return { kind, truncationPercentage, ...timing };
    throw badArgument("'truncationPercentage' is a whole number from 1 to 99.", target);
  }
  if (kind !== "Bandit")
    throw badArgument(`'${kind}' is none of Bandit, MedianStopping, TruncationSelection.`, target);
  const [slackFactor, slackAmount] = [
    numberAt(body, "slackFactor") || undefined,
    numberAt(body, "slackAmount") || undefined,
  ];
  if (slackFactor !== undefined && slackAmount !== undefined)
    throw badArgument("A bandit policy has a 'slackFactor' or a 'slackAmount', not both.", target);
  return {
    kind: "Bandit",
    ...timing,
    ...(slackFactor === undefined ? { slackAmount: slackAmount ?? 0 } : { slackFactor }),
  };
}
