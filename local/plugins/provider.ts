import type { JsonObject } from "../json";

export interface CheckFailure {
  /** Path of the property, as the program writes it: `properties.authMode`. */
  readonly property: string;
  readonly reason: string;
}

export type ChangeKind = "add" | "delete" | "update";

export interface PropertyChange {
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

/** What a change of inputs means; `changes` is keyed by property path and empty when nothing is to do. */
export interface Difference {
  readonly changes: ReadonlyMap<string, PropertyChange>;
  readonly deleteBeforeReplace: boolean;
}

/** How Pulumi's `pulumi:autonaming` wants a resource named; undefined when the program says nothing. */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

export interface ResourceState {
  readonly id: string;
  readonly outputs: JsonObject;
}

/**
 * A Pulumi resource provider over plain data. Values that a preview does not know yet are the engine's sentinel strings
 * (`values.ts`); secrets come as plain values, and the engine marks the outputs of secret inputs again.
 */
export interface Provider {
  readonly version: string;
  /** Reads the provider's configuration; throws where it can't work with it. */
  configure(config: Readonly<Record<string, string>>): Promise<void>;
  check(request: {
    readonly urn: Urn;
    readonly oldInputs: JsonObject;
    readonly newInputs: JsonObject;
    readonly randomSeed: Uint8Array;
    readonly autonaming: Autonaming | undefined;
  }): Promise<{ readonly inputs: JsonObject; readonly failures: readonly CheckFailure[] }>;
  diff(request: {
    readonly urn: Urn;
    readonly id: string;
    readonly oldInputs: JsonObject;
    readonly oldOutputs: JsonObject;
    readonly newInputs: JsonObject;
  }): Promise<Difference>;
  /** In a preview nothing is created: the outputs are what is known already, and `id` is empty. */
  create(request: {
    readonly urn: Urn;
    readonly inputs: JsonObject;
    readonly preview: boolean;
    readonly timeout: number;
  }): Promise<ResourceState>;
  /** Undefined when the resource is gone. Without `oldInputs` the resource is being imported. */
  read(request: {
    readonly urn: Urn;
    readonly id: string;
    readonly oldInputs: JsonObject | undefined;
    readonly oldOutputs: JsonObject;
  }): Promise<(ResourceState & { readonly inputs: JsonObject }) | undefined>;
  update(request: {
    readonly urn: Urn;
    readonly id: string;
    readonly oldInputs: JsonObject;
    readonly oldOutputs: JsonObject;
    readonly newInputs: JsonObject;
    readonly preview: boolean;
    readonly timeout: number;
  }): Promise<JsonObject>;
  delete(request: {
    readonly urn: Urn;
    readonly id: string;
    readonly oldInputs: JsonObject;
    readonly oldOutputs: JsonObject;
    readonly timeout: number;
  }): Promise<void>;
  invoke(token: string, args: JsonObject): Promise<JsonObject>;
  /** Ends what is under way; each of it fails with what it has reached. */
  cancel(): void;
}

/** `urn:pulumi:stack::project::parent$type::name`. */
export class Urn {
  /** The resource's own type token. */
  readonly type: string;
  readonly name: string;

  constructor(readonly text: string) {
    const [, , types = "", ...name] = text.split("::");
    this.type = types.slice(types.lastIndexOf("$") + 1);
    this.name = name.join("::");
  }
}

/** The resource is there, but what should follow did not succeed. The engine keeps `state` and tries again with an update. */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly state: ResourceState,
    readonly inputs: JsonObject,
  ) {
    super(message);
  }
}
