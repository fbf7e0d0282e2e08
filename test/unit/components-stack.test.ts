import { expect } from "chai";
import { MlflowStack, type MlflowStackArgs } from "../../components";
import { runProgram, type Program } from "../helpers/pulumi-mocks";

const args: MlflowStackArgs = {
  location: "westeurope",
  namePrefix: "churn-dev",
  clusters: { training: { vmSize: "Standard_DS3_v2", maxNodes: 2 } },
  model: { modelName: "churn", path: "no/such/model" },
  endpoint: { authMode: "Key" },
  deployment: { instanceType: "Standard_DS3_v2", instances: 2 },
  tags: { team: "risk" },
};
const declare = async (change: Partial<MlflowStackArgs> = {}): Promise<Program> =>
  await runProgram(() => new MlflowStack("mlflow", { ...args, ...change }));
const counted = ({ resources }: Program): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

describe("MlflowStack", () => {
  it("declares a workspace, a cluster, a model, and an endpoint with a model that rolls forward", async () => {
    const program = await declare();
    expect(counted(program)).to.deep.equal({
      "azure-native:applicationinsights:Component": 1,
      "azure-native:authorization:RoleAssignment": 7,
      "azure-native:keyvault:Vault": 1,
      "azure-native:machinelearningservices:Compute": 1,
      "azure-native:machinelearningservices:OnlineEndpoint": 1,
      "azure-native:machinelearningservices:Workspace": 1,
      "azure-native:managedidentity:UserAssignedIdentity": 1,
      "azure-native:monitor:DiagnosticSetting": 1,
      "azure-native:operationalinsights:Workspace": 1,
      "azure-native:resources:ResourceGroup": 1,
      "azure-native:storage:StorageAccount": 1,
      "pulumi-azureml:index:ComputeCluster": 1,
      "pulumi-azureml:index:MlflowModel": 1,
      "pulumi-azureml:index:MlflowStack": 1,
      "pulumi-azureml:index:OnlineEndpoint": 1,
      "pulumi-azureml:index:RollingDeployment": 1,
      "pulumi-azureml:index:Workspace": 1,
      "pulumi-nodejs:dynamic/pulumi-azureml:MlflowModel": 1,
      "pulumi-nodejs:dynamic/pulumi-azureml:OnlineEndpointSettings": 1,
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge": 3,
      "pulumi-nodejs:dynamic/pulumi-azureml:Rollout": 1,
      "random:index/randomString:RandomString": 1,
    });
  });

  it("hands on how a model rolls forward; the endpoint's traffic is the stack's, unless somebody else is to keep a share", async () => {
    const inputs = async (deployment: object): Promise<Record<string, unknown>> => {
      const program = await declare({ deployment: { ...args.deployment, ...deployment } });
      return program.named("mlflow-deployment").inputs;
    };
    expect(await inputs({ strategy: { kind: "allAtOnce" }, watchSeconds: 7 })).to.deep.include({
      prefix: "mlflow-deployment",
      steps: [{ weight: 100, bakeSeconds: 7 }],
      foreignTraffic: "take",
    });
    expect(await inputs({ foreignTraffic: "keep" })).to.have.property("foreignTraffic", "keep");
  });

  it("watches the machines of the generation that is wanted", async () => {
    const program = await declare({
      alerts: { actionGroup: { emails: { ada: "ada@example.org" } }, capacity: { leastInstances: 2 } },
    });
    const { after } = program.named("mlflow-alerts-capacity");
    expect(after).to.include("pulumi-nodejs:dynamic/pulumi-azureml:Rollout::mlflow-deployment");
  });

  it("names all that is unique in the world with one suffix", async () => {
    const program = await declare();
    expect(program.named("mlflow-workspace").inputs["workspaceName"]).to.equal("mlw-churn-dev-x7k2p");
    expect(program.named("mlflow-workspace-storage").inputs["accountName"]).to.equal("stchurndevx7k2p");
    expect(program.named("mlflow-endpoint").inputs["endpointName"]).to.equal("oe-churn-dev-x7k2p");
  });

  it("puts everything in a component, under the stack", async () => {
    const { resources } = await declare();
    for (const { type, parent } of resources) {
      if (type === "pulumi-azureml:index:MlflowStack") expect(parent).to.equal("");
      else if (type.startsWith("pulumi-azureml:index:") || type.startsWith("random:"))
        expect(parent).to.equal("pulumi-azureml:index:MlflowStack::mlflow");
      else
        expect(parent).to.match(
          /^pulumi-azureml:index:(Workspace|ComputeCluster|MlflowModel|OnlineEndpoint|RollingDeployment)::mlflow-/,
        );
    }
  });

  it("makes what is in the workspace after the workspace's roles, and so deletes it before the purge", async () => {
    const program = await declare();
    for (const name of ["mlflow-cluster-training", "mlflow-endpoint", "mlflow-model"])
      expect(program.named(name).after).to.include.members([
        "azure-native:authorization:RoleAssignment::mlflow-workspace-identity-workspace",
        "pulumi-nodejs:dynamic/pulumi-azureml:Purge::mlflow-workspace-purge",
      ]);
  });

  it("gives the endpoint's key as a secret, and none where callers have Entra tokens", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "first-key",
    };
    expect((await declare()).outputs.get("mlflow")?.["endpointKey"]).to.deep.equal(secret);
    const entra = await declare({ endpoint: {} });
    expect(entra.outputs.get("mlflow")).to.have.all.keys(
      "workspaceId",
      "location",
      "workspaceName",
      "trackingUri",
      "modelName",
      "modelVersion",
      "scoringUri",
      "endpointId",
    );
  });

  it("protects the data alone: a new model or machine type still takes the place of the old", async () => {
    const { resources } = await declare({ protectData: true });
    const kept = resources.filter(({ protect }) => protect).map(({ type }) => type.split(":").at(-1));
    expect(kept).to.deep.equal([
      "Component",
      "Vault",
      "Workspace",
      "UserAssignedIdentity",
      "Workspace",
      "ResourceGroup",
      "StorageAccount",
      "Workspace",
    ]);
  });
});
