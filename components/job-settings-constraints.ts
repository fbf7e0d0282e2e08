import { isInWorkspace } from "../providers/clients/arm-id";
import { LATER } from "../providers/rules";
import type { Constraint } from "./args";
import { environmentConstraints } from "./environment-args";
import { isReachable } from "./scoring-code";
import type { TrainingJobArgs } from "./training-job-args";

export const COMMAND = "docs:reference-yaml-job-command";
const SERVERLESS = "docs:how-to-use-serverless-compute";

/** What of a job says where and as what it runs, whatever it runs. */
type JobSettings = Pick<
  TrainingJobArgs,
  | "workspaceId"
  | "environment"
  | "environmentId"
  | "computeId"
  | "instanceCount"
  | "distribution"
  | "queueSettings"
  | "resources"
>;

/** Rules of every job that one command runs. */
export const jobSettingsConstraints: readonly Constraint<JobSettings>[] = [
  {
    id: "training-job-environment",
    source: "reference-yaml-environment, as Environment's own rules",
    problems: ({ environment }) => {
      if (environment === undefined) return [];
      const whole = { ...environment, workspaceId: LATER, environmentName: LATER } as const;
      return environmentConstraints
        .flatMap(({ problems }) => problems(whole))
        .map((problem) => ({ ...problem, path: `environment.${problem.path}` }));
    },
  },
  {
    id: "training-job-environment-elsewhere",
    source:
      "how-to-share-models-pipelines-across-workspaces-with-registries: a workspace's assets are its own",
    problems: ({ workspaceId, environmentId }) =>
      typeof workspaceId !== "string" ||
      typeof environmentId !== "string" ||
      isReachable(environmentId, workspaceId)
        ? []
        : [
            {
              path: "environmentId",
              value: environmentId,
              reason: "it must be of the job's workspace, or of a registry",
            },
          ],
  },
  {
    id: "training-job-compute-elsewhere",
    source: `${COMMAND}: compute is a compute of the workspace`,
    problems: ({ workspaceId, computeId }) =>
      typeof workspaceId === "string" &&
      typeof computeId === "string" &&
      !isInWorkspace(workspaceId, computeId)
        ? [{ path: "computeId", value: computeId, reason: "it must be in the job's workspace" }]
        : [],
  },
  {
    id: "training-job-distribution-instances",
    source: `${COMMAND}: resources.instance_count says how many nodes a distribution is over`,
    problems: ({ distribution, instanceCount }) =>
      distribution !== undefined && instanceCount === undefined
        ? [
            {
              path: "instanceCount",
              value: undefined,
              reason: "it must be given with distribution, which is over so many machines",
            },
          ]
        : [],
  },
  {
    id: "training-job-tier-of-cluster",
    source: `${SERVERLESS}: job_tier is of serverless compute`,
    problems: ({ queueSettings, computeId }) =>
      queueSettings?.jobTier !== undefined && computeId !== undefined
        ? [
            {
              path: "queueSettings.jobTier",
              value: queueSettings.jobTier,
              reason: "it must be left out with computeId: a compute has a tier of its own",
            },
          ]
        : [],
  },
  {
    id: "training-job-serverless-size",
    source: `${SERVERLESS}: resources.instance_type is a VM size`,
    problems: ({ resources, computeId }) => {
      const size = resources?.instanceType;
      return computeId === undefined && typeof size === "string" && !/^Standard_\w+$/i.test(size)
        ? [
            {
              path: "resources.instanceType",
              value: size,
              reason: "without computeId it must be an Azure VM size, for instance Standard_DS3_v2",
            },
          ]
        : [];
    },
  },
];
