import { isObject, objectAt, omit, pick, stringAt } from "../arm/objects";
import type { Json, JsonObject } from "../json";
import { commandProperties, said, type Bound } from "./step-properties";

const OF_TRIAL = ["command", "codeId", "environmentId", "environmentVariables", "resources", "distribution"];
/** What each distribution takes, in ARM's order. */
const TAKEN = ["values", "upper", "min_value", "max_value", "mu", "sigma", "q"];

/** Names that a step tries values of; its component declares them among its inputs. */
export const searched = (node: JsonObject): readonly string[] => Object.keys(objectAt(node, "search_space"));

/** The component without the inputs that the step tries values of. */
export function withoutSearched(component: JsonObject, node: JsonObject): JsonObject {
  return { ...component, inputs: omit(objectAt(component, "inputs"), searched(node)) };
}

/** The properties of a sweep job that a step is: azure-ai-ml sends a step's in the names of its YAML. */
export function sweepProperties(component: JsonObject, node: JsonObject, bound: Bound): JsonObject {
  const names = searched(node);
  const command = (stringAt(component, "command") ?? "").replace(
    /\$\{\{\s*inputs\.(\w+)\s*\}\}/g,
    (whole: string, name: string) => (names.includes(name) ? `\${{search_space.${name}}}` : whole),
  );
  const trial = commandProperties({ ...component, command }, omit(node, ["limits"]), bound);
  const limits = objectAt(node, "limits");
  const sampling = node["sampling_algorithm"] ?? "random";
  const objective = objectAt(node, "objective");
  const policy = camelled(objectAt(node, "early_termination"));
  return {
    jobType: "Sweep",
    trial: pick(trial, OF_TRIAL),
    ...pick(trial, ["computeId", "inputs", "outputs", "tags"]),
    searchSpace: Object.fromEntries(
      Object.entries(objectAt(node, "search_space")).map(([name, value]) => [name, expression(value)]),
    ) as JsonObject,
    samplingAlgorithm: isObject(sampling)
      ? {
          samplingAlgorithmType: capital(String(sampling["type"])),
          ...said("seed", sampling["seed"]),
          ...(sampling["rule"] === undefined ? {} : { rule: capital(String(sampling["rule"])) }),
        }
      : { samplingAlgorithmType: capital(String(sampling)) },
    objective: {
      primaryMetric: String(objective["primary_metric"] ?? ""),
      goal: capital(String(objective["goal"])),
    },
    ...(Object.keys(policy).length === 0 ? {} : { earlyTermination: policy }),
    limits: {
      ...said("maxTotalTrials", limits["max_total_trials"]),
      ...said("maxConcurrentTrials", limits["max_concurrent_trials"]),
      ...said("timeout", duration(limits["timeout"])),
      ...said("trialTimeout", duration(limits["trial_timeout"]) ?? objectAt(trial, "limits")["timeout"]),
    },
  };
}

/** A distribution as ARM has it: its name, and a list of what it takes. */
function expression(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? null;
  return [value["type"] ?? null, TAKEN.flatMap((key) => (value[key] === undefined ? [] : [value[key]]))];
}

const duration = (seconds: Json | undefined): Json | undefined =>
  typeof seconds === "number" ? `PT${seconds}S` : seconds;

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

function camelled(object: JsonObject): JsonObject {
  const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [camel(key), value])) as JsonObject;
}
