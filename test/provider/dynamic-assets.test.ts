import { expect } from "chai";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import { CodeVersion, DataVersion, EnvironmentVersion } from "../../providers/asset-version/resource";
import { WorkspaceDatastore } from "../../providers/datastore/resource";
import { UNKNOWN } from "../../providers/rules";
import { assetFixture } from "../helpers/asset-fixtures";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { providerText, startDynamicProvider, type DynamicProvider } from "../helpers/dynamic-provider";
import { failureOf, keptAfter, type Change, type Remembered } from "../helpers/provider-client";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const type = "pulumi-nodejs:dynamic/pulumi-azureml:Some";
const ROLES = {
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
};

/** Datastores and versions of assets in Pulumi's own process, on the local Azure; the steps of each build on one another. */
describe("assets by way of the dynamic provider's process", () => {
  let azure: AzureWorkspace;
  let provider: DynamicProvider;
  let account: string;
  let vault: string;
  let keys: readonly string[];
  let texts: Readonly<Record<"datastore" | "data" | "code" | "environment", string>>;

  before(async () => {
    azure = await AzureWorkspace.open("assets");
    account = `${azure.group}/providers/Microsoft.Storage/storageAccounts/stassets`;
    vault = `${azure.group}/providers/Microsoft.KeyVault/vaults/kv-assets`;
    for (const [index, [scope, role]] of [
      [account, ROLES["Storage Blob Data Contributor"]],
      [vault, ROLES["Key Vault Secrets User"]],
    ].entries())
      await azure.arm(
        "PUT",
        `${scope}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-00000000000${index}`,
        "2022-04-01",
        {
          properties: {
            principalId: DEPLOYER.objectId,
            principalType: "ServicePrincipal",
            roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          },
        },
      );
    const listed = await azure.arm("POST", `${account}/listKeys`, "2024-01-01");
    keys = (listed["keys"] as { value: string }[]).map(({ value }) => value);
    const text = async (declare: Parameters<typeof providerText>[0]): Promise<string> =>
      String(await providerText(declare));
    const storage = { kind: "AzureBlob", accountId: account, containerName: "raw" } as const;
    const version = { workspaceId: WORKSPACE_ID, name: "shops", definition: {}, onDelete: "retain" };
    texts = {
      datastore: await text(
        () => new WorkspaceDatastore("d", { workspaceId: WORKSPACE_ID, name: "lake", storage }),
      ),
      data: await text(() => new DataVersion("v", version)),
      code: await text(() => new CodeVersion("v", version)),
      environment: await text(() => new EnvironmentVersion("v", version)),
    };
    provider = await startDynamicProvider(azure.environment);
  });
  after(async () => {
    await provider?.stop();
    await azure?.close();
  });

  const checked = async (
    kind: keyof typeof texts,
    inputs: JsonObject,
    old: JsonObject = {},
  ): Promise<JsonObject> => {
    const news = { ...inputs, __provider: texts[kind] };
    const { inputs: whole, failures } = await provider.client.check(type, "it", news, old);
    expect(failures).to.deep.equal({});
    return whole;
  };
  const created = async (kind: keyof typeof texts, inputs: JsonObject): Promise<Remembered> =>
    await provider.client.create(type, "it", await checked(kind, inputs));
  const properties = async (id: string): Promise<JsonObject> =>
    (await azure.ml("GET", id))["properties"] as JsonObject;
  const status = async (id: string): Promise<number> =>
    (await azure.ask("GET", `https://management.azure.com${id}?api-version=2025-12-01`)).status;
  const planOf = ({ kind, replaces, deleteBeforeReplace }: Change): unknown[] => [
    kind,
    replaces,
    deleteBeforeReplace,
  ];

  describe("a datastore", () => {
    const secretId = "https://kv-assets.vault.azure.net/secrets/storage-key";
    const lake = (more: JsonObject = {}): JsonObject => ({
      workspaceId: azure.id,
      name: "lake",
      storage: { kind: "AzureBlob", accountId: account, containerName: "raw" },
      ...more,
    });
    const place = async (value: string): Promise<unknown> =>
      await azure.arm("PUT", `${vault}/secrets/storage-key`, "2024-11-01", { properties: { value } });
    let it_: Remembered;

    it("passes what is not known yet, in every place", async () => {
      const unknown = await checked("datastore", {
        workspaceId: UNKNOWN,
        name: UNKNOWN,
        storage: UNKNOWN,
        accountKeySecretId: UNKNOWN,
        tags: UNKNOWN,
      });
      expect(unknown).to.include({ credentials: "AccountKey", accountKeySecretId: UNKNOWN });
      expect(unknown).to.not.have.property("secretVersion");
    });

    it("is made without a key, and shows no change afterwards", async () => {
      it_ = await created("datastore", lake({ tags: { team: "risk" } }));
      expect(it_.id).to.equal(`${azure.id}/datastores/lake`);
      expect(await properties(it_.id)).to.deep.include({
        datastoreType: "AzureBlob",
        accountName: "stassets",
        containerName: "raw",
        credentials: { credentialsType: "None" },
        tags: { team: "risk" },
      });
      const seen = await provider.client.refresh(it_);
      expect((await provider.client.diff(it_, seen?.inputs ?? {})).kind).to.equal("none");
    });

    it("is planned to change in place, and to go first where it leads elsewhere", async () => {
      const diff = async (news: JsonObject): Promise<unknown[]> =>
        planOf(await provider.client.diff(it_, await checked("datastore", news, it_.inputs)));
      expect(await diff(lake({ tags: { team: "shops" } }))).to.deep.equal(["some", [], true]);
      const storage = { kind: "AzureBlob", accountId: account, containerName: "other" };
      expect(await diff(lake({ storage, tags: { team: "risk" } }))).to.deep.equal([
        "some",
        ["storage"],
        true,
      ]);
      expect(await diff(lake({ tags: { team: "risk" } }))).to.deep.equal(["none", [], true]);
    });

    it("that Azure refuses leaves nothing to be remembered, and the one that is there as it was", async () => {
      await place("bm9uZSBvZiB0aGUgYWNjb3VudCdz");
      const keyed = lake({ accountKeySecretId: secretId });
      const refused = await checked("datastore", keyed);
      const updating = await failureOf(provider.client.update(it_, refused));
      expect(updating.message).to.contain("none of the storage account");
      expect(keptAfter(updating)).to.equal(undefined);
      expect(await properties(it_.id)).to.deep.include({
        credentials: { credentialsType: "None" },
        tags: { team: "risk" },
      });
      const creating = await failureOf(
        provider.client.create(type, "other", { ...refused, name: "other_lake" }),
      );
      expect(keptAfter(creating)).to.equal(undefined);
      expect(await status(`${azure.id}/datastores/other_lake`)).to.equal(404);
    });

    it("takes the key from the vault, becomes the default, and other people's tags stay", async () => {
      await place(keys[0] ?? "");
      await azure.ml("PUT", it_.id, {
        properties: {
          datastoreType: "AzureBlob",
          credentials: { credentialsType: "None" },
          tags: { team: "risk", theirs: "kept" },
        },
      });
      const wish = lake({ accountKeySecretId: secretId, isDefault: true, tags: { stage: "live" } });
      it_ = await provider.client.update(it_, await checked("datastore", wish, it_.inputs));
      expect(it_.outputs["secretVersion"]).to.match(/^[0-9a-f]{32}$/);
      expect(await properties(it_.id)).to.deep.include({
        credentials: { credentialsType: "AccountKey" },
        isDefault: true,
        tags: { theirs: "kept", stage: "live" },
      });
      expect((await azure.ml("POST", `${it_.id}/listSecrets`))["key"]).to.equal(keys[0]);
      const seen = await provider.client.refresh(it_);
      expect((await provider.client.diff(it_, seen?.inputs ?? {})).kind).to.equal("none");
    });

    it("is planned to take a rotated key, and takes it", async () => {
      await place(keys[1] ?? "");
      const wish = lake({ accountKeySecretId: secretId, isDefault: true, tags: { stage: "live" } });
      const news = await checked("datastore", wish, it_.inputs);
      expect(planOf(await provider.client.diff(it_, news))).to.deep.equal(["some", [], true]);
      it_ = await provider.client.update(it_, news);
      expect((await azure.ml("POST", `${it_.id}/listSecrets`))["key"]).to.equal(keys[1]);
    });

    it("stays where it is the default; where it isn't, it goes, for a refresh and for a second delete too", async () => {
      await provider.client.delete(it_);
      expect(await status(it_.id)).to.equal(200);
      const own = { datastoreType: "AzureBlob", credentials: { credentialsType: "None" }, isDefault: true };
      await azure.ml("PUT", `${azure.id}/datastores/workspaceblobstore`, { properties: own });
      await provider.client.delete(it_);
      expect(await status(it_.id)).to.equal(404);
      expect(await provider.client.refresh(it_)).to.equal(undefined);
      await provider.client.delete(it_);
    });

    it("of another's storage is left alone", async () => {
      const storage = { kind: "AzureBlob", accountId: account, containerName: "not-azure-mls" };
      const creating = await failureOf(created("datastore", lake({ name: "workspaceblobstore", storage })));
      expect(creating.message).to.contain("leads to other storage");
    });
  });

  describe("a version", () => {
    const files = mkdtempSync(join(tmpdir(), "pulumi-azureml-assets-"));
    const data = (more: JsonObject = {}): JsonObject => ({
      workspaceId: azure.id,
      collection: "data",
      name: "shops",
      definition: { dataType: "mltable" },
      path: join(files, "table"),
      onDelete: "retain",
      ...more,
    });
    let first: Remembered;

    before(() => cpSync(assetFixture(), files, { recursive: true }));
    after(() => rmSync(files, { recursive: true, force: true }));

    it("passes what is not known yet, in every place, and has no digest then", async () => {
      for (const kind of ["data", "code", "environment"] as const)
        for (const part of ["definition", "path"])
          expect((await checked(kind, data({ [part]: UNKNOWN })))["digest"]).to.equal(UNKNOWN);
      const elsewhere = data({ workspaceId: UNKNOWN, name: UNKNOWN, tags: UNKNOWN, onDelete: UNKNOWN });
      expect((await checked("data", elsewhere))["digest"]).to.match(/^[0-9a-f]{64}$/);
    });

    it("of files that are not there is refused by the property that names them", async () => {
      const nowhere = { ...data({ path: join(files, "nowhere") }), __provider: texts.data };
      const { failures } = await provider.client.check(type, "it", nowhere);
      expect(failures["path"]).to.contain("there is no such file or folder");
    });

    it("that Azure refuses after its files were sent is nothing to be remembered, and is made once it may be", async () => {
      const blocker = `${azure.id}/data/shops`;
      await azure.ml("PUT", `${blocker}/versions/1`, {
        properties: { dataType: "uri_file", dataUri: "https://example.org/shops.csv" },
      });
      const inputs = await checked("data", data({ tags: { stage: "test" } }));
      const refused = await failureOf(provider.client.create(type, "it", inputs));
      expect(refused.message).to.contain("uri_file");
      expect(keptAfter(refused)).to.equal(undefined);
      await azure.ml("DELETE", blocker);
      first = await provider.client.create(type, "it", inputs);
      const version = String(first.outputs["version"]);
      expect(version).to.equal(`sha256-${String(inputs["digest"]).slice(0, 16)}`);
      expect(first.id).to.equal(`${blocker}/versions/${version}`);
      const { dataUri, tags } = await properties(first.id);
      expect(dataUri).to.match(
        /\/datastores\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{64}\/table\/$/,
      );
      expect(tags).to.deep.equal({ stage: "test" });
    });

    it("of the same content is taken on, and shows no change afterwards", async () => {
      const again = await created("data", data({ tags: { stage: "test" } }));
      expect(again.id).to.equal(first.id);
      const seen = await provider.client.refresh(first);
      expect((await provider.client.diff(first, seen?.inputs ?? {})).kind).to.equal("none");
    });

    it("is described in place, with tags of others kept; a refresh shows what became of the declared ones", async () => {
      const live = await properties(first.id);
      await azure.ml("PUT", first.id, {
        properties: { ...live, tags: { stage: "changed", theirs: "kept" } },
      });
      const seen = await provider.client.refresh(first);
      expect(seen?.inputs["tags"]).to.deep.equal({ stage: "changed" });
      const news = await checked("data", data({ tags: { stage: "live" }, description: "Sales" }));
      expect(planOf(await provider.client.diff(first, news))).to.deep.equal(["some", [], false]);
      first = await provider.client.update(first, news);
      expect(await properties(first.id)).to.deep.include({
        description: "Sales",
        tags: { stage: "live", theirs: "kept" },
      });
    });

    it("of other content is planned and made beside the first", async () => {
      appendFileSync(join(files, "table", "points.csv"), "3,4\n");
      const news = await checked("data", data());
      expect(planOf(await provider.client.diff(first, news))).to.deep.equal(["some", ["digest"], false]);
      const second = await provider.client.create(type, "it", news);
      expect(second.id).to.not.equal(first.id);
      expect(await status(first.id)).to.equal(200);
    });

    it("whose files change after the preview is not made", async () => {
      const news = await checked("data", data({ name: "moving" }));
      writeFileSync(join(files, "table", "points.csv"), "x,y\n");
      const failed = await failureOf(provider.client.create(type, "it", news));
      expect(failed.message).to.contain("the files changed while the command ran");
      expect(await status(`${azure.id}/data/moving`)).to.equal(404);
    });

    it("stays unless `delete` is asked for; deleted, it is gone for a refresh, an update says so, and a second delete is done", async () => {
      await provider.client.delete(first);
      expect(await status(first.id)).to.equal(200);
      const mine = { ...first, outputs: { ...first.outputs, onDelete: "delete" } };
      await provider.client.delete(mine);
      expect(await provider.client.refresh(first)).to.equal(undefined);
      const updating = await failureOf(
        provider.client.update(first, { ...first.inputs, description: "late" }),
      );
      expect(updating.message).to.contain("this version is gone");
      await provider.client.delete(mine);
    });

    it("of code is its folder's address, and is the same version where only times differ", async () => {
      const code = {
        workspaceId: azure.id,
        collection: "codes",
        name: "churn",
        definition: {},
        path: join(files, "scoring"),
        onDelete: "retain",
      };
      const made = await created("code", code);
      expect((await properties(made.id))["codeUri"]).to.match(
        /^https:\/\/stassets\.blob\.core\.windows\.net\/.+\/LocalUpload\/[0-9a-f]{64}\/scoring$/,
      );
      utimesSync(join(files, "scoring", "score.py"), 1, 1);
      expect((await created("code", code)).id).to.equal(made.id);
      appendFileSync(join(files, "scoring", "score.py"), "# another line\n");
      expect((await created("code", code)).id).to.not.equal(made.id);
    });

    it("of an environment is made from its build context, and from an image with the conda file's text", async () => {
      const environment = { workspaceId: azure.id, collection: "environments", name: "churn" };
      const built = await created("environment", {
        ...environment,
        definition: { osType: "Linux", build: { dockerfilePath: "gpu.Dockerfile" } },
        path: join(files, "image"),
        onDelete: "retain",
      });
      const { build } = (await properties(built.id)) as { build: JsonObject };
      expect(build["dockerfilePath"]).to.equal("gpu.Dockerfile");
      expect(build["contextUri"]).to.match(
        /^https:\/\/stassets\.blob\.core\.windows\.net\/.+\/LocalUpload\/[0-9a-f]{64}\/image\/$/,
      );
      const condaFile = readFileSync(join(files, "conda.yaml"), "utf8");
      const definition = { osType: "Linux", image: "mcr.microsoft.com/azureml/minimal:1", condaFile };
      const installed = await created("environment", { ...environment, definition, onDelete: "retain" });
      expect(await properties(installed.id)).to.deep.include(definition);
      expect(installed.id).to.not.equal(built.id);
    });
  });

  describe("what was said", () => {
    it("has no key in it", () => {
      for (const key of keys) expect(provider.progress()).to.not.contain(key);
    });
  });
});
