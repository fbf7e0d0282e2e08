import { expect } from "chai";
import execa from "execa";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import type { Link, Served } from "../../providers/lineage/types";
import type { HistoryEvent } from "../../providers/rollout/history";
import { exampleModelFolder, packageRoot, python } from "../../tools/paths";
import { command } from "../helpers/command";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
/** In seconds of the local Azure's time. */
const paused: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "steps", steps: [{ weight: 20, bakeSeconds: 300, pause: true }] },
  watchSeconds: 240,
  gates: { limits: [{ metric: "errorPercent", max: 1 }], minRequests: 1 },
  smokeRequests: [{ body: sample, expected: [0] }],
  retireAfterSeconds: 60,
  keepGenerations: 1,
};

/** What `npx pulumi-azureml rollout` does between two `up`s of the real engine, while the endpoint is called; the steps build on one another. */
describe("the commands of a rollout on the local Azure", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  let caller: Caller;
  let endpointId: string;
  let first: string;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const traffic = async (): Promise<Readonly<Record<string, number>>> => {
    const [only] = (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints;
    return only?.traffic ?? expect.fail("there is no endpoint");
  };
  const rollout = async (...args: string[]): Promise<execa.ExecaReturnValue> => {
    const [name = "", ...more] = args;
    return await command(azure, "rollout", name, endpointId, ...more);
  };
  /** The command's output; what it said on stderr where it ended otherwise. */
  const ends = async (exitCode: number, ...args: string[]): Promise<string> => {
    const ended = await rollout(...args);
    expect(ended.exitCode, `${args.join(" ")}: ${ended.stdout}\n${ended.stderr}`).to.equal(exitCode);
    return ended.stdout;
  };
  const underLoad = async <T>(work: () => Promise<T>): Promise<T> =>
    await caller.answeredDuring(sample, work);
  const changedModel = (name: string): string => changedExample(azure, name);
  /** Neither an unchanged `up` nor a refresh undoes what the command did. */
  const staysSo = async (map: Readonly<Record<string, number>>, phase: string): Promise<void> => {
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes");
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    expect(await stack.outputs()).to.include({ phase });
    expect(await traffic()).to.deep.equal(map);
  };
  const history = async (): Promise<HistoryEvent[]> =>
    JSON.parse(await ends(0, "history", "--json")) as HistoryEvent[];

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, paused);
    await stack.succeeds(...up);
    const outputs = await stack.outputs();
    endpointId = outputs["endpointId"] ?? "";
    first = outputs["generation"] ?? "";
    caller = new Caller(azure, outputs["scoringUri"] ?? "", outputs["key"] ?? "");
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("status shows a pause with its weights; promote goes on, and the next `up` finds nothing to do", async () => {
    stack.set("model", changedModel("v2"));
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "", phase } = await stack.outputs();
    expect(phase).to.equal("Paused");
    const shown = await ends(0, "status");
    expect(shown).to.contain(`${generation} is paused: step 1 waits for promote`);
    expect(shown).to.match(new RegExp(`${generation} +20 % +1  Succeeded  on its way`));
    const status = JSON.parse(await ends(0, "status", "--json")) as object;
    expect(status).to.deep.include({ generation, phase: "Paused", serving: first });

    const wrong = await rollout("promote", first);
    expect(wrong).to.include({ exitCode: 1, stdout: "" });
    expect(wrong.stderr).to.equal(`${first}: this generation is not on its way. Allowed: ${generation}.`);
    expect(await ends(3, "advance")).to.contain("Paused");
    expect(await traffic()).to.deep.equal({ [first]: 80, [generation]: 20 });

    await underLoad(async () => await ends(0, "promote", generation));
    await staysSo({ [generation]: 100 }, "Serving");
  });

  it("rollback gives all of the traffic to the kept generation at once, and no unchanged `up` takes it back", async () => {
    const { generation = "" } = await stack.outputs();
    await underLoad(async () => {
      expect(await ends(0, "rollback", "--reason", "too many complaints")).to.contain("RolledBack");
    });
    await staysSo({ [first]: 100 }, "RolledBack");
    expect(await ends(0, "status")).to.contain(
      `refused ${generation}: it was rolled back: too many complaints`,
    );
  });

  it("the program's revert to what serves again changes no traffic, and takes what was left away", async () => {
    stack.set("model", exampleModelFolder);
    await underLoad(async () => await stack.succeeds(...up));
    expect(await stack.outputs()).to.include({ generation: first, phase: "Serving" });
    const status = JSON.parse(await ends(0, "status", "--json")) as { deployments: object[] };
    expect(status.deployments).to.have.length(1);
    const none = await rollout("rollback");
    expect(none).to.include({ exitCode: 1 });
    expect(none.stdout).to.contain("there is no former generation");
  });

  it("abort puts the traffic back, and no unchanged `up` begins anew", async () => {
    stack.set("model", changedModel("v3"));
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    await underLoad(async () => await ends(0, "abort", generation, "--reason", "another customer"));
    await staysSo({ [first]: 100 }, "RolledBack");
    stack.set("tags", { environment: "changed" });
    await stack.succeeds(...up);
    expect(await traffic()).to.deep.equal({ [first]: 100 });
  });

  it("advance goes on with what an `up` may hold no longer, as long as it may itself", async () => {
    const hold: Partial<RollingDeploymentArgs> = {
      ...paused,
      strategy: { kind: "canary", percent: 20, bakeSeconds: 300 },
      maxHoldSeconds: 0,
    };
    stack.set("model", changedModel("v4"));
    stack.set("rollout", hold);
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "", phase } = await stack.outputs();
    expect(phase).to.equal("Advancing");
    expect(await ends(4, "advance", "--max-hold", "0")).to.contain("Advancing");
    await underLoad(async () => await ends(0, "advance", "--max-hold", "3600"));
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
    await stack.succeeds(...up);
    expect(await stack.outputs()).to.include({ generation, phase: "Serving" });
  });

  it("watch tells what happens line by line where there is no terminal, and ends with it", async () => {
    stack.set("model", changedModel("v5"));
    stack.set("rollout", paused);
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    expect(await ends(3, "watch")).to.contain(`${generation} is paused`);
    const watching = rollout("watch");
    expect(await ends(0, "promote", generation)).to.contain(`${generation}: Serving`);
    expect([0, 3]).to.include((await watching).exitCode);
    expect(await ends(0, "watch")).to.contain(`${generation} serves`);
  });

  it("history has every turn with its figures, who and why, as a table, as JSON and as a report with charts", async () => {
    const events = await history();
    const by = `app ${DEPLOYER.clientId}`;
    for (const event of events) expect(event.by).to.equal(by);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of [
      "begun",
      "deployed",
      "smoked",
      "step",
      "measured",
      "paused",
      "promoted",
      "rolledBack",
    ])
      expect(kinds).to.include(kind);
    const measured = events
      .filter(({ kind }) => kind === "measured")
      .map(({ figures }) => figures?.candidate);
    expect(measured.some((figures) => (figures?.requests ?? 0) > 0 && figures?.errorPercent === 0)).to.equal(
      true,
    );

    const rows = (await ends(0, "history")).split("\n");
    expect(rows).to.have.length(events.length + 1);
    expect(rows.join("\n")).to.contain("it was rolled back: too many complaints").and.to.contain(by);
    const report = await ends(0, "history", "--markdown");
    expect(report).to.match(/```mermaid\n%%\{init: .+\}%%\nxychart-beta\n/);
    expect(report).to.contain("it was aborted: another customer");
  });

  it("whatserves follows the traffic to deployment, model, digest, run, commit and data, and asks the service for each", async () => {
    const linksNow = async (exitCode: number): Promise<Record<string, Link>> => {
      const ended = await command(azure, "whatserves", endpointId, "--json");
      expect(ended.exitCode, ended.stderr).to.equal(exitCode);
      const [served = expect.fail("nothing serves")] = JSON.parse(ended.stdout) as Served[];
      return Object.fromEntries(served.links.map((link) => [link.what, link]));
    };
    // The example's model was tracked in a store that was thrown away.
    const untracked = await linksNow(0);
    for (const what of ["deployment", "model", "digest"])
      expect(untracked[what]?.proof, what).to.equal("verified");
    expect(untracked["run"]).to.include({ proof: "recorded" });

    const workspaceId = endpointId.replace(/\/onlineEndpoints.*/, "");
    const { stdout } = await execa(python, ["-c", trackedRun, workspaceId], { env: azure.environment() });
    // MLflow says where the run is to be seen, before.
    const run = stdout.trim().split("\n").at(-1) ?? "";
    const tracked = changedModel("tracked");
    const mlmodel = join(tracked, "MLmodel");
    writeFileSync(mlmodel, readFileSync(mlmodel, "utf8").replace(/^run_id: .*$/m, `run_id: ${run}`));
    stack.set("model", tracked);
    const { gates, ...ungated } = paused;
    expect(gates).to.be.an("object");
    stack.set("rollout", { ...ungated, strategy: { kind: "allAtOnce" }, watchSeconds: 0 });
    await stack.succeeds(...up);
    const without = await linksNow(5);
    expect(without["data"]).to.include({ value: "rows 1234", proof: "broken" });
    const asset = { properties: { dataType: "uri_file", dataUri: "https://data.example/rows.csv" } };
    const put = `require("./dist/providers/clients/arm").arm().put(process.argv[1], ${JSON.stringify({ apiVersion: "2025-12-01", body: asset })})`;
    await execa(process.execPath, ["-e", put, `${workspaceId}/data/rows/versions/1`], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    const links = await linksNow(0);
    expect(links["digest"]?.proof).to.equal("verified");
    expect(links["run"]).to.include({ value: run, proof: "verified" });
    expect(links["commit"]).to.include({ value: "c0ffee", proof: "recorded" });
    expect(links["data"]).to.include({ value: "rows 1234", proof: "verified" });
  });

  it("what can't be done is said in a line, without a stack", async () => {
    const gone = await command(azure, "rollout", "status", `${endpointId}-other`);
    expect(gone).to.include({ exitCode: 1, stdout: "" });
    expect(gone.stderr).to.equal(`${endpointId}-other: there is no such endpoint, or not for who asks.`);
    expect(await command(azure, "rollout", "status", "oe-churn-r1")).to.include({
      exitCode: 1,
      stderr:
        "oe-churn-r1: a name alone says not in which workspace. Try: the endpoint's ARM id, or `--workspace` with the workspace's.",
    });
    expect((await command(azure, "rollout", "promote", endpointId)).exitCode).to.equal(2);
    const workspace = endpointId.replace(/\/onlineEndpoints.*/, "");
    const named = await command(azure, "rollout", "status", "oe-churn-r1", "--workspace", workspace);
    expect(named.exitCode, named.stderr).to.equal(0);
  });
});

/** A run of the workspace's MLflow that names its commit and the data asset that it learned from; prints its id. */
const trackedRun = `
import os, sys
os.environ["MLFLOW_TRACKING_URI"] = "azureml://westeurope.api.azureml.ms/mlflow/v1.0" + sys.argv[1]
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput
client = MlflowClient()
run = client.create_run(client.create_experiment("lineage"), tags={"mlflow.source.git.commit": "c0ffee"}).info.run_id
data = Dataset("rows", "1234", "uri_file", "azureml:rows:1")
client.log_inputs(run, [DatasetInput(data, [])])
client.set_terminated(run)
print(run)
`;
