import type { input as inputs } from "@pulumi/azure-native/types";
import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { Detach } from "../providers/detach/resource";
import { after } from "./after";
import { checkArgs } from "./args";
import { giveRoles, identityOf, replacementOf, workspaceOf } from "./compute";
import {
  kubernetesComputeConstraints,
  kubernetesComputeRules,
  type InstanceType,
  type KubernetesComputeArgs,
} from "./kubernetes-compute-args";
import { mapped } from "./defaults";

/** Characters that Azure takes at most for the name of an attached compute. */
const LONGEST_NAME = 16;

/** An AKS or Arc-enabled cluster that is there already, attached to a workspace to run jobs and deployments. Deleting it detaches the cluster, no more. */
export class KubernetesCompute extends pulumi.ComponentResource {
  /** ARM id; a job's `compute` takes it. Known when the compute's identity has its roles. */
  declare readonly id: pulumi.Output<string>;
  /** Azure's name. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: KubernetesComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:KubernetesCompute", name, {}, opts);
    args = checkArgs("KubernetesCompute", name, args, kubernetesComputeRules, kubernetesComputeConstraints);
    const { workspaceId, location, clusterId, namespace = "default", instanceTypes } = args;
    const fixed = { workspaceId, location, clusterId, namespace };
    const { computeName, options } = replacementOf(name, args.computeName, fixed, LONGEST_NAME);
    const compute = new ml.Compute(
      name,
      {
        ...workspaceOf(workspaceId),
        computeName,
        location,
        identity: identityOf(args.identity),
        properties: {
          computeType: "Kubernetes",
          resourceId: clusterId,
          properties: {
            namespace,
            defaultInstanceType: args.defaultInstanceType,
            instanceTypes:
              instanceTypes &&
              Object.fromEntries(Object.entries(instanceTypes).map(([key, type]) => [key, schemaOf(type)])),
          },
        },
        tags: args.tags,
      },
      { parent: this, ...options },
    );
    const detach = new Detach(`${name}-detach`, { computeId: compute.id }, { parent: this, protect: false });

    this.id = after(compute.id, [detach, ...giveRoles(name, compute, args, this)]);
    this.name = compute.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

function schemaOf({
  requests,
  limits,
  nodeSelector,
}: InstanceType): inputs.machinelearningservices.InstanceTypeSchemaArgs {
  const { gpus, ...rest } = limits;
  return {
    nodeSelector,
    resources: {
      requests: { ...requests },
      limits: { ...rest, ...(gpus === undefined ? {} : { "nvidia.com/gpu": mapped(gpus, 0, String) }) },
    },
  };
}
