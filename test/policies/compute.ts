import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "compute-no-local-auth",
    type: "azure-native:machinelearningservices:Compute",
    right: { properties: { computeType: "AmlCompute", properties: {}, disableLocalAuth: true } },
    wrong: { properties: { computeType: "ComputeInstance", properties: {} } },
    unknown: "properties.disableLocalAuth",
  },
  {
    rule: "compute-in-network",
    type: "azure-native:machinelearningservices:Compute",
    right: { properties: { computeType: "AmlCompute", properties: { enableNodePublicIp: false } } },
    wrong: { properties: { computeType: "AmlCompute", properties: {} } },
    unknown: "properties.properties.subnet.id",
  },
  {
    rule: "compute-no-public-ip",
    type: "azure-native:machinelearningservices:Compute",
    right: { properties: { computeType: "ComputeInstance", properties: { enableNodePublicIp: false } } },
    wrong: { properties: { computeType: "AmlCompute", properties: { subnet: { id: "/subnet" } } } },
    unknown: "properties.properties.enableNodePublicIp",
  },
  {
    rule: "compute-instance-idle-shutdown",
    type: "azure-native:machinelearningservices:Compute",
    right: {
      properties: { computeType: "ComputeInstance", properties: { idleTimeBeforeShutdown: "PT30M" } },
    },
    wrong: { properties: { computeType: "ComputeInstance", properties: {} } },
    unknown: "properties.properties.idleTimeBeforeShutdown",
  },
  {
    rule: "compute-instance-no-ssh",
    type: "azure-native:machinelearningservices:Compute",
    right: {
      properties: {
        computeType: "ComputeInstance",
        properties: { sshSettings: { sshPublicAccess: "Disabled" } },
      },
    },
    wrong: {
      properties: {
        computeType: "ComputeInstance",
        properties: { sshSettings: { sshPublicAccess: "Enabled" } },
      },
    },
    unknown: "properties.properties.sshSettings.sshPublicAccess",
  },
  {
    rule: "compute-instance-personal",
    type: "azure-native:machinelearningservices:Compute",
    right: {
      properties: { computeType: "ComputeInstance", properties: { applicationSharingPolicy: "Personal" } },
    },
    wrong: {
      properties: { computeType: "ComputeInstance", properties: { applicationSharingPolicy: "Shared" } },
    },
    unknown: "properties.properties.applicationSharingPolicy",
  },
  {
    rule: "cluster-scale-to-zero",
    type: "azure-native:machinelearningservices:Compute",
    right: { properties: { computeType: "AmlCompute", properties: { scaleSettings: { minNodeCount: 0 } } } },
    wrong: { properties: { computeType: "AmlCompute", properties: { scaleSettings: { minNodeCount: 1 } } } },
    unknown: "properties.properties.scaleSettings.minNodeCount",
  },
  {
    rule: "cluster-no-remote-login",
    type: "azure-native:machinelearningservices:Compute",
    right: {
      properties: { computeType: "AmlCompute", properties: { remoteLoginPortPublicAccess: "Disabled" } },
    },
    wrong: {
      properties: { computeType: "AmlCompute", properties: { remoteLoginPortPublicAccess: "Enabled" } },
    },
    unknown: "properties.properties.remoteLoginPortPublicAccess",
  },
];
