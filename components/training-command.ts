import * as pulumi from "@pulumi/pulumi";
import type { CommandArgs } from "../providers/training-job/resource";
import type {
  TrainingDistribution,
  TrainingIdentity,
  TrainingInputs,
  TrainingOutput,
} from "../providers/training-job/types";
import { codeVersionId } from "./code";
import { environmentDefinition } from "./environment";
import { assetName } from "./naming";
import { ownEnvironmentId } from "./own-environment";
import { TRAINING_SECONDS, type TrainingJobArgs } from "./training-job-args";

/** What a job's resource takes of the command that it runs; code, and an environment of its own, are registered for it. */
export function commandArgs(
  name: string,
  args: Omit<TrainingJobArgs, "limits">,
  parent: pulumi.Resource,
): CommandArgs {
  const { code, environment, environmentId, inputs, outputs, distribution, identity } = args;
  const { workspaceId, tags, resources, queueSettings } = args;
  return {
    ...{ workspaceId, tags },
    prefix: assetName(name),
    command: args.command,
    codeId: code === undefined ? undefined : codeVersionId(name, { workspaceId, path: code, tags }, parent),
    environmentId:
      environmentId ??
      ownEnvironmentId(
        name,
        {
          workspaceId,
          definition: environmentDefinition(environment ?? {}),
          path: environment?.build?.path,
          tags,
        },
        parent,
      ),
    environmentVariables: args.environmentVariables,
    // What is nested is plain once it is an output, which the types of unions and records do not follow.
    inputs: inputs && (pulumi.output(inputs) as pulumi.Output<TrainingInputs>),
    outputs: outputs && (pulumi.output(outputs) as pulumi.Output<Record<string, TrainingOutput>>),
    computeId: args.computeId,
    instanceCount: args.instanceCount,
    distribution: distribution && (pulumi.output(distribution) as pulumi.Output<TrainingDistribution>),
    identity: identity && (pulumi.output(identity) as pulumi.Output<TrainingIdentity>),
    resources: resources && pulumi.output(resources),
    queueSettings: queueSettings && pulumi.output(queueSettings),
    experimentName: args.experimentName ?? name,
    displayName: args.displayName,
    description: args.description,
    rerun: args.rerun,
    wait: args.wait ?? true,
    deadlineSeconds: args.deadlineSeconds ?? TRAINING_SECONDS,
    onDestroy: args.onDestroy ?? "cancel",
  };
}
