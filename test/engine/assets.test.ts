import { expect } from "chai";
import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import { packageRoot } from "../../tools/paths";
import { assetFixture } from "../helpers/asset-fixtures";
import { askArm } from "../helpers/arm-process";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { changes } from "../helpers/plan";

const program = join(packageRoot(), "test", "engine", "programs", "assets");
const ml = "2025-12-01";
const PAT = "planted-personal-access-token";

/** Datastores, environments, data, connections and a registry, run by the real engine; the steps build on one another. */
describe("the assets of a workspace on the local Azure", () => {
  const azure = new LocalAzure();
  const files = join(azure.paths.folder, "files");
  const said: string[] = [];
  const secrets = [PAT];
  let stack: Stack;
  let outputs: Record<string, string>;

  const up = async (): Promise<void> => void said.push(await stack.succeeds("up", "--yes", "--skip-preview"));
  const planned = async (): Promise<string[][]> => (await changes(stack)).map(({ op, name }) => [op, name]);
  const versions = async (asset: string): Promise<number> =>
    (await askArm<unknown[]>(azure, "list", `${outputs["id"]}/${asset}/versions`, ml)).length;
  const lake = async (): Promise<Record<string, unknown>> =>
    (
      await askArm<{ properties: Record<string, unknown> }>(
        azure,
        "read",
        `${outputs["id"]}/datastores/lake`,
        ml,
      )
    ).properties;
  /** Places the account's key in the vault, as whoever rotates keys does: past Pulumi. */
  const placeKey = async (which: number): Promise<void> => {
    const { keys } = await askArm<{ keys: { value: string }[] }>(
      azure,
      "post",
      `${outputs["accountId"]}/listKeys`,
      "2024-01-01",
    );
    const value = keys[which]?.value ?? "";
    secrets.push(value);
    await askArm(azure, "put", `${outputs["vaultId"]}/secrets/storage-key`, "2024-11-01", {
      properties: { value },
    });
  };

  before(async () => {
    await azure.start();
    cpSync(assetFixture(), files, { recursive: true });
    // The program's own plain settings are no place for it: Pulumi keeps them in the state of dynamic providers.
    writeFileSync(join(files, "feed-token"), PAT);
    stack = await azure.program(program, "assets", {
      "assets:caller": { tenantId: TENANT_ID, subscriptionId: SUBSCRIPTION_ID, objectId: DEPLOYER.objectId },
      "assets:files": files,
    });
  });
  after(async () => await azure.remove());

  it("comes up, plans nothing afterwards, and refreshes without drift", async () => {
    await up();
    outputs = await stack.outputs();
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
    expect(await lake()).to.deep.include({ isDefault: true, credentials: { credentialsType: "None" } });
    expect(outputs["registryUri"]).to.contain("/registries/shared-models");
  });

  it("makes one new version of an environment whose conda file changed, and keeps the old one", async () => {
    appendFileSync(join(files, "conda.yaml"), "      - scikit-learn==1.9.0\n");
    expect(await planned()).to.deep.equal([["replace", "training"]]);
    await up();
    expect([
      await versions("environments/churn-training"),
      await versions("environments/churn-image"),
    ]).to.deep.equal([2, 1]);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("makes one new version of an environment whose build context changed, and of data whose files did", async () => {
    appendFileSync(join(files, "image", "requirements.txt"), "scikit-learn==1.9.0\n");
    expect(await planned()).to.deep.equal([["replace", "image"]]);
    appendFileSync(join(files, "table", "points.csv"), "44,0\n");
    expect(await planned()).to.have.deep.members([
      ["replace", "image"],
      ["replace", "table"],
    ]);
    await up();
    expect([await versions("environments/churn-image"), await versions("data/churn-table")]).to.deep.equal([
      2, 2,
    ]);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("changes how the default datastore is reached, and it stays the default", async () => {
    await placeKey(0);
    stack.set("assets:accountKeySecretId", "https://kv-assets.vault.azure.net/secrets/storage-key");
    expect(await planned()).to.deep.equal([["update", "lake"]]);
    await up();
    expect(await lake()).to.deep.include({ isDefault: true, credentials: { credentialsType: "AccountKey" } });
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("notices a rotated secret, and sends the new one", async () => {
    await placeKey(1);
    expect(await planned()).to.deep.equal([["update", "lake"]]);
    await up();
    const { key } = await askArm<{ key: string }>(
      azure,
      "post",
      `${outputs["id"]}/datastores/lake/listSecrets`,
      ml,
      {},
    );
    expect(key).to.equal(secrets.at(-1));
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("has no secret in state, previews or what it said", async () => {
    expect(secrets).to.have.length(3);
    const texts = [
      ...said,
      await stack.succeeds("stack", "export"),
      await stack.succeeds("preview", "--json"),
      await stack.succeeds("preview", "--diff"),
    ];
    for (const text of texts)
      for (const secret of secrets) {
        expect(text).to.not.contain(secret);
        expect(text).to.not.contain(Buffer.from(secret).toString("base64"));
      }
    const shown = await stack.succeeds("stack", "export", "--show-secrets");
    expect(shown, "the search finds what is there").to.contain(PAT);
    expect(shown, "a key is not even there encrypted").to.not.contain(secrets[1]).and.not.contain(secrets[2]);
  });

  it("was answered as Microsoft's models have it, and goes", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
  });
});
