import { present } from "../inputs";
import type {
  CommandInputs,
  JobInputs,
  TrainingDistribution,
  TrainingFiles,
  TrainingIdentity,
  TrainingJobInputs,
  TrainingLiteral,
  TrainingOutput,
} from "./types";

/** Files as a job names them. */
export type SubmittedFiles = Pick<TrainingFiles, "type" | "mode"> & { readonly uri: string };

/**
 * The properties of a command job as ARM takes them.
 *
 * @param files addresses of the inputs that are files, by name
 */
export function jobProperties(
  job: TrainingJobInputs,
  files: Readonly<Record<string, SubmittedFiles>>,
): Readonly<Record<string, unknown>> {
  const { timeoutSeconds } = job.limits ?? {};
  return present({
    jobType: "Command",
    ...commandBody(job),
    ...commonBody(job, files),
    limits: job.limits && present({ jobLimitsType: "Command", timeout: duration(timeoutSeconds) }),
  });
}

/** What runs, and on how many machines. */
export function commandBody(job: CommandInputs): Readonly<Record<string, unknown>> {
  const { command, codeId, environmentId, environmentVariables } = job;
  return present({
    ...{ command, codeId, environmentId, environmentVariables },
    resources: present({ ...job.resources, instanceCount: job.instanceCount ?? 1 }),
    distribution: job.distribution && distributionBody(job.distribution),
  });
}

/**
 * What any job that trains has.
 *
 * @param files addresses of the inputs that are files, by name
 */
export function commonBody(
  job: JobInputs & Pick<CommandInputs, "queueSettings" | "identity">,
  files: Readonly<Record<string, SubmittedFiles>>,
): Readonly<Record<string, unknown>> {
  const { computeId, queueSettings, experimentName, displayName, description, tags = {} } = job;
  return present({
    computeId,
    inputs: mapped(job.inputs, (value, name) => inputBody(value, files[name])),
    outputs: mapped(job.outputs, outputBody),
    queueSettings,
    identity: job.identity && identityBody(job.identity),
    ...{ experimentName, displayName, description, tags },
  });
}

/** Seconds as ARM has them. */
export function duration(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `PT${seconds}S`;
}

/** Whether an input is written into the command as it is. */
export function isLiteral(value: TrainingLiteral | TrainingFiles): value is TrainingLiteral {
  return typeof value !== "object";
}

function inputBody(value: TrainingLiteral | TrainingFiles, files: SubmittedFiles | undefined): object {
  if (isLiteral(value)) return { jobInputType: "literal", value: String(value) };
  const { type, uri, mode } = files ?? { ...value, uri: value.uri ?? "" };
  return present({ jobInputType: type, uri, mode });
}

function outputBody({ type, mode, uri }: TrainingOutput): object {
  return present({ jobOutputType: type, mode, uri });
}

function distributionBody({ kind, ...counts }: TrainingDistribution): object {
  return present({ distributionType: kind, ...counts });
}

function identityBody(identity: TrainingIdentity): object {
  const resourceId = identity.kind === "Managed" ? identity.identityId : undefined;
  return present({ identityType: identity.kind, resourceId });
}

function mapped<T>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T, name: string) => object,
): Record<string, object> | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
