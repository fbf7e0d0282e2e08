import type { PolicyResource } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import type { Properties } from "../../policies/plain";

/** What the SDK has for such tests and leaves out of its declarations. */
export const { unknownCheckingProxy, unknownStringValue, UnknownValueError } = proxy as unknown as {
  unknownCheckingProxy: (properties: Properties) => Properties;
  unknownStringValue: string;
  UnknownValueError: new (...args: never[]) => Error;
};

/** What of a resource matters besides its properties. */
export interface Around {
  readonly protect?: boolean;
  /** URNs, by property. */
  readonly madeOf?: Readonly<Record<string, readonly string[]>>;
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::churn::${type}::${name}`;
}

/** A resource as the engine shows it to a policy of a whole stack, as far as the pack reads it. */
export function stackResource(
  type: string,
  name: string,
  props: Properties,
  { protect = false, madeOf = {} }: Around = {},
): PolicyResource {
  const propertyDependencies = Object.fromEntries(
    Object.entries(madeOf).map(([property, urns]) => [property, urns.map((urn) => ({ urn }))]),
  );
  const seen: Partial<PolicyResource> = {
    ...{ type, name, urn: urnOf(type, name), props: unknownCheckingProxy(props) },
    opts: { protect, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: timeouts },
    propertyDependencies: propertyDependencies as unknown as PolicyResource["propertyDependencies"],
  };
  return seen as PolicyResource;
}

const timeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
