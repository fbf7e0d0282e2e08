import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "#stacks/settings";
import { readSmokeRequests } from "#stacks/smoke-requests";
import { MlflowStack } from "pulumi-azureml";

const settings = readSettings();

const stack = new MlflowStack("mlflow", {
  location: settings.location,
  namePrefix: `${settings.workload}-${pulumi.getStack()}`,
  protectData: settings.protectData,
  workspace: {
    containerRegistry: settings.containerRegistry === "none" ? undefined : settings.containerRegistry,
    dataContributors: settings.deployers,
    isolation: settings.isolation,
    lock: settings.lock,
    onDelete: settings.onDelete,
  },
  clusters: {
    training: {
      vmSize: settings.computeVmSize,
      minNodes: settings.computeMinNodes,
      maxNodes: settings.computeMaxNodes,
      idleSeconds: settings.computeIdleSeconds,
    },
  },
  model: {
    modelName: settings.modelName,
    path: settings.modelPath,
    onDelete: settings.modelOnDelete,
    expectedDigest: settings.modelDigest === "any" ? undefined : settings.modelDigest,
  },
  endpoint: { authMode: settings.endpointAuthMode },
  deployment: {
    instanceType: settings.instanceType,
    instances: settings.instances,
    smokeRequests: readSmokeRequests(settings.smokeRequestsPath),
    ...settings.rollout,
  },
  tags: settings.tags,
});

export = {
  // What other stacks need of this one, and all they need: docs/share-a-workspace.md.
  workspaceId: stack.workspaceId,
  location: stack.location,
  workspaceName: stack.workspaceName,
  trackingUri: stack.trackingUri,
  modelName: stack.modelName,
  modelVersion: stack.modelVersion,
  // What a later environment's setting of the same name takes: docs/promote.md.
  modelDigest: stack.modelDigest,
  scoringUri: stack.scoringUri,
  // What `npx pulumi-azureml rollout …` and its `promote` take: docs/roll-out.md.
  endpointId: stack.endpointId,
  generation: stack.generation,
  phase: stack.phase,
  // Left out, not undefined, where there is none: Pulumi warns of outputs without a value.
  ...(stack.endpointKey === undefined ? {} : { endpointKey: stack.endpointKey }),
};
