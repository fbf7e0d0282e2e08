import { expect } from "chai";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  API,
  DEV as dev,
  ModelsAzure,
  PROD as prod,
  REGISTRY as registry,
  TYPE as type,
} from "../helpers/models-azure";
import type { Remembered } from "../helpers/provider-client";

/** Versions of models in workspaces and a registry, by Pulumi's own provider process on the local Azure; the steps build on one another. */
describe("versions of models on the local Azure", () => {
  const models = new ModelsAzure();
  let first: Remembered;
  let shared: Remembered;

  before(async () => await models.start());
  after(async () => await models.close());

  it("two processes that register the same bytes at once end with one version", async () => {
    const [one, other] = await Promise.all(
      models.providers.map(
        async (each) =>
          await models.created(
            { workspaceId: dev, path: models.folder, aliases: ["champion"] },
            models.mlflow,
            each,
          ),
      ),
    );
    expect(one?.id).to.equal(`${dev}/models/churn/versions/1`);
    expect(other?.id).to.equal(one?.id);
    first = one as Remembered;
    expect((await models.live(first.id)).properties.tags).to.deep.equal({ "alias.champion": "true" });
  });

  it("two processes that register different bytes at once end with a version each", async () => {
    const made = await Promise.all(
      models.providers.map(async (each, index) => {
        const copy = join(models.azure.paths.folder, `copy-${index}`, "model");
        cpSync(models.folder, copy, { recursive: true });
        writeFileSync(join(copy, "notes.txt"), `written by ${index}\n`);
        return await models.created({ workspaceId: dev, path: copy, name: "race" }, models.mlflow, each);
      }),
    );
    expect(made.map(({ outputs }) => outputs["version"]).sort()).to.deep.equal(["1", "2"]);
    for (const { id, outputs } of made) {
      const { properties } = (await models.live(id)).properties;
      expect(properties["pulumi-azureml.digest"]).to.equal(outputs["digest"]);
    }
  });

  it("a plan says what a new version is made of, and which number it gets", async () => {
    const copy = join(models.azure.paths.folder, "copy-0", "model");
    const inputs = await models.checked({ workspaceId: dev, path: copy });
    const change = await models.provider.client.diff(first, inputs);
    expect(change).to.deep.include({ kind: "some", replaces: ["digest"] });
    await models.said(/churn: new version, 2 as it stands: 1 file added, \d+\.\d kB in all/);
    const same = await models.provider.client.diff(
      first,
      await models.checked({ workspaceId: dev, path: models.folder }),
    );
    expect(same.replaces).to.deep.equal([]);
    await models.said(/churn: no change/);
  });

  it("a version goes into a registry, and on into another workspace, as the very bytes that it was", async () => {
    shared = await models.created({ registryId: registry, source: first.id });
    expect(shared.id).to.equal(`${registry}/models/churn/versions/1`);
    const promoted = await models.created({ workspaceId: prod, source: shared.id });
    const digests = [first, shared, promoted].map(({ outputs }) => outputs["digest"]);
    expect(new Set(digests).size).to.equal(1);
    const { properties } = (await models.live(promoted.id)).properties;
    expect(properties["pulumi-azureml.source"]).to.equal(shared.id);
    const again = await models.provider.client.diff(
      promoted,
      await models.checked({ workspaceId: prod, source: shared.id }),
    );
    expect(again.kind).to.equal("none");
  });

  it("a promotion whose bytes are others by now is refused", async () => {
    const inputs = await models.checked({ workspaceId: prod, source: first.id, name: "other" });
    const digest = "0".repeat(64);
    const failed = await models.provider.client.create(type, "it", { ...inputs, digest }).then(
      () => "registered",
      (error: Error) => error.message,
    );
    expect(failed).to.contain("changed while the command ran");
    expect(await models.arm("read", `${prod}/models/other`, API)).to.equal(null);
  });

  it("a promotion takes the digest that is expected and no other, and a plan says so", async () => {
    const digest = String(shared.outputs["digest"]);
    const inputs = { workspaceId: prod, source: shared.id, name: "proven" };
    const wrong = {
      ...inputs,
      onDelete: "retain",
      expectedDigest: "0".repeat(64),
      __provider: models.mlflow,
    };
    const { failures } = await models.provider.client.check(type, "it", wrong);
    expect(failures["expectedDigest"]).to.contain(`the model's digest is ${digest}, and 0000`);
    const { properties } = (await models.live(first.id)).properties;
    expect(properties["pulumi-azureml.digest"]).to.equal(digest);
    const made = await models.created({ ...inputs, expectedDigest: digest });
    expect(made.outputs["digest"]).to.equal(digest);
  });

  it("what a plan knows no digest of is refused once it is read, and leaves no version", async () => {
    const { modelUri } = (await models.live(first.id)).properties;
    const source = modelUri.replace(/^azureml:.*\/datastores/, "azureml://datastores");
    const checked = await models.checked({ workspaceId: dev, source, name: "unproven" });
    const { digest, ...inputs } = checked;
    expect(digest).to.equal(first.outputs["digest"]);
    const failed = await models.provider.client
      .create(type, "it", { ...inputs, expectedDigest: "0".repeat(64) })
      .then(
        () => "registered",
        (error: Error) => error.message,
      );
    expect(failed).to.contain(`${"0".repeat(64)} is expected`);
    expect(await models.arm("read", `${dev}/models/unproven/versions/1`, API)).to.equal(null);
  });

  it("an alias moves from version to version, and a refresh sees one that is gone", async () => {
    const copy = join(models.azure.paths.folder, "copy-1", "model");
    const second = await models.created({ workspaceId: dev, path: copy, aliases: ["champion"] });
    expect((await models.live(first.id)).properties.tags).to.deep.equal({});
    expect((await models.provider.client.refresh(first))?.inputs["aliases"]).to.deep.equal([]);
    expect((await models.provider.client.refresh(second))?.inputs["aliases"]).to.deep.equal(["champion"]);
  });

  it("what the fix adds is in the copy alone, and makes another version", async () => {
    const bare = join(models.azure.paths.folder, "bare");
    cpSync(models.folder, bare, { recursive: true });
    writeFileSync(join(bare, "requirements.txt"), "mlflow<3");
    writeFileSync(join(bare, "conda.yaml"), "dependencies:\n  - python=3.11\n  - pip:\n      - mlflow<3\n");
    const plain = await models.created({ workspaceId: dev, path: bare, name: "fixed" });
    const mended = await models.created({ workspaceId: dev, path: bare, name: "fixed", fix: true });
    expect([plain.outputs["version"], mended.outputs["version"]]).to.deep.equal(["1", "2"]);
    const unfixed = await models.checked({ workspaceId: dev, path: bare, name: "fixed" });
    expect(unfixed["digest"]).to.equal(plain.outputs["digest"]);
    // The mended copy, read back, lacks nothing that the fix would add.
    const read = await models.checked({ workspaceId: dev, source: mended.id, name: "fixed", fix: true });
    expect(read["digest"]).to.equal(mended.outputs["digest"]);
  });

  it("plain files and a repository of Triton's are versions, too", async () => {
    const files = join(models.azure.paths.folder, "triton");
    mkdirSync(join(files, "churn", "1"), { recursive: true });
    writeFileSync(join(files, "churn", "1", "model.onnx"), "bytes");
    const inputs = { workspaceId: dev, path: files, name: "onnx" };
    const triton = await models.created({ ...inputs, type: "triton_model" }, models.custom);
    const { properties } = await models.arm<{ properties: { modelType: string } }>("read", triton.id, API);
    expect(properties.modelType).to.equal("triton_model");
    const plain = { ...inputs, path: join(files, "churn"), type: "triton_model", onDelete: "retain" };
    const { failures } = await models.provider.client.check(type, "it", {
      ...plain,
      __provider: models.custom,
    });
    expect(failures["path"]).to.contain("NAME/1/model.onnx");
  });
});
