import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { after } from "./after";
import { checkArgs } from "./args";
import { giveRoles, identityOf, publicIpOf, replacementOf, SSH_USER, workspaceOf } from "./compute";
import {
  computeClusterConstraints,
  computeClusterRules,
  type ComputeClusterArgs,
} from "./compute-cluster-args";
import { mapped } from "./defaults";

/**
 * A cluster of machines that jobs run on (AmlCompute): it grows with the jobs that wait and shrinks when they are done. Nobody signs in to its
 * nodes: no SSH, no local accounts.
 */
export class ComputeCluster extends pulumi.ComponentResource {
  /** ARM id; a job's `compute` takes it. Known when the cluster's identity has its roles. */
  declare readonly id: pulumi.Output<string>;
  /** Azure's name. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ComputeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:ComputeCluster", name, {}, opts);
    args = checkArgs("ComputeCluster", name, args, computeClusterRules, computeClusterConstraints);
    const { workspaceId, location, vmSize, priority = "Dedicated", subnetId, sshPublicKey } = args;
    const nodePublicIp = publicIpOf(args);
    const subnet = subnetId === undefined ? undefined : { id: subnetId };
    const fixed = { workspaceId, location, vmSize, priority, subnet, nodePublicIp, sshPublicKey };
    const { computeName, options } = replacementOf(name, args.computeName, fixed);
    const compute = new ml.Compute(
      name,
      {
        ...workspaceOf(workspaceId),
        computeName,
        location,
        identity: identityOf(args.identity),
        properties: {
          computeType: "AmlCompute",
          disableLocalAuth: sshPublicKey === undefined,
          properties: {
            osType: "Linux",
            vmSize,
            vmPriority: priority,
            scaleSettings: {
              minNodeCount: args.minNodes ?? 0,
              maxNodeCount: args.maxNodes,
              nodeIdleTimeBeforeScaleDown: mapped(args.idleSeconds, 900, (seconds) => `PT${seconds}S`),
            },
            subnet,
            enableNodePublicIp: nodePublicIp,
            remoteLoginPortPublicAccess: sshPublicKey === undefined ? "Disabled" : "Enabled",
            userAccountCredentials:
              sshPublicKey === undefined
                ? undefined
                : { adminUserName: SSH_USER, adminUserSshPublicKey: sshPublicKey },
          },
        },
        tags: args.tags,
      },
      { parent: this, ...options },
    );

    this.id = after(compute.id, giveRoles(name, compute, args, this));
    this.name = compute.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}
