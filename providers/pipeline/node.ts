import { present } from "../inputs";
import { duration } from "../training-job/body";
import type { PipelineStepInputs, StepBinding, StepOutputPlace, StepSearch, StepSettings } from "./types";

/** A step among a pipeline's `jobs`, in the names that azure-ai-ml sends. */
export function nodeBody(name: string, step: PipelineStepInputs, settings: StepSettings): object {
  const { componentId, environmentVariables, inputs = {}, sweep } = step;
  const { computeId, instanceCount, resources, distribution, limits, queueSettings, identity } = settings;
  if (step.pipeline === true)
    return {
      ...{ name, type: "pipeline", display_name: name, componentId },
      inputs: mapped(inputs, inputBody),
      outputs: mapped(settings.outputs ?? {}, outputBody),
    };
  return present({
    ...{ name, display_name: name, computeId },
    ...(sweep === undefined
      ? { type: "command", componentId, limits: limits && commandLimits(limits) }
      : sweepBody(componentId, sweep, limits)),
    environment_variables: environmentVariables,
    inputs: mapped(inputs, inputBody),
    outputs: mapped(settings.outputs ?? {}, outputBody),
    resources: present({
      instance_count: instanceCount ?? 1,
      instance_type: resources?.instanceType,
      shm_size: resources?.shmSize,
      docker_args: resources?.dockerArgs,
    }),
    distribution: distribution && distributionBody(distribution),
    queue_settings: queueSettings && present({ job_tier: queueSettings.jobTier }),
    identity:
      identity &&
      present({
        identity_type: identity.kind,
        resource_id: identity.kind === "Managed" ? identity.identityId : undefined,
      }),
  });
}

type Limits = NonNullable<StepSettings["limits"]>;

const commandLimits = ({ timeoutSeconds }: Limits): object =>
  present({ job_limits_type: "Command", timeout: duration(timeoutSeconds) });

/** In the names of azure-ai-ml's YAML, and its seconds, but for the policy. */
function sweepBody(componentId: string, search: StepSearch, limits: Limits = {}): object {
  const { kind: type, ...sampling } = search.samplingAlgorithm;
  const { kind: policy_type, ...policy } = search.earlyTermination ?? { kind: undefined };
  return {
    type: "sweep",
    trial: { componentId },
    search_space: mapped(search.searchSpace, (distribution) => snaked(distribution)),
    sampling_algorithm: {
      type: type.toLowerCase(),
      ...sampling,
      ...("rule" in sampling && sampling.rule !== undefined ? { rule: sampling.rule.toLowerCase() } : {}),
    },
    objective: {
      primary_metric: search.objective.primaryMetric,
      goal: search.objective.goal.toLowerCase(),
    },
    early_termination: policy_type && { policy_type, ...snaked(policy) },
    limits: present({
      max_total_trials: search.maxTotalTrials,
      max_concurrent_trials: limits.maxConcurrentTrials,
      timeout: limits.timeoutSeconds,
      trial_timeout: limits.trialTimeoutSeconds,
    }),
  };
}

function inputBody(binding: StepBinding): object {
  const value =
    "input" in binding
      ? `\${{parent.inputs.${binding.input}}}`
      : `\${{parent.jobs.${binding.step}.outputs.${binding.output}}}`;
  return present({ job_input_type: "literal", value, mode: binding.mode });
}

function outputBody({ type, mode, uri, pipelineOutput }: StepOutputPlace): object {
  if (pipelineOutput !== undefined)
    return { type: "literal", value: `\${{parent.outputs.${pipelineOutput}}}` };
  return present({ job_output_type: type, mode, uri });
}

function distributionBody(distribution: NonNullable<StepSettings["distribution"]>): object {
  const { kind, ...counts } = distribution;
  return present({ distribution_type: kind, ...snaked(counts) });
}

function snaked(object: object): object {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]: [string, unknown]) => [snake(name), value]),
  ) as object;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function mapped<T>(record: Readonly<Record<string, T>>, map: (value: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
