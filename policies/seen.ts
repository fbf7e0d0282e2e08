import { record, type Properties } from "./plain";

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

function isOurs(type: string): boolean {
  return type.startsWith("pulumi-nodejs:dynamic/pulumi-azureml:");
}
