import { expect } from "chai";
import execa from "execa";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import { packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";

const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-state`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/ststate`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-state`;
const KEY = "azurekeyvault://kv-state.vault.azure.net/keys/state";
const KEY_ROLE = `${VAULT}/providers/Microsoft.Authorization/roleAssignments/21111111-1111-4111-8111-111111111111`;
const SECRET = "planted-secret-of-the-program";

/** What docs/environments.md and docs/pull-requests.md say of a state in Azure, done by the real engine. */
describe("the state of a stack in Azure Storage, with secrets by a key in Key Vault", () => {
  const azure = new LocalAzure();
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
  /** Each a call of the package's own ARM client, by the deployer. */
  const arm = async (...calls: readonly ["put" | "remove", string, string, object?][]): Promise<void> => {
    const script = `const { arm } = require("./dist/providers/clients/arm.js");
(async () => {
  for (const [method, id, apiVersion, body] of JSON.parse(process.argv[1])) await arm()[method](id, { apiVersion, body });
})();`;
    await execa(process.execPath, ["-e", script, JSON.stringify(calls)], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
  };
  const role = (name: keyof typeof ROLES): object => ({
    properties: {
      principalId: DEPLOYER.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[name]}`,
    },
  });

  before(async () => {
    await azure.start();
    const location = "westeurope";
    const assigned = "providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111";
    await arm(
      ["put", GROUP, "2024-03-01", { location }],
      [
        "put",
        ACCOUNT,
        "2024-01-01",
        {
          location,
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
          properties: { allowSharedKeyAccess: false },
        },
      ],
      ["put", `${ACCOUNT}/blobServices/default/containers/state`, "2024-01-01", { properties: {} }],
      ["put", `${ACCOUNT}/${assigned}`, "2022-04-01", role("Storage Blob Data Contributor")],
      [
        "put",
        VAULT,
        "2024-11-01",
        {
          location,
          properties: {
            tenantId: TENANT_ID,
            sku: { family: "A", name: "standard" },
            enableRbacAuthorization: true,
          },
        },
      ],
      ["put", `${VAULT}/keys/state`, "2024-11-01", { properties: { kty: "RSA" } }],
      ["put", KEY_ROLE, "2022-04-01", role("Key Vault Crypto User")],
    );
    mkdirSync(folder);
    symlinkSync(join(packageRoot(), "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "team", private: true }));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: team\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(
      join(folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");\nexports.token = new pulumi.Config().requireSecret("token");\n`,
    );
  });
  after(async () => await azure.remove());

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
    await arm(["remove", KEY_ROLE, "2022-04-01"]);
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
