import * as ml from "@pulumi/azure-native/machinelearningservices";
import type * as types from "@pulumi/azure-native/types";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { InvalidArgs } from "./args";
import { isNotFound } from "./not-found";

type JobDefinition =
  | types.input.machinelearningservices.CommandJobArgs
  | types.input.machinelearningservices.PipelineJobArgs
  | types.input.machinelearningservices.SweepJobArgs;

/** What tells of a run, and not of what is run. */
const OF_THE_RUN: readonly string[] = ["status", "services", "properties", "isArchived", "parameters"];

/** A job as ARM gives it. */
interface LiveJob {
  readonly name: string;
  readonly properties: object;
}

/**
 * What a job is made of, read from Azure, for a schedule that submits it again.
 *
 * @returns fails with InvalidArgs where there is no such job
 */
export function scheduledJob(
  component: pulumi.ComponentResource,
  [type, name]: readonly [string, string],
  jobId: pulumi.Input<string>,
): pulumi.Output<JobDefinition> {
  return pulumi.output(jobId).apply(async (known) => {
    const { resourceGroupName, workspaceName } = workspaceParts(known);
    const id = resourceParts(known).name;
    try {
      const { properties } = await ml.getJob({ resourceGroupName, workspaceName, id }, { parent: component });
      return jobDefinition({ name: id, properties });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new InvalidArgs(type, name, [{ path: "jobId", value: known, reason: "there is no such job" }]);
    }
  });
}

/** The job as it was submitted: what it made goes into each run's own folders, as the job's went into its. */
export function jobDefinition({ name, properties }: LiveJob): JobDefinition {
  const given = Object.entries(properties).filter(
    ([key, value]) => !OF_THE_RUN.includes(key) && !(key === "displayName" && value === name),
  );
  const { outputs, ...rest } = withoutNulls(Object.fromEntries(given)) as Readonly<Record<string, object>>;
  return { ...rest, ...(outputs && { outputs: outputsOfEach(name, outputs) }) } as unknown as JobDefinition;
}

/** Azure ML writes a job's name into the addresses of its outputs. `default` is where it keeps its logs, which it adds itself. */
function outputsOfEach(name: string, outputs: object): object {
  const declared = Object.entries(outputs as Readonly<Record<string, { readonly uri?: string }>>).filter(
    ([output]) => output !== "default",
  );
  return Object.fromEntries(
    declared.map(([output, { uri, ...place }]) => [
      output,
      uri === undefined ? place : { ...place, uri: uri.replaceAll(name, "${{name}}") },
    ]),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const given = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(given.map(([key, each]) => [key, withoutNulls(each)]));
}
