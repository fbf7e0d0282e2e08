import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import {
  DataAsset,
  Datastore,
  Environment,
  type DataAssetArgs,
  type DatastoreArgs,
  type EnvironmentArgs,
} from "../../components";
import { assetFixture } from "../helpers/asset-fixtures";
import { GROUP_ID, runProgram, WORKSPACE_ID, type Program } from "../helpers/pulumi-mocks";

const dynamic = "pulumi-nodejs:dynamic/pulumi-azureml";
const accountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`;
const described = { description: "What the shops sent", tags: { team: "risk" } };

/** What the program registers, and its one dynamic resource's inputs without the provider's text. */
async function declared(
  declare: (opts: pulumi.ComponentResourceOptions) => unknown,
): Promise<{ program: Program; registered: unknown[][]; inputs: object }> {
  const program = await runProgram(() => declare({ protect: true }));
  const { __provider, ...inputs } = program.named("it").inputs;
  expect(__provider).to.be.a("string");
  return {
    program,
    registered: program.resources.map(({ type, name, parent, protect }) => [type, name, parent, protect]),
    inputs,
  };
}

/** The component and the one resource below it, which the stack's protection does not reach. */
function one(kind: string): unknown[][] {
  return [
    [`pulumi-azureml:index:${kind}`, "it", "", true],
    [`${dynamic}:${kind}`, "it", `pulumi-azureml:index:${kind}::it`, false],
  ];
}

describe("Datastore", () => {
  const datastore: DatastoreArgs = {
    workspaceId: WORKSPACE_ID,
    datastoreName: "lake",
    storage: { kind: "AzureBlob", accountId, containerName: "raw" },
  };
  const datastoreOf = async (args: Partial<DatastoreArgs> = {}): ReturnType<typeof declared> =>
    await declared((opts) => new Datastore("it", { ...datastore, ...args }, opts));

  it("is one resource that names its storage, and has no key", async () => {
    const { program, registered, inputs } = await datastoreOf();
    expect(registered).to.deep.equal(one("Datastore"));
    expect(inputs).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      name: "lake",
      storage: { kind: "AzureBlob", accountId, containerName: "raw" },
    });
    expect(program.outputs.get("it")).to.deep.equal({
      id: `${WORKSPACE_ID}/datastores/lake`,
      name: "lake",
      uri: "azureml://datastores/lake/paths/",
    });
  });

  it("passes on all that is declared: the address of a key, never a key", async () => {
    const args = {
      storage: { kind: "AzureFile", accountId, fileShareName: "raw" },
      accountKeySecretId: "https://kv-test.vault.azure.net/secrets/storage-key",
      serviceDataAccessIdentity: "WorkspaceSystemAssignedIdentity",
      isDefault: true,
      ...described,
    } as const;
    expect((await datastoreOf(args)).inputs).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      name: "lake",
      ...args,
    });
  });

  it("takes storage that another resource makes", async () => {
    const storage = {
      kind: "AzureDataLakeGen2",
      accountId: pulumi.output(accountId),
      filesystem: pulumi.output("raw"),
    } as const;
    expect((await datastoreOf({ storage })).inputs).to.deep.include({
      storage: { kind: "AzureDataLakeGen2", accountId, filesystem: "raw" },
    });
  });
});

describe("Environment", () => {
  const environment = { workspaceId: WORKSPACE_ID, environmentName: "churn" };
  const environmentOf = async (args: Partial<EnvironmentArgs>): ReturnType<typeof declared> =>
    await declared((opts) => new Environment("it", { ...environment, ...args }, opts));
  const image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1";

  it("of an image is one version, which outlives the program", async () => {
    const { program, registered, inputs } = await environmentOf({ image });
    expect(registered).to.deep.equal(one("Environment"));
    expect(inputs).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      collection: "environments",
      name: "churn",
      definition: { osType: "Linux", image },
      onDelete: "retain",
    });
    expect(program.outputs.get("it")).to.deep.include({
      id: `${WORKSPACE_ID}/environments/churn/versions/sha256-7777777777777777`,
      name: "churn",
      version: "sha256-7777777777777777",
    });
  });

  it("has the conda file's text, not its path", async () => {
    const condaFile = assetFixture("conda.yaml");
    expect(
      (await environmentOf({ image, condaFile, ...described, onDelete: "delete" })).inputs,
    ).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      collection: "environments",
      name: "churn",
      definition: { osType: "Linux", image, condaFile: readFileSync(condaFile, "utf8") },
      ...described,
      onDelete: "delete",
    });
  });

  it("of a build context uploads the folder, and builds `Dockerfile` where no other is named", async () => {
    const path = assetFixture("image");
    for (const [dockerfile, dockerfilePath] of [
      [undefined, "Dockerfile"],
      ["gpu.Dockerfile", "gpu.Dockerfile"],
    ] as const) {
      const build = { path, ...(dockerfile === undefined ? {} : { dockerfile }) };
      expect((await environmentOf({ build })).inputs).to.deep.equal({
        workspaceId: WORKSPACE_ID,
        collection: "environments",
        name: "churn",
        definition: { osType: "Linux", build: { dockerfilePath } },
        path,
        onDelete: "retain",
      });
    }
  });
});

describe("DataAsset", () => {
  const dataOf = async (
    args: Pick<DataAssetArgs, "type" | "path"> & Partial<DataAssetArgs>,
  ): ReturnType<typeof declared> =>
    await declared(
      (opts) => new DataAsset("it", { workspaceId: WORKSPACE_ID, dataName: "shops", ...args }, opts),
    );

  it("of an address is one version that names it, and uploads nothing", async () => {
    const dataUri = "azureml://datastores/lake/paths/shops/";
    const { program, registered, inputs } = await dataOf({ type: "uri_folder", path: dataUri, ...described });
    expect(registered).to.deep.equal(one("DataAsset"));
    expect(inputs).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      collection: "data",
      name: "shops",
      definition: { dataType: "uri_folder", dataUri },
      ...described,
      onDelete: "retain",
    });
    expect(program.outputs.get("it")).to.deep.include({
      id: `${WORKSPACE_ID}/data/shops/versions/sha256-7777777777777777`,
      name: "shops",
      version: "sha256-7777777777777777",
    });
  });

  it("of files here uploads them, and leaves their address to the upload", async () => {
    for (const [type, path] of [
      ["mltable", assetFixture("table")],
      ["uri_file", assetFixture("table", "points.csv")],
    ] as const)
      expect((await dataOf({ type, path, onDelete: "delete" })).inputs).to.deep.equal({
        workspaceId: WORKSPACE_ID,
        collection: "data",
        name: "shops",
        definition: { dataType: type },
        path,
        onDelete: "delete",
      });
  });

  it("below a datastore of the same program comes after it", async () => {
    const { resources } = await runProgram(() => {
      const lake = new Datastore("lake", {
        workspaceId: WORKSPACE_ID,
        datastoreName: "lake",
        storage: { kind: "AzureBlob", accountId, containerName: "raw" },
      });
      const path = pulumi.interpolate`${lake.uri}shops/`;
      return new DataAsset("it", { workspaceId: WORKSPACE_ID, dataName: "shops", type: "uri_folder", path });
    });
    const data = resources.find(({ type }) => type === `${dynamic}:DataAsset`);
    expect(data?.after).to.include(`${dynamic}:Datastore::lake`);
    expect(data?.inputs["definition"]).to.deep.equal({
      dataType: "uri_folder",
      dataUri: "azureml://datastores/lake/paths/shops/",
    });
  });
});
