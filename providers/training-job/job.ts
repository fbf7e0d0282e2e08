import { isDeepStrictEqual } from "node:util";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";
import type { Job } from "../clients/jobs";
import { present } from "../inputs";
import type { JobInputs } from "./types";

const request = { apiVersion: ML_API_VERSION };

/** A job that trains as ARM shows it. */
export interface LiveTrainingJob {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly status: string;
    readonly displayName?: string | null;
    readonly description?: string | null;
    readonly tags?: Readonly<Record<string, string>> | null;
    readonly outputs?: Readonly<Record<string, { readonly uri?: string | null } | null>> | null;
    readonly [definition: string]: unknown;
  };
}

/** A job as those see it who wait for it. */
export function jobOf({ id, name, properties: { status } }: LiveTrainingJob): Job {
  return { id, name, status };
}

/** @returns undefined where there is none. @throws ArmError */
export async function readJob(arm: Arm, jobId: string): Promise<LiveTrainingJob | undefined> {
  return await arm.read<LiveTrainingJob>(jobId, request);
}

/** @throws ArmError with what Azure has against it */
export async function submitJob(
  arm: Arm,
  jobId: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<LiveTrainingJob> {
  return await arm.put<LiveTrainingJob>(jobId, { ...request, body: { properties } });
}

/** What a job is called, which changes while it runs and after it has. */
export type Words = Pick<JobInputs, "description" | "tags">;

/**
 * Writes a job's words; everything else stays as it is, tags that the program never declared too.
 *
 * @param was what the program declared before
 * @throws ProviderError where the job is gone
 */
export async function describeJob(arm: Arm, jobId: string, was: Words, wish: Words): Promise<void> {
  const live = await readJob(arm, jobId);
  if (live === undefined)
    throw new ProviderError({
      what: "this job is gone",
      where: jobId,
      tryThis: "`pulumi refresh`, then `pulumi up`",
    });
  const words = wordsOver(live.properties, was, wish);
  if (isDeepStrictEqual(words, wordsOver(live.properties, {}, {}))) return;
  await submitJob(arm, jobId, { ...writable(live.properties), ...words });
}

/** The live words with the program's over them; what is no longer declared is emptied. */
export function wordsOver(
  { description, tags }: LiveTrainingJob["properties"],
  was: Words,
  wish: Words,
): object {
  const kept = Object.entries(tags ?? {}).filter(([key]) => !(key in (was.tags ?? {})));
  const old = was.description === undefined ? description || undefined : "";
  return present({
    description: wish.description ?? old,
    tags: { ...Object.fromEntries(kept), ...wish.tags },
  });
}

/** Without what ARM alone says of a job, and without what it says nothing of. */
function writable(properties: LiveTrainingJob["properties"]): Readonly<Record<string, unknown>> {
  const own = ["status", "parameters", "provisioningState", "services"];
  const said = Object.entries(properties).filter(([key, value]) => !own.includes(key) && value !== null);
  return Object.fromEntries(said);
}
