import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import {
  ComputeCluster,
  ComputeInstance,
  KubernetesCompute,
  type ComputeClusterArgs,
  type ComputeInstanceArgs,
} from "../../components";
import {
  GROUP_ID,
  guid,
  IDENTITY_ID,
  runProgram,
  WORKSPACE_ID,
  type Registered,
} from "../helpers/pulumi-mocks";

const location = "westeurope";
const tags = { team: "risk" };
const storageAccountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`;
const containerRegistryId = `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crml`;
const subnetId = `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/training`;

/** The one compute that a program declares. */
async function computeOf(declare: () => unknown): Promise<Registered> {
  const [compute, ...others] = (await runProgram(declare)).of("azure-native:machinelearningservices:Compute");
  expect(others).to.deep.equal([]);
  return compute ?? expect.fail("no compute");
}

/** The roles that a program gives: name, role, resource, principal. */
async function rolesOf(declare: () => unknown): Promise<unknown[][]> {
  return (await runProgram(declare))
    .of("azure-native:authorization:RoleAssignment")
    .map(({ name, inputs }) => [
      name,
      String(inputs["roleDefinitionId"]).split("/").at(-1),
      inputs["scope"],
      inputs["principalId"],
    ]);
}

describe("ComputeCluster", () => {
  const cluster: ComputeClusterArgs = {
    workspaceId: WORKSPACE_ID,
    location,
    vmSize: "Standard_DS3_v2",
    maxNodes: 4,
    tags,
  };
  const compute = async (args: Partial<ComputeClusterArgs>): Promise<Registered> =>
    await computeOf(() => new ComputeCluster("train", { ...cluster, ...args }));
  const inner = async (args: Partial<ComputeClusterArgs>): Promise<unknown> =>
    (await compute(args)).inputs["properties"];

  it("is one AmlCompute that shrinks to nothing, without SSH and local accounts", async () => {
    const { resources } = await runProgram(() => new ComputeCluster("train", cluster));
    expect(resources.map(({ type, name, parent }) => [type, name, parent])).to.deep.equal([
      ["azure-native:machinelearningservices:Compute", "train", "pulumi-azureml:index:ComputeCluster::train"],
      ["pulumi-azureml:index:ComputeCluster", "train", ""],
    ]);
    const { computeName, ...inputs } = resources[0]?.inputs ?? {};
    expect(computeName).to.match(/^train-[a-p]{6}$/);
    expect(inputs).to.deep.equal({
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
      location,
      identity: { type: "SystemAssigned" },
      properties: {
        computeType: "AmlCompute",
        disableLocalAuth: true,
        properties: {
          osType: "Linux",
          vmSize: "Standard_DS3_v2",
          vmPriority: "Dedicated",
          scaleSettings: { minNodeCount: 0, maxNodeCount: 4, nodeIdleTimeBeforeScaleDown: "PT900S" },
          enableNodePublicIp: true,
          remoteLoginPortPublicAccess: "Disabled",
        },
      },
      tags,
    });
  });

  it("has no public addresses where there is a network, unless asked for", async () => {
    const open = async (args: Partial<ComputeClusterArgs>): Promise<unknown> =>
      ((await inner(args)) as { properties: { enableNodePublicIp: boolean } }).properties.enableNodePublicIp;
    expect(await open({})).to.equal(true);
    expect(await open({ subnetId })).to.equal(false);
    expect(await open({ managedNetwork: true })).to.equal(false);
    expect(await open({ managedNetwork: pulumi.output(true) })).to.equal(false);
    expect(await open({ subnetId, nodePublicIp: true })).to.equal(true);
  });

  it("opens SSH only to who holds a named key", async () => {
    const key = "ssh-rsa AAAAB3NzaC1yc2E ada@example";
    expect(await inner({ sshPublicKey: key })).to.deep.include({ disableLocalAuth: false });
    expect(await inner({ sshPublicKey: key })).to.have.nested.property(
      "properties.userAccountCredentials.adminUserSshPublicKey",
      key,
    );
  });

  it("gives its own identity the storage and the registry, and another's nothing", async () => {
    const args = { ...cluster, computeName: "cpu-cluster", storageAccountId, containerRegistryId };
    const principal = guid("cpu-cluster");
    expect(await rolesOf(() => new ComputeCluster("train", args))).to.deep.equal([
      ["train-registry", "7f951dda-4ed3-4680-a7ca-43fe172d538d", containerRegistryId, principal],
      ["train-storage", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", storageAccountId, principal],
    ]);
    const brought = { ...cluster, identity: { userAssignedIds: [IDENTITY_ID] } };
    expect(await rolesOf(() => new ComputeCluster("train", brought))).to.deep.equal([]);
    expect((await compute(brought)).inputs["identity"]).to.deep.equal({
      type: "UserAssigned",
      userAssignedIdentities: [IDENTITY_ID],
    });
  });

  it("keeps its name when it is scaled, and has another when its machines change", async () => {
    const name = async (args: Partial<ComputeClusterArgs>): Promise<unknown> =>
      (await compute(args)).inputs["computeName"];
    const before = await name({});
    expect(await name({ maxNodes: 9, minNodes: 1, idleSeconds: 60, tags: {} })).to.equal(before);
    expect(await name({ identity: { userAssignedIds: [IDENTITY_ID] } })).to.equal(before);
    expect(await name({ vmSize: "STANDARD_DS3_V2" })).to.equal(before);
    for (const change of [{ vmSize: "Standard_F4s_v2" }, { priority: "LowPriority" }, { subnetId }])
      expect(await name(change)).to.not.equal(before);
  });

  it("stands beside what it replaces, unless both have a name of the caller's", async () => {
    expect((await compute({})).deleteBeforeReplace).to.equal(false);
    const named = await compute({ computeName: "cpu-cluster" });
    expect([named.deleteBeforeReplace, named.inputs["computeName"]]).to.deep.equal([true, "cpu-cluster"]);
  });
});

describe("ComputeInstance", () => {
  const instance: ComputeInstanceArgs = {
    workspaceId: WORKSPACE_ID,
    location,
    vmSize: "Standard_DS3_v2",
    assignedUser: { objectId: guid("ada") },
    tags,
  };
  const compute = async (args: Partial<ComputeInstanceArgs>): Promise<Registered> =>
    await computeOf(() => new ComputeInstance("ada", { ...instance, ...args }));
  const name = async (args: Partial<ComputeInstanceArgs>): Promise<unknown> =>
    (await compute(args)).inputs["computeName"];

  it("is one user's machine that stops when nobody uses it, without SSH, local accounts and identity", async () => {
    const { computeName, ...inputs } = (await compute({})).inputs;
    expect(computeName).to.match(/^ada-[a-p]{6}$/);
    expect(inputs).to.deep.equal({
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
      location,
      identity: { type: "None" },
      properties: {
        computeType: "ComputeInstance",
        disableLocalAuth: true,
        properties: {
          vmSize: "Standard_DS3_v2",
          applicationSharingPolicy: "Personal",
          computeInstanceAuthorizationType: "personal",
          personalComputeInstanceSettings: {
            assignedUser: { objectId: guid("ada"), tenantId: guid("tenant") },
          },
          idleTimeBeforeShutdown: "PT60M",
          enableNodePublicIp: true,
          sshSettings: { sshPublicAccess: "Disabled" },
        },
      },
      tags,
    });
  });

  it("sends a script's content as base64, and the path of one that is there", async () => {
    const { inputs } = await compute({
      creationScript: { content: "echo ü" },
      startupScript: { path: "Users/ada/start.sh", arguments: "a b", timeoutMinutes: 5 },
    });
    expect(inputs)
      .to.have.nested.property("properties.properties.setupScripts")
      .that.deep.equals({
        scripts: {
          creationScript: { scriptSource: "inline", scriptData: "ZWNobyDDvA==", timeout: "15m" },
          startupScript: {
            scriptSource: "workspaceStorage",
            scriptData: "Users/ada/start.sh",
            scriptArguments: "a b",
            timeout: "5m",
          },
        },
      });
  });

  it("gives its own identity the workspace, without which Azure would not stop it", async () => {
    const args = { ...instance, computeName: "ada-dev", identity: { systemAssigned: true } };
    expect(await rolesOf(() => new ComputeInstance("ada", args))).to.deep.equal([
      ["ada-workspace", "b24988ac-6180-42a0-ab88-20f7382dd24c", WORKSPACE_ID, guid("ada-dev")],
    ]);
    expect(await rolesOf(() => new ComputeInstance("ada", instance))).to.deep.equal([]);
  });

  it("keeps its name when only its tags change or what is said is the default, and has another when Azure would ignore the change", async () => {
    const before = await name({});
    expect(await name({ tags: {}, idleMinutes: 60, vmSize: "STANDARD_DS3_V2", nodePublicIp: true })).to.equal(
      before,
    );
    const changes: readonly Partial<ComputeInstanceArgs>[] = [
      { idleMinutes: 30 },
      { schedules: [{ action: "Stop", cron: "0 18 * * *" }] },
      { startupScript: { content: "x" } },
      { startupScript: { content: "X" } },
      { identity: { systemAssigned: true } },
    ];
    const names = new Set([before]);
    for (const change of changes) names.add(await name(change));
    expect(names.size).to.equal(changes.length + 1);
  });
});

describe("KubernetesCompute", () => {
  const attached = {
    workspaceId: WORKSPACE_ID,
    location,
    clusterId: `${GROUP_ID}/providers/Microsoft.ContainerService/managedClusters/aks`,
  };

  it("attaches a cluster with its instance types, and detaches it before the compute is deleted", async () => {
    const gpu = {
      requests: { cpu: "1", memory: "2Gi" },
      limits: { cpu: "2", memory: "4Gi", gpus: 1 },
      nodeSelector: { accelerator: "nvidia" },
    };
    const program = await runProgram(
      () =>
        new KubernetesCompute("train", { ...attached, instanceTypes: { gpu }, defaultInstanceType: "gpu" }),
    );
    const compute = program.named("train");
    expect(compute.inputs["computeName"]).to.match(/^train-[a-p]{6}$/);
    expect(compute.inputs["properties"]).to.deep.equal({
      computeType: "Kubernetes",
      resourceId: attached.clusterId,
      properties: {
        namespace: "default",
        defaultInstanceType: "gpu",
        instanceTypes: {
          gpu: {
            nodeSelector: gpu.nodeSelector,
            resources: {
              requests: gpu.requests,
              limits: { cpu: "2", memory: "4Gi", "nvidia.com/gpu": "1" },
            },
          },
        },
      },
    });
    expect(program.named("train-detach").after).to.include(
      "azure-native:machinelearningservices:Compute::train",
    );
  });

  it("gives its own identity the storage", async () => {
    const args = { ...attached, computeName: "aks", storageAccountId };
    expect(await rolesOf(() => new KubernetesCompute("train", args))).to.deep.equal([
      ["train-storage", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", storageAccountId, guid("aks")],
    ]);
  });
});
