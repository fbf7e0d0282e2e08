import { isObject, objectAt, stringAt } from "../arm/objects";
import type { Json, JsonObject } from "../json";

/** What a step's command job has from elsewhere. */
export interface Bound {
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  /** The pipeline's own, for a step without. */
  readonly computeId: string | undefined;
}

/**
 * The properties of a command job that a step is, out of its component's version and of what the pipeline says of the step, both in the
 * names of azure-ai-ml.
 */
export function commandProperties(component: JsonObject, node: JsonObject, bound: Bound): JsonObject {
  const either = (key: string): Json | undefined => node[key] ?? component[key];
  const resources = { ...objectAt(component, "resources"), ...objectAt(node, "resources") };
  const limits = either("limits");
  const timeout = isObject(limits) ? limits["timeout"] : undefined;
  const distribution = either("distribution");
  return {
    jobType: "Command",
    command: withoutAbsent(stringAt(component, "command") ?? "", bound.inputs),
    ...said("codeId", component["code"]),
    environmentId: String(node["environment"] ?? component["environment"] ?? ""),
    environmentVariables: {
      ...objectAt(component, "environment_variables"),
      ...objectAt(node, "environment_variables"),
    },
    ...said("computeId", stringAt(node, "computeId") ?? bound.computeId),
    inputs: bound.inputs,
    outputs: bound.outputs,
    resources: said("instanceCount", resources["instance_count"]),
    // A component's own is in seconds, a step's in ISO 8601.
    limits: said("timeout", typeof timeout === "number" ? `PT${timeout}S` : timeout),
    ...(isObject(distribution)
      ? { distribution: { distributionType: distribution["distribution_type"] ?? distribution["type"] } }
      : {}),
    tags: objectAt(node, "tags"),
  };
}

/** What stands in `$[[…]]` goes with the optional input that it names. */
export function withoutAbsent(command: string, inputs: JsonObject): string {
  return command.replace(/\$\[\[(.*?)\]\]/g, (_, inner: string) => {
    const named = [...inner.matchAll(/\$\{\{\s*inputs\.(\w+)\s*\}\}/g)].map(([, name = ""]) => name);
    return named.every((name) => name in inputs) ? inner : "";
  });
}

/** Undefined and null are not said. */
export function said(key: string, value: Json | undefined): JsonObject {
  return value === undefined || value === null ? {} : { [key]: value };
}
