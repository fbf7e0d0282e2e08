import type { StackRule } from "../rule";

/** What takes everything that serves away with it. */
const TYPE =
  /^(azure-native:machinelearningservices(\/[^:]+)?:(Online|Batch)Endpoint|pulumi-nodejs:dynamic\/pulumi-azureml:(Batch)?Rollout)$/;

export const endpointProtected: StackRule = {
  id: "endpoint-protected",
  title: "An endpoint, and the rollout that serves by it, are protected from deletion",
  reason: "An endpoint takes its deployments with it, and a name that is left out of the program is enough.",
  fix: "Give the endpoint and the rolling deployment the option protect: true; take it away in a change of its own before they go.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) =>
    resources
      .filter(({ type, protect }) => TYPE.test(type) && !protect)
      .map((resource) => ({ resource, problem: "its option protect is not true" })),
};
