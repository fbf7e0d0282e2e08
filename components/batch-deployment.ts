import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import {
  batchDeploymentConstraints,
  batchDeploymentRules,
  type BatchDeploymentArgs,
} from "./batch-deployment-args";
import { batchDeploymentBody } from "./batch-deployment-body";
import { deploymentName } from "./naming";
import { scoringProperties } from "./scoring-code";
import { seenCompute } from "./seen-compute";

/**
 * A model, or a pipeline, that scores files as jobs on a compute. It costs nothing while no job runs, but for machines that the compute always has. Callers reach it by
 * its name, or as the endpoint's default when `makeDefault` names it.
 *
 * Where Azure changes a deployment not in place, another one is made first, becomes the default if this one is, and only then this one goes: for another number or type of
 * instances, another script, a pipeline instead of a model.
 */
export class BatchDeployment extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  /** As a caller names it. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: BatchDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:BatchDeployment", name, {}, opts);
    args = checkArgs("BatchDeployment", name, args, batchDeploymentRules, batchDeploymentConstraints);

    const { compute, instances = 1 } = args;
    if (compute !== undefined)
      args = { ...args, compute: seenCompute(this, ["BatchDeployment", name], compute, instances) };

    const endpointId = pulumi.output(args.endpointId);
    const workspace = endpointId.apply(workspaceParts);
    const scoring = scoringProperties(name, { ...args, endpointId }, this);
    const deployment = new ml.BatchDeployment(
      name,
      {
        deploymentName: pulumi
          .output(fixedOf(args, scoring))
          .apply((fixed) => deploymentName(name, JSON.stringify(fixed))),
        endpointName: endpointId.apply((id) => resourceParts(id).name),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        ...batchDeploymentBody(args, scoring),
      },
      // The deployment that takes this one's place has another name: it becomes the default before this one goes, which Azure asks for.
      { parent: this, deleteBeforeReplace: false },
    );

    this.id = deployment.id;
    this.name = deployment.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

/** What Azure takes when a deployment is made and never again. */
function fixedOf(
  { pipelineComponent, instances, instanceType }: BatchDeploymentArgs,
  { codeConfiguration }: ReturnType<typeof scoringProperties>,
) {
  if (pipelineComponent !== undefined) return { kind: "pipeline" };
  return { kind: "model", instances: instances ?? 1, instanceType, codeConfiguration };
}
