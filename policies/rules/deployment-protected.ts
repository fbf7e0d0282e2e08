import type { StackRule } from "../rule";

const TYPE = /^azure-native:machinelearningservices(\/[^:]+)?:(Online|Batch)Deployment$/;

export const deploymentProtected: StackRule = {
  id: "deployment-protected",
  title: "A deployment that the program names is protected from deletion",
  reason:
    "What serves goes when its name is left out of the program. Advisory in every profile: a protected deployment can't be replaced either, for instance by one of another machine type.",
  fix: "Give it the option protect: true, or serve by a RollingDeployment, which deletes no generation that has traffic.",
  covers: {},
  levels: { dev: "advisory", prod: "advisory" },
  checkStack: (resources) =>
    resources
      .filter(({ type, protect }) => TYPE.test(type) && !protect)
      .map((resource) => ({ resource, problem: "its option protect is not true" })),
};
