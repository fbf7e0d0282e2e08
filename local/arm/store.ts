import type { JsonObject } from "../json";

/** A resource as ARM holds it. */
export interface StoredResource {
  /** Full ARM id in the case it was first written with; looked up without regard to case. */
  readonly id: string;
  /** What GET answers: `{id, name, type, location?, tags?, properties, systemData?, …}`. No secrets. */
  readonly body: JsonObject;
  /** What ARM never shows: keys, soft-deletion, the operation under way. */
  readonly internal: JsonObject;
}

/** ARM's resources on disk. A write that has resolved survives a kill of the process. */
export interface Store {
  get(id: string): StoredResource | undefined;
  /** Direct and deeper descendants whose id begins with `prefix`, in id order. */
  list(prefix: string): StoredResource[];
  put(resource: StoredResource): Promise<void>;
  delete(id: string): Promise<void>;
  close(): Promise<void>;
}
