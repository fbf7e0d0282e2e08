import type { Exclusive } from "./exclusive";
import type { Json, JsonObject } from "../json";
import type { Principal } from "../identity/principal";
import type { Operations } from "./operations";
import type { ArmPath } from "./path";
import type { Arm, ResourceType, ResourceTypes } from "./resource-type";
import type { Truth } from "./truth";

/** What requests are answered with: ARM's parts. */
export interface Kernel extends Arm {
  readonly types: ResourceTypes;
  readonly operations: Operations;
  readonly truth: Truth;
  /** Writes are decided one at a time, so that a check still holds when what it allowed is stored. */
  readonly exclusive: Exclusive;
}

/** A request that is signed in. */
export interface Call {
  readonly method: string;
  /** The path as it was asked for, without query. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly principal: Principal;
  /** `https://management.azure.com`, as the client wrote it. */
  readonly origin: string;
}

/** A request about a resource, a collection or an action of a type that ARM has. */
export interface TypedCall extends Call {
  readonly path: ArmPath;
  readonly row: ResourceType;
  readonly apiVersion: string;
  /** ARM id, in the case that is stored or, for a new one, will be: of the resource, or of what the collection or action is under. */
  readonly id: string;
  readonly action: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}
