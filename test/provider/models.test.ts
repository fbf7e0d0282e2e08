import { expect } from "chai";
import execa from "execa";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import { CustomModelVersion, MlflowModelVersion } from "../../providers/models/resource";
import { exampleModelFolder, packageRoot, python } from "../../tools/paths";
import { archiveOf } from "../helpers/archives";
import { providerText, startDynamicProvider, type DynamicProvider } from "../helpers/dynamic-provider";
import { leaksIn } from "../helpers/leaks";
import { LocalAzure } from "../helpers/local-azure";
import type { Remembered } from "../helpers/provider-client";

const type = "pulumi-nodejs:dynamic/pulumi-azureml:Some";
const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-models`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stmodels`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-models`;
const insights = `${group}/providers/Microsoft.Insights/components/appi-models`;
const ml = `${group}/providers/Microsoft.MachineLearningServices`;
const dev = `${ml}/workspaces/mlw-dev`;
const prod = `${ml}/workspaces/mlw-prod`;
const registry = `${ml}/registries/mlr-shared`;
const location = "westeurope";
const api = "2025-12-01";

/** Logs a small model by MLflow's own client and the workspace's plug-in: prints the run's id. */
const LOG = `
import mlflow, numpy
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
with mlflow.start_run() as run:
    mlflow.sklearn.log_model(model, "model", input_example=numpy.array([[0.5]]))
print(run.info.run_id)
`;

/** Puts blobs into a container, as a client that tells no digest of them, and prints a signature that reads them. */
const SHARE = `
const { BlobServiceClient, ContainerSASPermissions, generateBlobSASQueryParameters } = require("@azure/storage-blob");
const { credential } = require("./dist/providers/clients/credential");
(async () => {
  const service = new BlobServiceClient(process.argv[1], credential());
  const container = service.getContainerClient("shared");
  await container.createIfNotExists();
  for (const [name, bytes] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8"))))
    await container.getBlockBlobClient(name).uploadData(Buffer.from(bytes, "base64"));
  const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const key = await service.getUserDelegationKey(startsOn, expiresOn);
  const permissions = ContainerSASPermissions.parse("rl");
  const grant = { containerName: "shared", permissions, startsOn, expiresOn };
  console.log(generateBlobSASQueryParameters(grant, key, service.accountName).toString());
})();
`;

interface Live {
  readonly properties: { readonly modelUri: string; readonly tags: Record<string, string> } & {
    readonly properties: Record<string, string>;
  };
}

/** Models from everywhere to everywhere, by Pulumi's own provider process on the local Azure; the steps build on one another. */
describe("versions of models on the local Azure", () => {
  const azure = new LocalAzure();
  const folder = join(azure.paths.folder, "model");
  let providers: DynamicProvider[] = [];
  let mlflow: string;
  let custom: string;

  const arm = async <T>(method: string, id: string, apiVersion: string, body?: object): Promise<T> => {
    const script = `require("./dist/providers/clients/arm").arm()[process.argv[1]](process.argv[2], JSON.parse(process.argv[3]))
      .then((answer) => console.log(JSON.stringify(answer ?? null)))`;
    const request = JSON.stringify({ apiVersion, ...(body === undefined ? {} : { body }) });
    const { stdout } = await execa(process.execPath, ["-e", script, method, id, request], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return JSON.parse(stdout) as T;
  };
  const live = async (id: string): Promise<Live> => await arm<Live>("read", id, api);
  const provider = (): DynamicProvider => providers[0] as DynamicProvider;

  async function checked(inputs: JsonObject, text = mlflow, by = provider()): Promise<JsonObject> {
    const whole = { onDelete: "retain", name: "churn", ...inputs, __provider: text };
    const answer = await by.client.check(type, "it", whole);
    expect(answer.failures).to.deep.equal({});
    return answer.inputs;
  }
  /** Waits for a line of progress: it comes by another way than the answer. */
  async function said(line: RegExp): Promise<void> {
    for (let look = 0; look < 200 && !line.test(provider().progress()); look++) await wait(50);
    expect(provider().progress()).to.match(line);
  }
  async function created(inputs: JsonObject, text = mlflow, by = provider()): Promise<Remembered> {
    return await by.client.create(type, "it", await checked(inputs, text, by));
  }

  before(async () => {
    await azure.start();
    const args = { name: "m", onDelete: "retain" };
    mlflow = String(await providerText(() => new MlflowModelVersion("m", args)));
    custom = String(await providerText(() => new CustomModelVersion("c", args)));
    providers = await Promise.all([1, 2].map(async () => await startDynamicProvider(azure.environment())));
    cpSync(exampleModelFolder, folder, { recursive: true });
    await arm("put", group, "2024-03-01", { location });
    await arm("put", account, "2024-01-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { allowSharedKeyAccess: false },
    });
    const sku = { family: "A", name: "standard" };
    const secure = { tenantId: TENANT_ID, sku, enableRbacAuthorization: true };
    await arm("put", vault, "2024-11-01", { location, properties: secure });
    const web = { location, kind: "web", properties: { Application_Type: "web" } };
    await arm("put", insights, "2020-02-02", web);
    for (const id of [dev, prod])
      await arm("put", id, api, {
        location,
        identity: { type: "SystemAssigned" },
        properties: { storageAccount: account, keyVault: vault, applicationInsights: insights },
      });
    const acr = { systemCreatedAcrAccount: { acrAccountSku: "Premium" } };
    const store = {
      systemCreatedStorageAccount: { storageAccountType: "Standard_LRS", storageAccountHnsEnabled: false },
    };
    await arm("put", registry, api, {
      location,
      identity: { type: "SystemAssigned" },
      properties: { regionDetails: [{ location, acrDetails: [acr], storageAccountDetails: [store] }] },
    });
    const role = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;
    const properties = {
      principalId: DEPLOYER.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: role,
    };
    const assignment = `${account}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-0000000000ab`;
    await arm("put", assignment, "2022-04-01", { properties });
  });

  after(async () => {
    for (const each of providers) await each.stop();
    await azure.remove();
  });

  let first: Remembered;
  let shared: Remembered;

  it("two processes that register the same bytes at once end with one version", async () => {
    const [one, other] = await Promise.all(
      providers.map(
        async (each) =>
          await created({ workspaceId: dev, path: folder, aliases: ["champion"] }, mlflow, each),
      ),
    );
    expect(one?.id).to.equal(`${dev}/models/churn/versions/1`);
    expect(other?.id).to.equal(one?.id);
    first = one as Remembered;
    expect((await live(first.id)).properties.tags).to.deep.equal({ "alias.champion": "true" });
  });

  it("two processes that register different bytes at once end with a version each", async () => {
    const made = await Promise.all(
      providers.map(async (each, index) => {
        const copy = join(azure.paths.folder, `copy-${index}`, "model");
        cpSync(folder, copy, { recursive: true });
        writeFileSync(join(copy, "notes.txt"), `written by ${index}\n`);
        return await created({ workspaceId: dev, path: copy, name: "race" }, mlflow, each);
      }),
    );
    expect(made.map(({ outputs }) => outputs["version"]).sort()).to.deep.equal(["1", "2"]);
    for (const { id, outputs } of made) {
      const { properties } = (await live(id)).properties;
      expect(properties["pulumi-azureml.digest"]).to.equal(outputs["digest"]);
    }
  });

  it("a plan says what a new version is made of, and which number it gets", async () => {
    const copy = join(azure.paths.folder, "copy-0", "model");
    const inputs = await checked({ workspaceId: dev, path: copy });
    const change = await provider().client.diff(first, inputs);
    expect(change).to.deep.include({ kind: "some", replaces: ["digest"] });
    await said(/churn: new version, 2 as it stands: 1 file added, \d+\.\d kB in all/);
    const same = await provider().client.diff(first, await checked({ workspaceId: dev, path: folder }));
    expect(same.replaces).to.deep.equal([]);
    await said(/churn: no change/);
  });

  it("a version goes into a registry, and on into another workspace, as the very bytes that it was", async () => {
    shared = await created({ registryId: registry, source: first.id });
    expect(shared.id).to.equal(`${registry}/models/churn/versions/1`);
    const promoted = await created({ workspaceId: prod, source: shared.id });
    const digests = [first, shared, promoted].map(({ outputs }) => outputs["digest"]);
    expect(new Set(digests).size).to.equal(1);
    const { properties } = (await live(promoted.id)).properties;
    expect(properties["pulumi-azureml.source"]).to.equal(shared.id);
    const again = await provider().client.diff(
      promoted,
      await checked({ workspaceId: prod, source: shared.id }),
    );
    expect(again.kind).to.equal("none");
  });

  it("a promotion whose bytes are others by now is refused", async () => {
    const inputs = await checked({ workspaceId: prod, source: first.id, name: "other" });
    const digest = "0".repeat(64);
    const failed = await provider()
      .client.create(type, "it", { ...inputs, digest })
      .then(
        () => "registered",
        (error: Error) => error.message,
      );
    expect(failed).to.contain("changed while the command ran");
    expect(await arm("read", `${prod}/models/other`, api)).to.equal(null);
  });

  it("an alias and an address of a datastore lead to a version's files", async () => {
    const { modelUri } = (await live(first.id)).properties;
    for (const source of ["models:/churn@champion", "models:/churn/1", modelUri]) {
      const found = await created({ workspaceId: dev, source, name: "taken" });
      expect([found.id, found.outputs["digest"]]).to.deep.equal([
        `${dev}/models/taken/versions/1`,
        first.outputs["digest"],
      ]);
    }
  });

  it("what a job put out is registered with its lineage, once the job is completed", async () => {
    const jobId = `${dev}/jobs/quiet_river`;
    const job = (status: string): object => ({
      properties: {
        jobType: "Command",
        command: "python train.py",
        environmentId: `${dev}/environments/train/versions/1`,
        properties: { "azureml.git.commit": "4f2a" },
        outputs: {
          model: {
            jobOutputType: "mlflow_model",
            uri: /azureml:.*/.exec(modelUri)?.[0].replace(/\/model$/, ""),
          },
        },
        status,
      },
    });
    const { modelUri } = (await live(first.id)).properties;
    const source = "azureml://jobs/quiet_river/outputs/model/paths/model";
    const inputs = { workspaceId: dev, source, name: "trained", onDelete: "retain", __provider: mlflow };
    await arm("put", jobId, api, job("Running"));
    const { failures } = await provider().client.check(type, "it", inputs);
    expect(failures["source"]).to.contain("the job is Running");
    await arm("put", jobId, api, job("Completed"));
    const trained = await created(inputs);
    expect(trained.outputs["digest"]).to.equal(first.outputs["digest"]);
    expect((await live(trained.id)).properties.properties).to.include({
      "pulumi-azureml.source": source,
      "pulumi-azureml.jobName": "quiet_river",
      "mlflow.source.git.commit": "4f2a",
    });
    const wrong = { ...inputs, source: "azureml://jobs/quiet_river/outputs/data" };
    expect((await provider().client.check(type, "it", wrong)).failures["source"]).to.contain(
      "Allowed: artifacts, default, model",
    );
  });

  it("what a run logged is registered as the run's own client logged it", async () => {
    const workspace = await arm<{ properties: { mlFlowTrackingUri: string } }>("read", dev, api);
    const env = { ...azure.environment(), MLFLOW_TRACKING_URI: workspace.properties.mlFlowTrackingUri };
    const { stdout } = await execa(python, ["-c", LOG], { env, cwd: azure.paths.folder, extendEnv: false });
    const runId = stdout.trim().split("\n").at(-1) ?? "";
    const inputs = { workspaceId: dev, source: `runs:/${runId}/model`, name: "logged" };
    const logged = await created(inputs);
    expect(logged.id).to.equal(`${dev}/models/logged/versions/1`);
    expect((await live(logged.id)).properties.properties["pulumi-azureml.runId"]).to.equal(runId);
    const again = await provider().client.diff(logged, await checked(inputs));
    expect(again.kind).to.equal("none");
    const none = { onDelete: "retain", ...inputs, source: "runs:/none/model", __provider: mlflow };
    expect((await provider().client.check(type, "it", none)).failures["source"]).to.contain(
      "there are no files",
    );
  });

  it("a folder and an archive of blobs are taken as who runs the command, and by a signature that nobody gets to read", async () => {
    const archive = archiveOf("tgz", [{ name: "MLmodel", bytes: readFileSync(join(folder, "MLmodel")) }]);
    const put = {
      "theirs/model/MLmodel": readFileSync(join(folder, "MLmodel"), "base64"),
      "theirs/model.tgz": archive.toString("base64"),
    };
    const share = async (): Promise<string> => {
      const { stdout } = await execa(
        process.execPath,
        ["-e", SHARE, "https://stmodels.blob.core.windows.net"],
        {
          cwd: packageRoot(),
          env: azure.environment(),
          input: JSON.stringify(put),
        },
      );
      return stdout.trim();
    };
    const sas = await share();
    const planted = { signature: decodeURIComponent(/sig=([^&]+)/.exec(sas)?.[1] ?? "") };
    const place = "https://stmodels.blob.core.windows.net/shared/theirs/model";
    const digests = new Set<unknown>();
    for (const address of [place, `${place}.tgz`]) {
      for (const source of [address, `${address}?${sas}`]) {
        const inputs = { workspaceId: dev, source, name: "theirs" };
        const made = await created(inputs);
        digests.add(made.outputs["digest"]);
        expect(await provider().client.diff(made, await checked(inputs))).to.deep.include({ kind: "none" });
        const { properties } = await live(made.id);
        expect(properties.properties["pulumi-azureml.source"]).to.equal(place);
        const shown = JSON.stringify([properties, { ...made.outputs, source: undefined }]);
        expect(leaksIn(shown + provider().progress(), planted)).to.deep.equal([]);
        // The search finds it where the program has put it.
        if (source !== address) expect(leaksIn(JSON.stringify(made.outputs), planted)).to.not.deep.equal([]);
      }
    }
    expect([...digests]).to.have.length(1);

    // Put there once more, the same bytes look like others to a plan; what replaces the version is the version.
    const inputs = { workspaceId: dev, source: place, name: "again", onDelete: "delete" };
    const before_ = await created(inputs);
    await share();
    const news = await checked(inputs);
    expect((await provider().client.diff(before_, news)).replaces).to.deep.equal(["address"]);
    expect((await provider().client.create(type, "it", news)).id).to.equal(before_.id);
    await provider().client.delete(before_);
    expect(await arm("read", before_.id, api)).to.not.equal(null);

    const wrong = { workspaceId: dev, source: `${place}?${sas.replace("sp=rl", "sp=rwl")}`, name: "wrong" };
    const unread = await checked(wrong);
    await said(/theirs\/model: could not be read \(AuthenticationFailed\)/);
    const failed = await provider()
      .client.create(type, "it", unread)
      .then(String, (error: Error) => error.message);
    expect(failed).to.match(/AuthenticationFailed|not authorized|Signature/i);
    expect(leaksIn(failed + provider().progress(), planted)).to.deep.equal([]);
  });

  it("an alias moves from version to version, and a refresh sees one that is gone", async () => {
    const copy = join(azure.paths.folder, "copy-1", "model");
    const second = await created({ workspaceId: dev, path: copy, aliases: ["champion"] });
    expect((await live(first.id)).properties.tags).to.deep.equal({});
    expect((await provider().client.refresh(first))?.inputs["aliases"]).to.deep.equal([]);
    expect((await provider().client.refresh(second))?.inputs["aliases"]).to.deep.equal(["champion"]);
  });

  it("what the fix adds is in the copy alone, and makes another version", async () => {
    const bare = join(azure.paths.folder, "bare");
    cpSync(folder, bare, { recursive: true });
    writeFileSync(join(bare, "requirements.txt"), "mlflow<3");
    writeFileSync(join(bare, "conda.yaml"), "dependencies:\n  - python=3.11\n  - pip:\n      - mlflow<3\n");
    const plain = await created({ workspaceId: dev, path: bare, name: "fixed" });
    const mended = await created({ workspaceId: dev, path: bare, name: "fixed", fix: true });
    expect([plain.outputs["version"], mended.outputs["version"]]).to.deep.equal(["1", "2"]);
    const unfixed = await checked({ workspaceId: dev, path: bare, name: "fixed" });
    expect(unfixed["digest"]).to.equal(plain.outputs["digest"]);
    // The mended copy, read back, lacks nothing that the fix would add.
    const read = await checked({ workspaceId: dev, source: mended.id, name: "fixed", fix: true });
    expect(read["digest"]).to.equal(mended.outputs["digest"]);
  });

  it("an archive, and assets put together, are the version that their folder is", async () => {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? [{ name: relative(folder, path), bytes: readFileSync(path) }] : [];
    });
    for (const kind of ["zip", "tar", "tgz"] as const) {
      const path = join(azure.paths.folder, `packed.${kind}`);
      writeFileSync(path, archiveOf(kind, entries));
      expect((await created({ workspaceId: dev, path, name: "churn" })).id).to.equal(first.id);
      // Under another name every byte is read from the archive and sent.
      const other = await created({ workspaceId: dev, path, name: `packed-${kind}` });
      expect(other.outputs["digest"]).to.equal(first.outputs["digest"]);
    }
    const [one, ...others] = entries.map(({ name }) => [name, { file: join(folder, name) }] as const);
    const text = { text: readFileSync(join(folder, String(one?.[0])), "utf8") };
    const files = { ...Object.fromEntries(others), [String(one?.[0])]: text };
    const assets = await created({ workspaceId: dev, path: { files }, name: "assets" });
    expect(assets.outputs["digest"]).to.equal(first.outputs["digest"]);
  });

  it("an archive or assets that lead out of the model's folder, or hold no model, are refused for the plan", async () => {
    const refused = async (path: JsonObject | string): Promise<string | undefined> => {
      const inputs = { onDelete: "retain", name: "churn", workspaceId: dev, path, __provider: mlflow };
      return (await provider().client.check(type, "it", inputs)).failures["path"];
    };
    const packed = join(azure.paths.folder, "wrong.zip");
    writeFileSync(packed, archiveOf("zip", [{ name: "../MLmodel", bytes: Buffer.from("x") }]));
    expect(await refused(packed)).to.contain("../MLmodel");
    expect(await refused({ files: { "../MLmodel": { text: "x" } } })).to.contain("../MLmodel");
    expect(await refused({ files: { MLmodel: { file: folder } } })).to.contain("is a folder");
    writeFileSync(packed, archiveOf("zip", [{ name: "model/MLmodel", bytes: Buffer.from("x") }]));
    expect(await refused(packed)).to.contain("there is model/MLmodel: name, or pack, the folder");
  });

  it("plain files and a repository of Triton's are versions, too", async () => {
    const files = join(azure.paths.folder, "triton");
    mkdirSync(join(files, "churn", "1"), { recursive: true });
    writeFileSync(join(files, "churn", "1", "model.onnx"), "bytes");
    const inputs = { workspaceId: dev, path: files, name: "onnx" };
    const triton = await created({ ...inputs, type: "triton_model" }, custom);
    const { properties } = await arm<{ properties: { modelType: string } }>("read", triton.id, api);
    expect(properties.modelType).to.equal("triton_model");
    const plain = { ...inputs, path: join(files, "churn"), type: "triton_model", onDelete: "retain" };
    const { failures } = await provider().client.check(type, "it", { ...plain, __provider: custom });
    expect(failures["path"]).to.contain("NAME/1/model.onnx");
  });
});
