import type { PolicyResource } from "@pulumi/policy";
import { record, type Properties } from "./plain";
import type { Seen } from "./rule";

/** A resource as rules judge it: its kind, `module:Type` of azure-native without a version, and its properties. */
export interface Judged {
  readonly kind: string;
  /** Read only by a rule of that kind: what is not known yet is told by the rules that need it. */
  properties(): Properties;
}

/**
 * What a resource is to the rules. This package's own resources are judged as what they make of Azure's: a rollout by the body of its
 * generations, the settings of an endpoint as the endpoint.
 * @param type the engine's, as `azure-native:machinelearningservices/v20251201:Workspace`
 */
export function judged(type: string, properties: Properties): Judged {
  switch (type.split(":").at(-1)) {
    case "Rollout":
      if (isOurs(type))
        return {
          kind: "machinelearningservices:OnlineDeployment",
          properties: () => record(properties["deployment"]),
        };
      break;
    case "BatchRollout":
      if (isOurs(type))
        return {
          kind: "machinelearningservices:BatchDeployment",
          properties: () => record(properties["deployment"]),
        };
      break;
    case "OnlineEndpointSettings":
      if (isOurs(type))
        return { kind: "machinelearningservices:OnlineEndpoint", properties: () => ({ properties }) };
      break;
  }
  const native = /^azure-native:([^/:]+)(?:\/[^:]+)?:(.+)$/.exec(type);
  return { kind: native ? `${native[1]}:${native[2]}` : type, properties: () => properties };
}

/**
 * A resource for the rules over a whole stack.
 * @param declared its inputs: azure-native's outputs leave out what only a path names, as a diagnostic setting's `resourceUri`
 */
export function seenOf(
  { type, props, urn, name, opts, propertyDependencies }: PolicyResource,
  declared: Properties = {},
): Seen {
  const own = either(props, declared);
  const { kind, properties } = judged(type, own);
  return {
    ...{ type, kind, urn, name, own },
    protect: opts.protect,
    madeOf: (property) => (propertyDependencies[property] ?? []).map((each) => each.urn),
    get properties() {
      return properties();
    },
  };
}

/** What the first has, else what the second has; nothing is read before it is asked for. */
function either(first: Properties, second: Properties): Properties {
  return new Proxy<Properties>(first, {
    get: (_, name) => (typeof name === "string" ? (first[name] ?? second[name]) : undefined),
  });
}

function isOurs(type: string): boolean {
  return type.startsWith("pulumi-nodejs:dynamic/pulumi-azureml:");
}
