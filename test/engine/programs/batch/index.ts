import * as pulumi from "@pulumi/pulumi";
import {
  BatchDeployment,
  BatchEndpoint,
  type BatchDeploymentArgs,
  type BatchEndpointArgs,
} from "pulumi-azureml";
import { batchParts, location } from "../batch-parts";

/** A batch endpoint with static deployments of one model; the stack's configuration says which there are, and which is the default. */
const config = new pulumi.Config();
const declared = config.requireObject<Record<string, Partial<BatchDeploymentArgs>>>("deployments");
const byDefault = config.get("default");

const { workspace, model, cluster } = batchParts("b1", 5);
const endpoint = new BatchEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "be-churn-b1",
  ...config.getObject<Partial<BatchEndpointArgs>>("endpoint"),
});
const deployments = Object.entries(declared).map(
  ([name, args]) =>
    [
      name,
      new BatchDeployment(name, {
        endpointId: endpoint.id,
        location,
        model: model.id,
        compute: cluster.id,
        ...args,
      }),
    ] as const,
);
const chosen = deployments.find(([name]) => name === byDefault)?.[1];
if (chosen !== undefined) endpoint.makeDefault(chosen);

export const endpointId = endpoint.id;
export const scoringUri = endpoint.scoringUri;
export const names = Object.fromEntries(deployments.map(([name, deployment]) => [name, deployment.name]));
