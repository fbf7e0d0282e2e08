import { expect } from "chai";
import { InvalidArgs, Workspace, type WorkspaceArgs } from "../../components";
import { roles } from "../../components/roles";
import { guid, runProgram, WORKSPACE_ID, type Program } from "../helpers/pulumi-mocks";

const workspaceKey = "pulumi-azureml:index:Workspace::ws";
const full: WorkspaceArgs = {
  location: "westeurope",
  namePrefix: "churn-dev",
  containerRegistry: "create",
  dataContributors: { ci: { objectId: guid("ci") }, ada: { objectId: guid("ada"), principalType: "User" } },
  tags: { team: "risk" },
};
const declare = async (args: WorkspaceArgs): Promise<Program> =>
  await runProgram(() => new Workspace("ws", args));
const group = WORKSPACE_ID.split("/providers/")[0] ?? "";
const brought = {
  resourceGroupId: group,
  storageAccountId: `${group}/providers/Microsoft.Storage/storageAccounts/stold`,
  keyVaultId: `${group}/providers/Microsoft.KeyVault/vaults/kvold`,
  applicationInsightsId: `${group}/providers/Microsoft.Insights/components/appiold`,
  containerRegistry: `${group}/providers/Microsoft.ContainerRegistry/registries/crold`,
};
const identityId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/idold`;

const key = {
  keyVaultId: `${group}/providers/Microsoft.KeyVault/vaults/kvkeys`,
  keyIdentifier: `https://kvkeys.vault.azure.net/keys/cmk/${"0".repeat(32)}`,
};

describe("Workspace", () => {
  it("declares exactly what it stands on, as its own children", async () => {
    const { resources } = await declare(full);
    expect(resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      "azure-native:applicationinsights:Component ws-insights",
      "azure-native:authorization:RoleAssignment ws-data-ada",
      "azure-native:authorization:RoleAssignment ws-data-ci",
      "azure-native:authorization:RoleAssignment ws-identity-insights",
      "azure-native:authorization:RoleAssignment ws-identity-registry",
      "azure-native:authorization:RoleAssignment ws-identity-storage",
      "azure-native:authorization:RoleAssignment ws-identity-storage-data",
      "azure-native:authorization:RoleAssignment ws-identity-vault",
      "azure-native:authorization:RoleAssignment ws-identity-vault-data",
      "azure-native:authorization:RoleAssignment ws-identity-workspace",
      "azure-native:containerregistry:Registry ws-registry",
      "azure-native:keyvault:Vault ws-vault",
      "azure-native:machinelearningservices:Workspace ws",
      "azure-native:managedidentity:UserAssignedIdentity ws-identity",
      "azure-native:monitor:DiagnosticSetting ws-diagnostics",
      "azure-native:operationalinsights:Workspace ws-logs",
      "azure-native:resources:ResourceGroup ws-group",
      "azure-native:storage:StorageAccount ws-storage",
      "pulumi-azureml:index:Workspace ws",
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge ws-logs-purge",
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge ws-purge",
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge ws-vault-purge",
      "random:index/randomString:RandomString ws-suffix",
    ]);
    for (const { type, parent } of resources)
      expect(parent).to.equal(type.includes(":index:") ? "" : workspaceKey);
  });

  it("is hardened where nothing is said", async () => {
    const program = await declare({ location: "westeurope" });
    expect(program.named("ws-storage").inputs).to.deep.include({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(program.named("ws-vault").inputs["properties"]).to.deep.include({
      tenantId: guid("tenant"),
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
    });
    expect(program.named("ws").inputs).to.deep.include({
      systemDatastoresAuthMode: "Identity",
      v1LegacyMode: false,
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: [
          `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ws-x7k2p`,
        ],
      },
    });
    expect(program.of("azure-native:containerregistry:Registry")).to.deep.equal([]);
    expect((await declare(full)).named("ws-registry").inputs).to.deep.include({
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      sku: { name: "Premium" },
    });
  });

  it("lets who acts read the storage account's private endpoints, as the studio needs, and nobody where Azure does", async () => {
    const subnetId = `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints`;
    const readers = async (args: Partial<WorkspaceArgs>): Promise<readonly string[]> => {
      const isolation = { mode: "private", subnetId } as const;
      const { of } = await declare({ location: "westeurope", isolation, ...args });
      return of("azure-native:authorization:RoleAssignment")
        .filter(({ inputs }) => String(inputs["roleDefinitionId"]).endsWith(roles.reader))
        .map(({ inputs }) => String(inputs["scope"]).replace(/^.*\//, ""));
    };
    expect(await readers({})).to.deep.equal(["pep-ws-blob-x7k2p", "pep-ws-file-x7k2p"]);
    expect(await readers({ assignRoles: false })).to.deep.equal([]);
    expect(await readers({ identityType: "SystemAssigned" })).to.deep.equal([]);
    expect(await readers({ identityType: "SystemAssigned,UserAssigned" })).to.deep.equal([]);
    expect(await readers({ isolation: { mode: "managedApprovedOnly" } })).to.deep.equal([]);
  });

  it("puts its tags on every resource that can have some", async () => {
    const untagged = (await declare(full)).resources
      .filter(({ inputs }) => JSON.stringify(inputs["tags"]) !== JSON.stringify({ team: "risk" }))
      .map(({ type }) => type);
    expect(new Set(untagged)).to.deep.equal(
      new Set([
        "azure-native:authorization:RoleAssignment",
        "azure-native:monitor:DiagnosticSetting",
        "pulumi-azureml:index:Workspace",
        "pulumi-nodejs:dynamic/pulumi-azureml:Purge",
        "random:index/randomString:RandomString",
      ]),
    );
  });

  it("gives each role to the right principal at the right scope, typed and named by them", async () => {
    const roles = (await declare(full))
      .of("azure-native:authorization:RoleAssignment")
      .map(({ name, inputs }) => [
        name,
        String(inputs["roleDefinitionId"]).split("/").at(-1),
        String(inputs["scope"]).split("/").at(-2),
        inputs["principalId"],
        inputs["principalType"],
      ]);
    const identity = guid("id-churn-dev-x7k2p");
    const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    const blobs = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    expect(roles).to.deep.equal([
      ["ws-data-ada", blobs, "storageAccounts", guid("ada"), "User"],
      ["ws-data-ci", blobs, "storageAccounts", guid("ci"), "ServicePrincipal"],
      ["ws-identity-insights", contributor, "components", identity, "ServicePrincipal"],
      ["ws-identity-registry", contributor, "registries", identity, "ServicePrincipal"],
      ["ws-identity-storage", contributor, "storageAccounts", identity, "ServicePrincipal"],
      ["ws-identity-storage-data", blobs, "storageAccounts", identity, "ServicePrincipal"],
      ["ws-identity-vault", contributor, "vaults", identity, "ServicePrincipal"],
      [
        "ws-identity-vault-data",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        "vaults",
        identity,
        "ServicePrincipal",
      ],
      ["ws-identity-workspace", contributor, "workspaces", identity, "ServicePrincipal"],
    ]);
  });

  it("a role that changes hands takes nothing else along", async () => {
    for (const role of (await declare(full)).of("azure-native:authorization:RoleAssignment"))
      expect(role.deleteBeforeReplace).to.equal(false);
  });

  it("comes after its identity's roles on what it stands on", async () => {
    const { after } = (await declare(full)).named("ws");
    for (const part of ["storage", "storage-data", "vault", "vault-data", "insights", "registry"])
      expect(after).to.include(`azure-native:authorization:RoleAssignment::ws-identity-${part}`);
  });

  it("takes along what is brought, and gives the identity its roles there", async () => {
    const program = await declare({ location: "westeurope", ...brought });
    for (const type of [
      "storage:StorageAccount",
      "keyvault:Vault",
      "resources:ResourceGroup",
      "containerregistry:Registry",
    ])
      expect(program.of(`azure-native:${type}`)).to.deep.equal([]);
    expect(program.named("ws").inputs).to.deep.include({
      resourceGroupName: "rg-test",
      storageAccount: brought.storageAccountId,
      keyVault: brought.keyVaultId,
      applicationInsights: brought.applicationInsightsId,
      containerRegistry: brought.containerRegistry,
    });
    expect(program.of("azure-native:authorization:RoleAssignment")).to.have.length(7);
  });

  it("gives a brought identity its roles, and none where it holds them already", async () => {
    const program = await declare({ location: "westeurope", identityId });
    expect(program.of("azure-native:managedidentity:UserAssignedIdentity")).to.deep.equal([]);
    expect(program.named("ws").inputs["primaryUserAssignedIdentity"]).to.equal(identityId);
    const roles = program.of("azure-native:authorization:RoleAssignment");
    expect(roles).to.have.length(6);
    for (const { inputs } of roles) expect(inputs["principalId"]).to.equal(guid("idold"));
    const bare = await declare({ location: "westeurope", identityId, assignRoles: false });
    expect(bare.of("azure-native:authorization:RoleAssignment")).to.deep.equal([]);
  });

  it("with an identity of its own alone has no other, and leaves the roles to Azure", async () => {
    const program = await declare({ location: "westeurope", identityType: "SystemAssigned" });
    expect(program.named("ws").inputs).to.not.have.property("primaryUserAssignedIdentity");
    expect(program.named("ws").inputs["identity"]).to.deep.equal({ type: "SystemAssigned" });
    expect(program.of("azure-native:authorization:RoleAssignment")).to.deep.equal([]);
    expect(program.of("azure-native:managedidentity:UserAssignedIdentity")).to.deep.equal([]);
  });

  it("with both acts as its own, and gives the other its roles", async () => {
    const program = await declare({ location: "westeurope", identityType: "SystemAssigned,UserAssigned" });
    const { inputs } = program.named("ws");
    expect(inputs).to.not.have.property("primaryUserAssignedIdentity");
    expect(inputs["identity"]).to.deep.include({ type: "SystemAssigned,UserAssigned" });
    expect(program.of("azure-native:authorization:RoleAssignment")).to.have.length(6);
  });

  it("encrypts with a key of the caller's, for an identity that may use it before", async () => {
    const program = await declare({ ...full, customerManagedKey: key });
    expect(program.named("ws").inputs["encryption"]).to.deep.equal({
      status: "Enabled",
      keyVaultProperties: { keyVaultArmId: key.keyVaultId, keyIdentifier: key.keyIdentifier },
      identity: {
        userAssignedIdentity: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-churn-dev-x7k2p`,
      },
    });
    expect(program.named("ws-identity-key").inputs).to.deep.include({
      scope: key.keyVaultId,
      principalId: guid("id-churn-dev-x7k2p"),
    });
    expect(program.named("ws").after).to.include(
      "azure-native:authorization:RoleAssignment::ws-identity-key",
    );
  });

  it("sends all its logs and metrics to its Log Analytics, to the caller's, or to none", async () => {
    expect((await declare(full)).named("ws-diagnostics").inputs).to.deep.include({
      logs: [{ categoryGroup: "allLogs", enabled: true }],
      metrics: [{ category: "AllMetrics", enabled: true }],
      workspaceId: `${group}/providers/Microsoft.OperationalInsights/workspaces/log-churn-dev-x7k2p`,
    });
    const logAnalyticsId = `${group}/providers/Microsoft.OperationalInsights/workspaces/logold`;
    const program = await declare({ ...full, logAnalyticsId });
    expect(program.named("ws-diagnostics").inputs["workspaceId"]).to.equal(logAnalyticsId);
    expect(program.named("ws-insights").inputs["workspaceResourceId"]).to.equal(logAnalyticsId);
    expect(program.of("azure-native:operationalinsights:Workspace")).to.deep.equal([]);
    const { applicationInsightsId } = brought;
    const none = await declare({ ...full, applicationInsightsId, diagnostics: false });
    expect(none.of("azure-native:operationalinsights:Workspace")).to.deep.equal([]);
    expect(none.of("azure-native:monitor:DiagnosticSetting")).to.deep.equal([]);
  });

  it("locks what it makes that holds data, after the roles that the lock would keep", async () => {
    expect((await declare(full)).of("azure-native:authorization:ManagementLockByScope")).to.deep.equal([]);
    const program = await declare({ ...full, keyVaultId: brought.keyVaultId, lock: "CanNotDelete" });
    const [lock, ...others] = program.of("azure-native:authorization:ManagementLockByScope");
    expect(others).to.deep.equal([]);
    expect(lock?.inputs).to.deep.include({
      level: "CanNotDelete",
      scope: `${group}/providers/Microsoft.Storage/storageAccounts/stchurndevx7k2p`,
    });
    expect(lock?.after).to.include.members([
      "azure-native:authorization:RoleAssignment::ws-data-ada",
      "azure-native:authorization:RoleAssignment::ws-identity-storage",
    ]);
    expect(lock?.protect).to.equal(false);
  });

  it("without purge keeps what Azure keeps; with it, the vault has no purge protection", async () => {
    const modes = (program: Program): unknown[] =>
      program.of("pulumi-nodejs:dynamic/pulumi-azureml:Purge").map(({ inputs }) => inputs["onDelete"]);
    expect(modes(await declare(full))).to.deep.equal(["softDelete", "softDelete", "softDelete"]);
    const purged = await declare({ ...full, onDelete: "purge" });
    expect(modes(purged)).to.deep.equal(["purge", "purge", "purge"]);
    expect(purged.named("ws-vault").inputs["properties"]).to.not.have.property("enablePurgeProtection");
  });

  it("purges the workspace before azure-native deletes it, the vault after", async () => {
    const program = await declare(full);
    expect(program.named("ws-purge").after).to.include("azure-native:machinelearningservices:Workspace::ws");
    expect(program.named("ws-vault").after).to.include(
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge::ws-vault-purge",
    );
    expect(program.named("ws-insights").after).to.include(
      "pulumi-nodejs:dynamic/pulumi-azureml:Purge::ws-logs-purge",
    );
  });

  it("protects what holds data, and not who may do what", async () => {
    const { resources } = await runProgram(() => new Workspace("ws", full, { protect: true }));
    const open = resources.filter(({ protect }) => !protect).map(({ type }) => type);
    expect(new Set(open)).to.deep.equal(
      new Set([
        "azure-native:authorization:RoleAssignment",
        "azure-native:monitor:DiagnosticSetting",
        "pulumi-nodejs:dynamic/pulumi-azureml:Purge",
      ]),
    );
  });

  it("gives its outputs, the tracking address as Azure tells it", async () => {
    const program = await declare({ ...full, namePrefix: "test", nameSuffix: "a1" });
    const outputs = program.outputs.get("ws") ?? {};
    expect(outputs).to.have.all.keys(
      "id",
      "name",
      "trackingUri",
      "studioUrl",
      "principalId",
      "identityId",
      "storageAccountId",
      "logAnalyticsId",
      "location",
      "managedNetwork",
    );
    expect(outputs["name"]).to.equal("mlw-test-a1");
    expect(outputs["trackingUri"]).to.equal(`azureml://westeurope.api.azureml.ms/mlflow/v1.0${WORKSPACE_ID}`);
    expect(outputs["studioUrl"]).to.equal(
      `https://ml.azure.com/?wsid=${outputs["id"]}&tid=${guid("tenant")}`,
    );
    expect(program.of("random:index/randomString:RandomString")).to.deep.equal([]);
  });

  it("tells every wrong arg at once, with its path, before anything is registered", async () => {
    const wrong = {
      location: "West Europe",
      keyVaultId: "kv-mine",
      onDelete: "burn",
      dataContributors: { me: { objectId: "me" } },
      storage: "st",
    } as unknown as WorkspaceArgs;
    let problems: InvalidArgs | undefined;
    const { resources } = await runProgram(() => {
      try {
        return new Workspace("ws", wrong);
      } catch (error) {
        problems = error as InvalidArgs;
        return undefined;
      }
    });
    expect(problems).to.be.instanceOf(InvalidArgs);
    expect(problems?.problems.map(({ path }) => path)).to.deep.equal([
      "location",
      "keyVaultId",
      "dataContributors.me.objectId",
      "onDelete",
      "storage",
    ]);
    expect(problems?.message).to.contain('location is "West Europe": it must be an Azure region');
    expect(resources.map(({ type }) => type)).to.deep.equal(["pulumi-azureml:index:Workspace"]);
  });
});
