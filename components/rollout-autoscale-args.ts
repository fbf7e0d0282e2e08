import { isKnown, type Constraint } from "./args";
import { autoscaleConstraints } from "./autoscale-constraints";
import type { RollingDeploymentArgs } from "./rolling-deployment-args";

export const rolloutAutoscaleConstraints: readonly Constraint<RollingDeploymentArgs>[] = [
  ...autoscaleConstraints.map(({ id, source, problems }): Constraint<RollingDeploymentArgs> => ({
    id: `rolling-deployment-${id}`,
    source,
    problems: ({ autoscale }) =>
      !isKnown(autoscale) || autoscale === undefined
        ? []
        : problems(autoscale).map((problem) => ({ ...problem, path: `autoscale.${problem.path}` })),
  })),
  {
    id: "rolling-deployment-instances-outside-autoscale",
    source: "models 2021-05-01-preview, ScaleCapacity: minimum and maximum",
    problems: ({ instances, autoscale }) => {
      if (!isKnown(autoscale) || autoscale === undefined || !isKnown(autoscale.instances)) return [];
      const { least, most } = autoscale.instances;
      const isOutside =
        typeof instances === "number" &&
        ((typeof least === "number" && instances < least) || (typeof most === "number" && instances > most));
      const reason = "it must be from autoscale.instances.least to autoscale.instances.most";
      return isOutside ? [{ path: "instances", value: instances, reason }] : [];
    },
  },
];
