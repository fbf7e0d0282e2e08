import { present } from "../inputs";
import { commandBody, commonBody, duration, type SubmittedFiles } from "../training-job/body";
import type { SweepDistribution, SweepJobInputs } from "./types";

/**
 * The properties of a sweep job as ARM takes them.
 *
 * @param files addresses of the inputs that are files, by name
 */
export function sweepProperties(
  job: SweepJobInputs,
  files: Readonly<Record<string, SubmittedFiles>>,
): Readonly<Record<string, unknown>> {
  const { kind: samplingAlgorithmType, ...sampling } = job.samplingAlgorithm;
  const { maxTotalTrials, maxConcurrentTrials, timeoutSeconds, trialTimeoutSeconds } = job;
  return present({
    jobType: "Sweep",
    trial: commandBody(job),
    ...commonBody(job, files),
    searchSpace: Object.fromEntries(
      Object.entries(job.searchSpace).map(([name, distribution]) => [name, expression(distribution)]),
    ),
    samplingAlgorithm: { samplingAlgorithmType, ...sampling },
    objective: job.objective,
    earlyTermination: job.earlyTermination && policyBody(job.earlyTermination),
    limits: present({
      jobLimitsType: "Sweep",
      ...{ maxTotalTrials, maxConcurrentTrials },
      timeout: duration(timeoutSeconds),
      trialTimeout: duration(trialTimeoutSeconds),
    }),
  });
}

/** A distribution as azure-ai-ml writes it: its name, and a list of what it takes. */
function expression(distribution: SweepDistribution): readonly [string, readonly unknown[]] {
  switch (distribution.type) {
    case "choice":
      return ["choice", [distribution.values]];
    case "randint":
      return ["randint", [distribution.upper]];
    case "uniform":
    case "loguniform":
      return [distribution.type, [distribution.minValue, distribution.maxValue]];
    case "quniform":
    case "qloguniform":
      return [distribution.type, [distribution.minValue, distribution.maxValue, distribution.q]];
    case "normal":
    case "lognormal":
      return [distribution.type, [distribution.mu, distribution.sigma]];
    case "qnormal":
    case "qlognormal":
      return [distribution.type, [distribution.mu, distribution.sigma, distribution.q]];
  }
}

function policyBody({ kind, ...policy }: NonNullable<SweepJobInputs["earlyTermination"]>): object {
  return { policyType: kind, ...policy };
}
