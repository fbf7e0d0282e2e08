import { expect } from "chai";
import execa from "execa";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import { packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";

const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
const VAULT = `${SUBSCRIPTION}/resourceGroups/rg-state/providers/Microsoft.KeyVault/vaults/kv-state`;
const KEY = "azurekeyvault://kv-state.vault.azure.net/keys/state";
const KEY_ROLE = `${VAULT}/providers/Microsoft.Authorization/roleAssignments/21111111-1111-4111-8111-111111111111`;
const SECRET = "planted-secret-of-the-program";

/** What docs/environments.md and docs/pull-requests.md say of a state in Azure, done by the real engine. */
describe("the state of a stack in Azure Storage, with secrets by a key in Key Vault", () => {
  const azure = new LocalAzure();
  let workspace: AzureWorkspace;
  const folder = join(azure.paths.folder, "team");

  const pulumi = async (...args: string[]): Promise<execa.ExecaReturnValue> =>
    await execa("pulumi", [...args, "--non-interactive"], {
      cwd: folder,
      reject: false,
      env: {
        ...azure.environment(),
        PULUMI_BACKEND_URL: "azblob://state?storage_account=ststate",
        PULUMI_CONFIG_PASSPHRASE: undefined,
      },
    });
  const succeeds = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await pulumi(...args);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    return stdout;
  };
  before(async () => {
    await azure.start();
    workspace = await AzureWorkspace.open("state", { paths: azure.paths, run: () => azure.run() });
    await workspace.allowBlobs();
    const account = `${workspace.group}/providers/Microsoft.Storage/storageAccounts/ststate`;
    await workspace.arm("PUT", account, "2024-01-01", {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { allowSharedKeyAccess: false },
    });
    await workspace.arm("PUT", `${account}/blobServices/default/containers/state`, "2024-01-01", {
      properties: {},
    });
    await workspace.arm("PUT", `${VAULT}/keys/state`, "2024-11-01", { properties: { kty: "RSA" } });
    await workspace.arm("PUT", KEY_ROLE, "2022-04-01", {
      properties: {
        principalId: DEPLOYER.objectId,
        principalType: "ServicePrincipal",
        roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLES["Key Vault Crypto User"]}`,
      },
    });
    mkdirSync(folder);
    symlinkSync(join(packageRoot(), "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "team", private: true }));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: team\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(
      join(folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");\nexports.token = new pulumi.Config().requireSecret("token");\n`,
    );
  });
  after(async () => {
    await workspace?.close();
    await azure.remove();
  });

  it("is made, brought up and read by who has the roles, without a passphrase or an account's key", async () => {
    await succeeds("stack", "init", "dev", "--secrets-provider", KEY);
    await succeeds("config", "set", "--secret", "token", SECRET, "--stack", "dev");
    await succeeds("up", "--yes", "--skip-preview", "--stack", "dev");
    await succeeds("up", "--yes", "--expect-no-changes", "--stack", "dev");
    expect(await succeeds("stack", "ls", "--json")).to.contain('"name": "dev"');
    const shown = await succeeds("stack", "output", "--json", "--show-secrets", "--stack", "dev");
    expect(JSON.parse(shown)).to.deep.equal({ token: SECRET });
  });

  it("has the secret encrypted in the state, and in the stack's file", async () => {
    const state = await succeeds("stack", "export", "--stack", "dev");
    expect(state).to.contain(KEY).and.contain("ciphertext").and.not.contain(SECRET);
    const file = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
    expect(file).to.contain(`secretsprovider: ${KEY}`).and.contain("encryptedkey:").and.not.contain(SECRET);
  });

  it("keeps its secrets from who reads the container, and has no role on the key", async () => {
    await workspace.arm("DELETE", KEY_ROLE, "2022-04-01");
    const { exitCode, stdout, stderr } = await pulumi(
      "stack",
      "output",
      "--json",
      "--show-secrets",
      "--stack",
      "dev",
    );
    expect(exitCode).to.not.equal(0);
    expect(stderr).to.contain("ForbiddenByRbac").and.contain("Microsoft.KeyVault/vaults/keys/decrypt/action");
    expect(stdout).to.not.contain(SECRET);
  });
});
