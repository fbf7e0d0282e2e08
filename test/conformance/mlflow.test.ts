import { expect } from "chai";
import execa from "execa";
import { join } from "node:path";
import type { JsonObject } from "../../local/json";
import { packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";

const versionBody = (modelUri: string): JsonObject => ({
  properties: { modelType: "mlflow_model", modelUri, tags: { by: "arm" }, description: "put" },
});

interface Registered {
  readonly run: string;
  readonly versions: string[];
  readonly sources: string[];
  readonly byVersion: number[][];
  readonly latest: number[];
}

describe("a workspace's MLflow, with unmodified clients behind the door", function () {
  this.timeout(300_000);
  let azure: AzureWorkspace;

  before(async () => {
    azure = await AzureWorkspace.open("mlflow");
  });

  after(async () => await azure.close());

  /** Runs one of mlflow_client.py's promises in a process of its own. */
  async function client<T>(promise: string, env: NodeJS.ProcessEnv = {}): Promise<T> {
    const script = join(packageRoot(), "test", "conformance", "mlflow_client.py");
    const { exitCode, stdout, stderr } = await execa(python, [script, promise], {
      env: { ...azure.environment, ...env },
      extendEnv: false,
      cwd: azure.paths.folder,
      reject: false,
    });
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as T;
  }

  it("tracks experiments, runs, parameters, metrics and artifacts, and finds them again", async () => {
    const tracked = await client<Record<string, unknown>>("track");
    const uri = `azureml://westeurope.api.azureml.ms/mlflow/v2.0${azure.id}/experiments/${String(tracked["experiment"])}/runs/${String(tracked["run"])}/artifacts`;
    expect(tracked).to.deep.include({
      artifactUri: uri,
      foundUri: uri,
      found: [tracked["run"]],
      params: { alpha: "0.5", quoted: '"artifact_uri": "mlflow-artifacts:/1/abc/artifacts"' },
      history: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
      later: [1],
      listed: [
        ["config.json", false],
        ["notes", true],
      ],
      nested: ["notes/hello.txt"],
      text: "hello",
      files: ["config.json", "notes/hello.txt"],
    });
    expect(tracked["again"]).to.match(
      /^UserError: Resource Conflict: ArtifactId ExperimentRun\/dcid\..*\/notes\/hello.txt already exists\.$/,
    );
  });

  let registered: Registered;
  it("registers models from a run, from a folder and while logging; loads them by run, version and latest", async () => {
    registered = await client<Registered>("register");
    expect(registered).to.deep.include({
      versions: ["1", "2", "3"],
      runOfFirst: registered.run,
      models: ["line"],
      byName: ["line"],
      found: ["3", "2", "1"],
      absent: [],
    });
    expect(registered.sources[0]).to.match(
      /^azureml:\/\/westeurope\.api\.azureml\.ms\/mlflow\/v2\.0\/.*\/artifacts\/model$/,
    );
    expect(registered.sources[1]).to.match(/^azureml:\/\/artifacts\/LocalUpload\//);
    for (const predicted of [...registered.byVersion, registered.latest])
      expect(predicted[0]).to.be.closeTo(3, 1e-6);
  });

  it("shows ARM what MLflow's client registered", async () => {
    const version = await azure.ml("GET", `${azure.id}/models/line/versions/1`);
    expect(version["properties"]).to.deep.include({
      modelType: "mlflow_model",
      jobName: registered.run,
      tags: { origin: "run" },
      isArchived: false,
    });
    const { modelUri, flavors } = version["properties"] as Record<string, JsonObject | string>;
    expect(modelUri).to.match(
      new RegExp(`/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${registered.run}/model$`),
    );
    expect(Object.keys(flavors as JsonObject)).to.have.members(["python_function", "sklearn"]);
    expect((await azure.ml("GET", `${azure.id}/models/line`))["properties"]).to.include({
      latestVersion: "3",
      nextVersion: "4",
    });
  });

  it("is shown by ARM in bodies that keep to Microsoft's models", async () => {
    await azure.ml("GET", `${azure.id}/models`);
    await azure.ml("GET", `${azure.id}/models/line/versions`);
    expect(await azure.violations()).to.deep.equal([]);
  });

  it("edits tags, descriptions and stages, deletes a version, and refuses what Azure ML refuses", async () => {
    const edited = await client<Record<string, unknown>>("edit");
    expect(edited).to.deep.include({
      tags: { origin: "run", reviewed: "yes" },
      description: "a straight line",
      tagsAfter: { origin: "run" },
      modelTagsAfter: {},
      modelDescription: "lines",
      stages: { "1": "Archived", "2": "Staging", "3": "None" },
      staging: ["2"],
      left: ["1", "2"],
    });
    const refused = edited["refused"] as Record<string, string>;
    expect(refused["rename"]).to.contain("does not support renaming");
    expect(refused["delete"]).to.contain("delete its versions");
    for (const search of ["like", "tag"]) expect(refused[search]).to.contain("INVALID_PARAMETER_VALUE");
    expect(refused["alias"]).to.contain("404");
    expect(refused["stage"]).to.contain("None, Staging, Production, Archived");
    expect(refused["elsewhere"]).to.contain("Invalid model source 's3://bucket/model'");
    expect(edited["deleted"]).to.contain("RESOURCE_DOES_NOT_EXIST");
  });

  it("shows MLflow's client what ARM registered, and gives it its files", async () => {
    const { modelUri } = (await azure.ml("GET", `${azure.id}/models/line/versions/2`))["properties"] as {
      modelUri: string;
    };
    await azure.ml("PUT", `${azure.id}/models/from-arm/versions/7`, versionBody(modelUri));
    const seen = await client<Record<string, unknown>[]>("versions", { MODEL: "from-arm" });
    expect(seen.map(({ version, tags, description }) => ({ version, tags, description }))).to.deep.equal([
      { version: "7", tags: { by: "arm" }, description: "put" },
    ]);
    const [predicted] = await client<number[]>("predict", { MODEL_URI: "models:/from-arm/7" });
    expect(predicted).to.be.closeTo(3, 1e-6);
    await azure.ml("DELETE", `${azure.id}/models/from-arm/versions/7`);
    expect(await client("versions", { MODEL: "from-arm" })).to.deep.equal([]);
  });

  it("tracks without the plug-in, over https with a token", async () => {
    const plain = {
      MLFLOW_TRACKING_URI: azure.trackingUri.replace("azureml:", "https:"),
      MLFLOW_TRACKING_TOKEN: azure.token,
    };
    expect(await client("plain", plain)).to.deep.equal({ params: { a: "1" }, metrics: { m: 2 } });
  });

  it("says that a token is wrong, and that a workspace isn't there", async () => {
    const https = azure.trackingUri.replace("azureml:", "https:");
    const wrong = await client<string>("reach", {
      MLFLOW_TRACKING_URI: https,
      MLFLOW_TRACKING_TOKEN: `${azure.token}x`,
    });
    expect(wrong).to.contain("Unauthorized");
    const missing = await client<string>("reach", {
      MLFLOW_TRACKING_URI: `${https}2`,
      MLFLOW_TRACKING_TOKEN: azure.token,
    });
    expect(missing).to.contain("NotFound").and.to.contain("mlw-mlflow2");
  });
});
