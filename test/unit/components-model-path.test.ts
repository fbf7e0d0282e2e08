import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { resolve } from "node:path";
import { CustomModel, type CustomModelArgs } from "../../components";
import { localPlace } from "../../components/model-path";
import { runProgram, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const { FileArchive, AssetArchive, FileAsset, StringAsset, RemoteArchive, RemoteAsset } = pulumi.asset;

async function pathOf(path: CustomModelArgs["path"]): Promise<unknown> {
  const args = { workspaceId: WORKSPACE_ID, modelName: "churn", ...(path === undefined ? {} : { path }) };
  const program = await runProgram(() => new CustomModel("it", args));
  const [version] = program.of("pulumi-nodejs:dynamic/pulumi-azureml:CustomModel");
  return version?.inputs["path"];
}

describe("a model's path", () => {
  it("may be Pulumi's assets, which reach the provider as paths below the program's own folder", async () => {
    const archive = new AssetArchive({
      "model.pkl": new FileAsset(resolve("models/model.pkl")),
      "notes.txt": new StringAsset("of the third run"),
      code: new FileArchive("src.zip"),
    });
    const files = {
      "model.pkl": { file: "models/model.pkl" },
      "notes.txt": { text: "of the third run" },
      code: "src.zip",
    };
    expect(await pathOf(archive)).to.deep.equal({ files });
    expect(await pathOf(pulumi.output(archive))).to.deep.equal({ files });
    expect(await pathOf(new FileArchive(resolve("model")))).to.equal("model");
    expect(await pathOf(new FileAsset("model.zip"))).to.deep.equal({ file: "model.zip" });
  });

  it("is none that is elsewhere, or a text without a name", async () => {
    const elsewhere = "https://example.com/model.zip?sig=hidden";
    for (const path of [new RemoteArchive(elsewhere), new StringAsset("text")]) {
      const refused = await pathOf(path).then(String, (error: Error) => error.message);
      expect(refused).to.contain("it must be the path of a folder").and.not.to.contain("hidden");
    }
    const within = localPlace(new AssetArchive({ a: new RemoteAsset(elsewhere) }));
    const refused = await (within as unknown as { promise(): Promise<unknown> })
      .promise()
      .then(String, (error: Error) => error.message);
    expect(refused)
      .to.contain("https://example.com/model.zip is not on this machine")
      .and.to.contain("`source`")
      .and.not.to.contain("hidden");
  });
});

describe("a model's source", () => {
  it("is a secret where its address has a query", async () => {
    const inputOf = async (source: string): Promise<unknown> => {
      const args = { workspaceId: WORKSPACE_ID, modelName: "churn", source };
      const program = await runProgram(() => new CustomModel("it", args));
      return program.of("pulumi-nodejs:dynamic/pulumi-azureml:CustomModel")[0]?.inputs["source"];
    };
    const folder = "https://stchurn.blob.core.windows.net/models/churn";
    expect(await inputOf(folder)).to.equal(folder);
    for (const address of [`${folder}?sv=1&sig=planted`, "https://example.com/churn.zip?token=planted"])
      expect(await inputOf(address)).to.include({ value: address });
  });
});
