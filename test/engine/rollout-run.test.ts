import { expect } from "chai";
import execa from "execa";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import type { Served } from "../../providers/lineage/types";
import type { Notification } from "../../providers/rollout/notify";
import { packageRoot, python } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { command } from "../helpers/command";
import { leaksIn } from "../helpers/leaks";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
const SECRET = "hush/hush+of hooks";
const rollout: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "allAtOnce" },
  watchSeconds: 0,
  smokeRequests: [{ body: sample, expected: [0] }],
  alias: "serving",
  retireAfterSeconds: 0,
  keepGenerations: 1,
};

/** What is judged before a generation is made, what names it, and who is told; the steps build on one another. */
describe("a RollingDeployment with metrics of runs, an alias and a webhook", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  let webhook: Server;
  let notify: NonNullable<RollingDeploymentArgs["notify"]>;
  let endpointId = "";
  let runs: Record<string, string>;
  const told: Notification[] = [];
  const said: string[] = [];
  const up = ["up", "--yes", "--skip-preview"] as const;

  const succeeds = async (): Promise<Record<string, string>> => {
    said.push(await stack.succeeds(...up));
    return await stack.outputs();
  };
  const fails = async (): Promise<string> => {
    const text = await stack.fails(...up);
    said.push(text);
    return text;
  };
  const declare = (more: Partial<RollingDeploymentArgs>): void =>
    stack.set("rollout", { ...rollout, notify, ...more });
  const events = (): string[] => told.splice(0).map(({ event, generation }) => `${event} ${generation}`);
  const onEndpoint = async (): Promise<{ traffic: object; deployments: string[] }> => {
    const [only] = (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints;
    const { traffic = {}, deployments = [] } = only ?? expect.fail("there is no endpoint");
    return { traffic, deployments: deployments.map(({ name }) => name) };
  };
  /** The version that has the alias: what serves, by `whatserves`, and no other. */
  const aliased = async (): Promise<string> => {
    const list = `require("./dist/providers/clients/arm").arm().list(process.argv[1], { apiVersion: "2025-12-01" })
      .then((all) => console.log(JSON.stringify(all.filter(({ properties }) => "alias.serving" in (properties.tags ?? {})).map(({ name }) => name))))`;
    const id = `${endpointId.replace(/\/onlineEndpoints.*/, "")}/models/churn/versions`;
    const { stdout } = await execa(process.execPath, ["-e", list, id], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    const [version = "", ...more] = JSON.parse(stdout) as string[];
    expect(more, "an alias leads to one version").to.deep.equal([]);
    const shown = await command(azure, "whatserves", endpointId, "--json");
    const [served] = JSON.parse(shown.stdout) as Served[];
    const model = served?.links.find(({ what }) => what === "model");
    expect(model).to.include({
      value: `churn:${version}`,
      how: "the workspace has this version, alias serving",
    });
    return version;
  };
  /** The example's model, as if the run had logged it. */
  const logged = (run: string): string => {
    const folder = changedExample(azure, run);
    const mlmodel = join(folder, "MLmodel");
    writeFileSync(
      mlmodel,
      readFileSync(mlmodel, "utf8").replace(/^run_id: .*$/m, `run_id: ${runs[run] ?? ""}`),
    );
    return folder;
  };
  const inMlflow = async (script: string, ...args: string[]): Promise<string> => {
    const workspaceId = endpointId.replace(/\/onlineEndpoints.*/, "");
    const { stdout } = await execa(python, ["-c", `${CLIENT}${script}`, workspaceId, ...args], {
      env: azure.environment(),
    });
    return stdout.trim().split("\n").at(-1) ?? "";
  };

  before(async () => {
    await azure.start();
    webhook = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        expect(request.url).to.contain(encodeURIComponent(SECRET));
        told.push(JSON.parse(body) as Notification);
        response.writeHead(204).end();
      });
    }).listen(0, "127.0.0.1");
    await once(webhook, "listening");
    const { port } = webhook.address() as AddressInfo;
    notify = { url: `http://127.0.0.1:${port}/hooks/${encodeURIComponent(SECRET)}` };
    stack = await rolloutStack(azure, {
      ...rollout,
      notify,
      smokeRequests: [{ body: sample, expected: [99] }],
    });
  });
  after(async () => {
    webhook?.close();
    webhook?.closeAllConnections();
    await azure.remove();
  });

  it("a first generation that fails is told of, and its address is a secret of what the engine keeps of it", async () => {
    expect(await fails()).to.contain("the answer is not the expected one");
    const [failed] = told.splice(0);
    expect(failed).to.include({ event: "rolledBack", weight: 0 });
    expect(await stateLeaks()).to.deep.equal([]);
  });

  it("the one that serves is told of, and the alias leads to its model version", async () => {
    declare({ retry: "again" });
    const { generation = "", phase, endpointId: id = "" } = await succeeds();
    expect(phase).to.equal("Serving");
    endpointId = id;
    expect(events()).to.deep.equal([`promoted ${generation}`]);
    expect(await aliased()).to.equal("1");
  });

  it("one whose run is good enough takes its place, and the alias", async () => {
    runs = JSON.parse(await inMlflow(MAKE_RUNS)) as Record<string, string>;
    stack.set("model", logged("good"));
    declare({ retry: "again", gates: { runMetrics: [{ metric: "accuracy", min: 0.9 }] } });
    const { generation = "" } = await succeeds();
    expect((await onEndpoint()).traffic).to.deep.equal({ [generation]: 100 });
    expect(events()).to.deep.equal([`promoted ${generation}`]);
    expect(await aliased()).to.equal("2");
  });

  it("one whose run is worse than the serving version's is refused before anything is made", async () => {
    const before = await onEndpoint();
    stack.set("model", logged("worse"));
    declare({ gates: { runMetrics: [{ metric: "accuracy", maxDrop: 0.005 }] } });
    expect(await fails()).to.contain("accuracy of its run 0.94, at least 0.945");
    expect(await onEndpoint()).to.deep.equal(before);
    expect(told.map(({ event, reason }) => [event, reason.includes("0.94")])).to.deep.equal([
      ["rolledBack", true],
    ]);
    told.length = 0;
    expect(await aliased()).to.equal("2");
  });

  it("one whose run has no such metric waits, not made, and goes on when it is logged; a webhook that is away holds nothing up", async () => {
    const before = await onEndpoint();
    stack.set("model", logged("unmeasured"));
    const { generation = "", phase } = await succeeds();
    expect(phase).to.equal("Paused");
    expect(await onEndpoint()).to.deep.equal(before);
    expect(events()).to.deep.equal([`paused ${generation}`]);
    const still = await command(azure, "rollout", "advance", endpointId);
    expect(still.exitCode, still.stderr).to.equal(3);

    await inMlflow(LOG, runs["unmeasured"] ?? "");
    const advanced = await command(azure, "rollout", "advance", endpointId);
    expect(advanced.exitCode, advanced.stderr).to.equal(0);
    expect(advanced.stderr).to.contain("its address is known to the program alone");
    expect((await onEndpoint()).traffic).to.deep.equal({ [generation]: 100 });
    expect(await aliased()).to.equal("4");
  });

  it("a rollback takes the alias back with the traffic", async () => {
    const back = await command(azure, "rollout", "rollback", endpointId);
    expect(back.exitCode, back.stderr).to.equal(0);
    expect(await aliased()).to.equal("2");
  });

  it("a webhook that is away is said to be, and an alias that is declared no more is taken away", async () => {
    webhook.close();
    webhook.closeAllConnections();
    stack.set("model", changedExample(azure, "last"));
    const { alias, ...without } = { ...rollout, notify };
    expect(alias).to.equal("serving");
    stack.set("rollout", without);
    await succeeds();
    expect(said.at(-1)).to.contain("nobody is told by webhook").and.contain("ECONNREFUSED");
    const shown = await command(azure, "whatserves", endpointId);
    expect(shown.stdout).to.contain("churn:5").and.not.contain("alias");
  });

  it("the webhook's address stands in no state, no refresh, no history and no output", async () => {
    said.push(await stack.succeeds("refresh", "--yes", "--diff"));
    for (const name of ["status", "history"])
      said.push((await command(azure, "rollout", name, endpointId, "--json")).stdout);
    expect(leaksIn(said.join("\n"), { SECRET })).to.deep.equal([]);
    expect(await stateLeaks()).to.deep.equal([]);
    expect(leaksIn(await stack.succeeds("stack", "export", "--show-secrets"), { SECRET })).to.not.deep.equal(
      [],
    );
  });

  async function stateLeaks(): Promise<string[]> {
    const { deployment } = JSON.parse(await stack.succeeds("stack", "export")) as {
      deployment: { resources: { type: string }[] };
    };
    // The program's own plain settings stand with the default provider, as the engine keeps them.
    const resources = deployment.resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
    expect(resources.map(({ type }) => type)).to.include("pulumi-nodejs:dynamic/pulumi-azureml:Rollout");
    return leaksIn(JSON.stringify(resources), { SECRET });
  }
});

/** A client of the workspace's MLflow. */
const CLIENT = `
import json, os, sys
os.environ["MLFLOW_TRACKING_URI"] = "azureml://westeurope.api.azureml.ms/mlflow/v1.0" + sys.argv[1]
from mlflow import MlflowClient
client = MlflowClient()
`;
/** Runs by name; prints their ids. */
const MAKE_RUNS = `
experiment = client.create_experiment("training")
runs = {}
for name, accuracy in {"good": 0.95, "worse": 0.94, "unmeasured": None}.items():
    runs[name] = client.create_run(experiment, run_name=name).info.run_id
    if accuracy is not None:
        client.log_metric(runs[name], "accuracy", accuracy)
print(json.dumps(runs))
`;
const LOG = `
client.log_metric(sys.argv[2], "accuracy", 0.96)
print("logged")
`;
