import { expect } from "chai";
import execa from "execa";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running";
import { readSecrets } from "../../local/secrets";
import type { Status } from "../../local/status";
import { exampleModelFolder, packageRoot, python } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);

/** The program of this repository, run by the real engine; the steps build on one another. */
describe("index.ts on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: Stack;
  let outputs: Record<string, string>;
  let caller: Caller;
  const status = async (): Promise<Status> => await askAdmin<Status>(azure.paths, azure.run(), "status");
  const modelVersions = async (): Promise<string[]> => (await status()).models.map(({ version }) => version);

  before(async () => {
    await azure.start();
    stack = await azure.stack();
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("`up` makes the stack and gives its outputs", async () => {
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = await stack.outputs();
    expect(outputs).to.have.all.keys(
      "workspaceId",
      "location",
      "workspaceName",
      "trackingUri",
      "modelName",
      "modelVersion",
      "modelDigest",
      "scoringUri",
      "endpointId",
      "generation",
      "phase",
      "endpointKey",
    );
    expect(outputs["modelVersion"]).to.equal("1");
    expect(outputs["trackingUri"]).to.match(
      /^azureml:\/\/westeurope\.api\.azureml\.ms\/mlflow\/v1\.0\/subscriptions\//,
    );
    caller = new Caller(azure, outputs["scoringUri"] ?? "", outputs["endpointKey"] ?? "");
    expect(outputs["phase"]).to.equal("Serving");
    expect((await status()).endpoints[0]?.traffic).to.deep.equal({ [outputs["generation"] ?? ""]: 100 });
  });

  it("a second `up` plans nothing", async () => {
    await stack.succeeds("up", "--yes", "--expect-no-changes");
  });

  it("`refresh` finds nothing changed, and `up` after it plans nothing", async () => {
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("every answer of the endpoint is MLflow's own, and the model is in the registry by MLflow's client", async () => {
    const { stdout } = await execa(
      python,
      [
        join(packageRoot(), "test", "engine", "predict.py"),
        outputs["modelName"] ?? "",
        outputs["modelVersion"] ?? "",
      ],
      { env: { ...azure.environment(), MLFLOW_TRACKING_URI: outputs["trackingUri"] } },
    );
    const truth = JSON.parse(stdout) as { status: string; request: unknown; answers: number[] };
    expect(truth.status).to.equal("READY");
    expect(truth.answers).to.have.length(569);
    expect(await caller.score(truth.request)).to.deep.equal({ status: 200, answer: truth.answers });
  });

  it("another stack adds to the workspace by two of the outputs, and takes away what it added", async () => {
    const team = await azure.program(join(packageRoot(), "examples", "share-a-workspace"), "team");
    const models = await modelVersions();
    await team.succeeds("up", "--yes", "--skip-preview");
    await team.succeeds("preview", "--expect-no-changes");
    const { clusterId, scoringUri } = await team.outputs();
    expect(clusterId).to.match(new RegExp(`^${outputs["workspaceId"] ?? ""}/computes/`));
    expect(scoringUri).to.match(/^https:\/\/.*\.westeurope\.inference\.ml\.azure\.com\/score$/);
    expect((await status()).endpoints).to.have.length(2);
    await team.succeeds("destroy", "--yes", "--skip-preview");
    expect((await status()).endpoints).to.have.length(1);
    expect(await modelVersions()).to.deep.equal(models);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("takes the model whose digest is expected, and at the preview refuses another", async () => {
    stack.set("pulumi-azureml:modelDigest", outputs["modelDigest"]);
    await stack.succeeds("preview", "--expect-no-changes");
    stack.set("pulumi-azureml:modelDigest", "0".repeat(64));
    const { exitCode, stdout } = await stack.pulumi("preview");
    expect(exitCode).to.not.equal(0);
    expect(stdout).to.contain(
      `the model's digest is ${outputs["modelDigest"] ?? ""}, and ${"0".repeat(64)} is expected`,
    );
    stack.unset("pulumi-azureml:modelDigest");
  });

  it("refuses a caller without the key", async () => {
    const stranger = new Caller(azure, outputs["scoringUri"] ?? "", "not-the-key");
    expect((await stranger.score(sample)).status).to.equal(401);
    await stranger.close();
  });

  it("no secret stands in the state or in a preview", async () => {
    const key = outputs["endpointKey"] ?? "";
    const secrets = [key, readSecrets(azure.paths).clientSecret];
    const texts = [
      await stack.succeeds("stack", "export"),
      await stack.succeeds("preview", "--json"),
      await stack.succeeds("preview", "--diff"),
    ];
    for (const text of texts) {
      for (const secret of secrets) {
        expect(text).to.not.contain(secret);
        expect(text).to.not.contain(Buffer.from(secret).toString("base64"));
        expect(text).to.not.contain(encodeURIComponent(secret));
      }
    }
    expect(
      await stack.succeeds("stack", "output", "--json", "--show-secrets"),
      "the search finds what is there",
    ).to.contain(key);
  });

  it("`preview --json` of a changed setting names what changes, and changes nothing", async () => {
    stack.set("pulumi-azureml:computeMaxNodes", 3);
    const plan = JSON.parse(await stack.succeeds("preview", "--json")) as {
      steps: { op: string; urn: string }[];
    };
    const changed = plan.steps.filter(({ op }) => op !== "same");
    expect(changed.map(({ op, urn }) => [op, urn.split("::").at(-1)])).to.deep.equal([
      ["update", "mlflow-cluster-training"],
    ]);
    stack.set("pulumi-azureml:computeMaxNodes", 2);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("a change of tags reaches the endpoint without a request lost", async () => {
    stack.set("pulumi-azureml:tags", { environment: "local", team: "risk" });
    const during = await caller.scoreDuring(
      sample,
      async () => await stack.succeeds("up", "--yes", "--skip-preview"),
    );
    expect(during.failed).to.deep.equal([]);
    expect(during.count).to.be.greaterThan(20);
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("a changed model becomes the next version and is served without a request lost", async () => {
    const changed = join(azure.paths.folder, "model");
    cpSync(exampleModelFolder, changed, { recursive: true });
    writeFileSync(join(changed, "notes.txt"), "trained again\n");
    stack.set("pulumi-azureml:modelPath", changed);
    stack.set("pulumi-azureml:smokeRequestsPath", "examples/breast-cancer/smoke.json");
    const { generation: old = "" } = outputs;
    expect(await stack.succeeds("preview")).to.contain(
      `: another generation is made beside ${old}, answers 1 smoke request without traffic, gets 20 % for 10 s, then all of the traffic, watched for 5 s`,
    );
    const seen = new Set<string>();
    const during = await caller.scoreDuring(sample, async () => {
      const up = stack.succeeds("up", "--yes", "--skip-preview");
      let ended = false;
      void up.finally(() => (ended = true)).catch(() => undefined);
      for (; !ended; await sleep(100)) {
        const { traffic = {} } = (await status()).endpoints[0] ?? {};
        seen.add(Object.values(traffic).sort().join());
      }
      return await up;
    });
    expect(during.failed).to.deep.equal([]);
    expect([...seen], "the traffic that was live on the way").to.deep.equal(["100", "20,80"]);
    outputs = await stack.outputs();
    expect(outputs["modelVersion"]).to.equal("2");
    expect(outputs["generation"]).to.not.equal(old);
    const [endpoint] = (await status()).endpoints;
    expect(endpoint?.traffic).to.deep.equal({ [outputs["generation"] ?? ""]: 100 });
    expect(endpoint?.deployments.map(({ name }) => name)).to.deep.equal([outputs["generation"]]);
    expect(await modelVersions()).to.contain("2");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("a local Azure that was killed goes on where it was: `refresh` finds nothing changed, and the model answers", async () => {
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    process.kill(azure.run().pid, "SIGKILL");
    await azure.start();
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
    expect(await caller.score(sample)).to.deep.equal({ status: 200, answer: [0] });
  });

  for (const environment of ["dev", "staging", "prod"]) {
    it(`\`preview ${environment}\` shows the environment's plan and changes nothing`, async () => {
      const before = await status();
      const { exitCode, stdout, stderr } = await azure.command("preview", environment);
      expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
      expect(stdout).to.match(/\d+ to create/);
      expect(await status()).to.deep.equal(before);
    });
  }

  it("every answer of the local Azure kept to Microsoft's models", async () => {
    expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
  });

  it("`destroy` leaves nothing", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await status()).resources).to.equal(0);
  });
});
