import { objectAt } from "../arm/objects";
import type { StoredResource } from "../arm/store";
import type { JsonObject } from "../json";

/** ARM's words for how far a job is. */
export type JobStatus =
  | "NotStarted"
  | "Queued"
  | "Preparing"
  | "Running"
  | "Finalizing"
  | "Completed"
  | "Failed"
  | "CancelRequested"
  | "Canceled";

/** How far a job is. */
export interface JobState {
  readonly status: JobStatus;
  /** ISO 8601; undefined until then. */
  readonly startTime?: string;
  readonly endTime?: string;
  /** Why it failed, or was cancelled for its time. */
  readonly error?: { readonly code: string; readonly message: string };
}

const ENDED: readonly string[] = ["Completed", "Failed", "Canceled"];

/** Whether ARM's status of a job is its last one. */
export const hasEnded = (status: string): boolean => ENDED.includes(status);

/** The job's body with how far it is; as it stands where nobody runs it. */
export function withStatus({ body }: Pick<StoredResource, "body">, state: JobState | undefined): JsonObject {
  if (state === undefined) return body;
  return { ...body, properties: { ...objectAt(body, "properties"), status: state.status } };
}
