import { at } from "../plain";
import type { StackRule } from "../rule";

export const computeInstanceImage: StackRule = {
  id: "compute-instance-image",
  title: "A compute instance runs the newest image",
  reason:
    "What is mended in the system reaches the machine only when it is made anew. Known after a `pulumi refresh`; advisory, since its disk goes with it.",
  fix: "Save what is on its disk and make it anew: pulumi up --replace URN.",
  covers: { azurePolicy: ["f110a506-2dcb-422e-bcea-d533fc8c35e2"] },
  levels: { dev: "advisory", prod: "advisory" },
  checkStack: (resources) =>
    resources
      .filter(({ kind }) => kind === "machinelearningservices:Compute")
      .filter(({ properties }) => at(properties, "properties.computeType") === "ComputeInstance")
      .filter(
        ({ properties }) =>
          at(properties, "properties.properties.osImageMetadata.isLatestOsImageVersion") === false,
      )
      .map((resource) => ({ resource, problem: "there is a newer image than the one that it runs" })),
};
