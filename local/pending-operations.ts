import type { JsonObject } from "./json";

/** What `pulumi stack export` prints, as far as it matters here. */
export interface Checkpoint {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** A resource of the state, with all the fields that its engine wrote. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: JsonObject;
  readonly parent?: string;
  /** `<urn>::<id>` of the provider. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith?: string;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly initErrors?: readonly string[];
}

export interface PendingOperation {
  readonly resource: ResourceState;
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/**
 * The state without pending operations, from which the next `up` goes on:
 * - what was being created and exists is taken in, with an initialization error, for which the engine writes the resource again;
 * - what was being created and does not exist is forgotten;
 * - what was being updated gets such an error too, for it may be neither what it was nor what it was to become;
 * - what was being deleted stays, and is deleted again.
 *
 * @param created ids by URN of those that exist
 */
export function withoutPending(checkpoint: Checkpoint, created: ReadonlyMap<string, string>): Checkpoint {
  const { resources = [], pending_operations: pending = [] } = checkpoint.deployment;
  const updating = new Set(
    pending.filter(({ type }) => type === "updating").map(({ resource }) => resource.urn),
  );
  let settled = resources.map((resource) =>
    updating.has(resource.urn) && resource.delete !== true ? interrupted(resource) : resource,
  );
  for (const { type, resource } of pending) {
    const id = created.get(resource.urn);
    if (type === "creating" && id !== undefined) settled = takenIn(settled, interrupted({ ...resource, id }));
  }
  return {
    ...checkpoint,
    deployment: { ...checkpoint.deployment, resources: settled, pending_operations: [] },
  };
}

function interrupted(resource: ResourceState): ResourceState {
  return { ...resource, initErrors: ["pulumi was ended while it wrote this resource"] };
}

/** After the last resource that it depends on: the engine wants each after those, and the one that it replaces after it. */
function takenIn(resources: readonly ResourceState[], added: ResourceState): ResourceState[] {
  const before = new Set([
    added.parent,
    added.provider?.split("::").slice(0, -1).join("::"),
    added.deletedWith,
    ...(added.dependencies ?? []),
    ...Object.values(added.propertyDependencies ?? {}).flat(),
  ]);
  const place = Math.max(0, ...resources.map(({ urn }, index) => (before.has(urn) ? index + 1 : 0)));
  const others = (some: readonly ResourceState[]): ResourceState[] =>
    some.flatMap((resource) => {
      if (resource.urn !== added.urn || resource.delete === true) return [resource];
      // What was deleted to make room is gone; what stands beside its replacement is still to be deleted.
      return resource.pendingReplacement === true || resource.id === added.id
        ? []
        : [{ ...resource, delete: true }];
    });
  return [...others(resources.slice(0, place)), added, ...others(resources.slice(place))];
}
