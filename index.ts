import * as pulumi from "@pulumi/pulumi";
import { MlflowStack } from "./components";
import { readSettings } from "./stacks/settings";

const settings = readSettings();

const stack = new MlflowStack("mlflow", {
  location: settings.location,
  namePrefix: `${settings.workload}-${pulumi.getStack()}`,
  containerRegistry: settings.containerRegistry === "none" ? undefined : settings.containerRegistry,
  dataContributors: settings.deployers,
  onDelete: settings.onDelete,
  protectData: settings.protectData,
  compute: {
    vmSize: settings.computeVmSize,
    minNodes: settings.computeMinNodes,
    maxNodes: settings.computeMaxNodes,
    idleSeconds: settings.computeIdleSeconds,
  },
  model: {
    name: settings.modelName,
    path: settings.modelPath,
    onDelete: settings.modelOnDelete,
  },
  serving: {
    authMode: settings.endpointAuthMode,
    instanceType: settings.instanceType,
    instances: settings.instances,
  },
  tags: settings.tags,
});

export const { workspaceName, trackingUri, modelName, modelVersion, scoringUri, endpointKey } = stack;
