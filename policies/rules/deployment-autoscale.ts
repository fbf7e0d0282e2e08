import { at } from "../plain";
import { isNamed } from "../related";
import type { Seen, StackRule } from "../rule";

export const deploymentAutoscale: StackRule = {
  id: "deployment-autoscale",
  title: "A deployment has more machines when there is more to do",
  reason: "With a fixed number, a busy hour is slow or refused, and a quiet one is paid for.",
  fix: "Give a RollingDeployment its autoscale, or declare an Autoscale for the deployment.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) => {
    const settings = resources.filter(({ kind }) => kind === "monitor:AutoscaleSetting");
    return resources
      .filter(({ kind }) => kind === "machinelearningservices:OnlineDeployment")
      .filter((deployment) => !isOnKubernetes(deployment))
      .filter((deployment) => at(deployment.own, "autoscale") === undefined)
      .filter((deployment) => !isNamed(deployment, settings, "targetResourceUri", targetsOf))
      .map((resource) => ({ resource, problem: "no enabled autoscale of the stack is for it" }));
  },
};

/** Such a deployment's number of instances is the cluster's matter. */
function isOnKubernetes({ properties }: Seen): boolean {
  return at(properties, "properties.endpointComputeType") === "Kubernetes";
}

function targetsOf({ properties }: Seen): readonly unknown[] {
  return at(properties, "enabled") === false ? [] : [at(properties, "targetResourceUri")];
}
