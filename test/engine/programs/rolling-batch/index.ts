import * as pulumi from "@pulumi/pulumi";
import { BatchEndpoint, CustomModel, RollingBatchDeployment, type BatchProof } from "pulumi-azureml";
import { batchParts, location } from "../batch-parts";

/** A model behind a batch endpoint that rolls forward; the stack's configuration says which, and how it is proven. */
const config = new pulumi.Config();

const { workspace, model, cluster } = batchParts("rb1", 2);
const plain = config.get("plain");
const served =
  plain === undefined
    ? model
    : new CustomModel("plain", { workspaceId: workspace.id, modelName: "churn-plain", path: plain });
const endpoint = new BatchEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "be-churn-rb1",
});
const rolling = new RollingBatchDeployment("churn-model", {
  endpointId: endpoint.id,
  location,
  model: served.id,
  compute: cluster.id,
  instances: config.getNumber("instances") ?? 1,
  proof: config.requireObject<BatchProof>("proof"),
  ...(config.get("retry") === undefined ? {} : { retry: config.require("retry") }),
});

export const endpointId = endpoint.id;
export const { generation, phase } = rolling;
