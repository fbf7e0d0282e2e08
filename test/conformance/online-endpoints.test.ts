import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../local/json";
import { autoscaleBody } from "../../providers/autoscale/body";
import { clientsPython, exampleModelFolder, packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

const example = join(packageRoot(), "examples", "breast-cancer");
const request = join(example, "sample.json");
const [{ body }] = JSON.parse(readFileSync(join(example, "smoke.json"), "utf8")) as [
  { body: { input_data: { columns: string[]; data: [number[], number[]] } } },
];
const {
  columns,
  data: [malignant, benign],
} = body.input_data;
const five = { columns, index: [0, 1, 2, 3, 4], data: [malignant, benign, malignant, benign, malignant] };
const answer = [0, 1, 0, 1, 0];

/**
 * Azure ML's pages on online endpoints, step by step, by the clients that they use; how-to-deploy-mlflow-models-online-progressive is
 * `mlflow-deployments.test.ts`. The same by declaration is `test/engine/`: `stack`, `rollout` (mirror, steps), `rollout-traffic` (90/10) and
 * `autoscale`.
 */
describe("what Azure ML's pages on online endpoints say to do", function () {
  this.timeout(600_000);
  const speed = "PULUMI_AZUREML_LOCAL_SPEED";
  const usual = process.env[speed];
  let workspace: AzureWorkspace;
  let mlflow: ClientProcess;
  let azure: ClientProcess;
  /** Calls endpoints alone: azure-ai-ml 1.35 keeps the deployment that one call named for all that follow in its process. */
  let caller: ClientProcess;

  before(async () => {
    // Autoscale looks twice a minute: here, twice a second.
    process.env[speed] = "60";
    workspace = await AzureWorkspace.open("online");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const { environment, paths } = workspace;
    mlflow = new ClientProcess(python, ["mlflow_deployments.py"], environment, paths.folder);
    const rollout = ["safe_rollout.py", subscription, group, name] as const;
    azure = new ClientProcess(clientsPython, rollout, environment, paths.folder);
    caller = new ClientProcess(clientsPython, rollout, environment, paths.folder);
  });
  after(async () => {
    if (usual === undefined) Reflect.deleteProperty(process.env, speed);
    else process.env[speed] = usual;
    await mlflow?.close();
    await azure?.close();
    await caller?.close();
    await workspace?.close();
  });

  describe("how-to-deploy-mlflow-models-online-endpoints", () => {
    const endpoint = "oe-heart";
    const seen = async (step: string, args: Record<string, unknown> = {}): Promise<unknown> =>
      await mlflow.call(step, { endpoint, ...args });

    it("registers the model where it is not there yet", async () => {
      for (let times = 0; times < 2; times += 1)
        expect(await mlflow.call("registered", { name: "heart", folder: exampleModelFolder })).to.deep.equal([
          "1",
        ]);
    });

    it("makes an endpoint with keys and a deployment without code, and gives it the traffic", async () => {
      expect(await seen("create_endpoint")).to.deep.equal([endpoint, "Succeeded"]);
      const made = await seen("create_deployment", { name: "default", model: "models:/heart/1" });
      expect(made).to.deep.equal(["default", "python_function", ["heart", "versions", "1"]]);
      expect(await seen("traffic", { weights: { default: 100 } })).to.deep.equal({ default: 100 });
    });

    it("asks it five rows, by MLflow and by REST with the key and a deployment's header", async () => {
      expect(await seen("predict", { rows: five })).to.deep.equal(answer);
      const { primaryKey: key } = await workspace.ml(
        "POST",
        `${workspace.id}/onlineEndpoints/${endpoint}/listKeys`,
      );
      const body = { input_data: five };
      expect(await seen("rest", { key, body })).to.deep.equal([200, "default", answer]);
      expect(await seen("rest", { key, body, deployment: "default" })).to.deep.equal([
        200,
        "default",
        answer,
      ]);
      expect(((await seen("rest", { key, body, deployment: "nobody" })) as number[])[0]).to.equal(404);
      expect(((await seen("rest", { key: "no-key", body })) as number[])[0]).to.equal(401);
    });

    it("takes the rows as `input_data`, where MLflow's own server takes `dataframe_split` and `inputs`", async () => {
      const { primaryKey: key } = await workspace.ml(
        "POST",
        `${workspace.id}/onlineEndpoints/${endpoint}/listKeys`,
      );
      const byColumn = Object.fromEntries(
        five.columns.map((column, index) => [column, five.data.map((row) => row[index])]),
      );
      const bodies = [{ dataframe_split: five }, { inputs: byColumn }, { input_data: five }];
      const [split, inputs, refused] = await mlflow.call<unknown[]>("local_server", {
        folder: exampleModelFolder,
        bodies,
      });
      expect([split, inputs, refused]).to.deep.equal([answer, answer, 400]);
      for (const body of bodies.slice(0, 2))
        expect(((await seen("rest", { key, body })) as number[])[0], "the model's own refusal").to.equal(424);
    });

    it("takes deployment and endpoint away", async () => {
      await seen("delete_deployment", { name: "default" });
      expect(await seen("traffic")).to.deep.equal({});
      await seen("delete_endpoint");
      await seen("traffic").then(
        () => expect.fail("the endpoint is there still"),
        (error: Error) => expect(error.message).to.match(/^ResourceNotFoundError/),
      );
    });
  });

  describe("how-to-safely-rollout-online-endpoints", () => {
    const endpoint = "oe-safe";
    const seen = async (step: string, args: Record<string, unknown> = {}): Promise<unknown> =>
      await azure.call(step, { endpoint, ...args });
    const asked = async (count = 1): Promise<unknown> =>
      await caller.call("invoke", { endpoint, request_file: request, count });

    it("serves by blue, which is scaled to two", async () => {
      await seen("create_endpoint");
      expect(await seen("deploy", { name: "blue", model: "azureml:heart:1" })).to.equal("Succeeded");
      expect(await seen("move", { traffic: { blue: 100 } })).to.deep.equal([{ blue: 100 }, {}]);
      expect(await seen("scale", { name: "blue", instances: 2 })).to.equal(2);
      expect(await asked()).to.deep.equal([[0]]);
    });

    it("adds green without traffic, and asks it by its name", async () => {
      await seen("deploy", { name: "green", model: "azureml:heart:1" });
      expect(await seen("move")).to.deep.equal([{ blue: 100 }, {}]);
      expect(await seen("invoke", { request_file: request, deployment: "green" })).to.deep.equal([[0]]);
      // The log comes a little later than the answer.
      while ((await seen("scored", { name: "green" })) !== 1) await sleep(100);
    });

    it("mirrors 10 % to green while blue answers, then stops", async () => {
      expect(await seen("move", { mirror: { green: 10 } })).to.deep.equal([{ blue: 100 }, { green: 10 }]);
      expect(await asked(20)).to.deep.equal([[0]]);
      // Which calls are copied is left to chance: green gets some sooner or later.
      for (let calls = 20; (await seen("scored", { name: "green" })) === 1; calls += 20) {
        expect(calls, "calls without a copy").to.be.lessThan(200);
        await asked(20);
      }
      expect(await seen("move", { mirror: { green: 0 } })).to.deep.equal([{ blue: 100 }, {}]);
    });

    it("moves the traffic by 90/10 to green, and takes blue away, which is refused while it has some", async () => {
      expect(((await seen("move", { traffic: { blue: 90, green: 10 } })) as unknown[])[0]).to.deep.equal({
        blue: 90,
        green: 10,
      });
      expect(await seen("delete_deployment", { name: "blue" })).to.equal("BadArgument");
      // The client leaves out who has none.
      expect(await seen("move", { traffic: { blue: 0, green: 100 } })).to.deep.equal([{ green: 100 }, {}]);
      expect(await seen("delete_deployment", { name: "blue" })).to.deep.equal(["green"]);
      expect(await asked()).to.deep.equal([[0]]);
    });
  });

  describe("how-to-autoscale-endpoints", () => {
    const endpoint = "oe-safe";
    const setting = (): string =>
      `${workspace.group}/providers/Microsoft.Insights/autoscaleSettings/autoscale-safe`;
    const deploymentId = (): string => `${workspace.id}/onlineEndpoints/${endpoint}/deployments/green`;
    const instances = async (): Promise<unknown> =>
      await azure.call("instances", { endpoint, name: "green" });

    it("gives green 2 to 5 machines by load and 2 at the weekend, as the page and Autoscale have it; there are 2 soon", async () => {
      expect(await instances()).to.equal(1);
      const profiles = pageProfiles(deploymentId());
      const made = await workspace.arm("PUT", setting(), "2022-10-01", {
        location: "westeurope",
        properties: {
          name: "autoscale-safe",
          enabled: true,
          targetResourceUri: deploymentId(),
          profiles,
        },
      });
      expect((made["properties"] as JsonObject)["profiles"]).to.deep.equal(profiles);
      for (let tries = 0; tries < 60 && (await instances()) === 1; tries += 1) await sleep(500);
      expect(await instances()).to.be.within(2, 5);

      const declared = autoscaleBody(
        { deploymentId: deploymentId(), location: "westeurope" },
        {
          instances: { least: 2, most: 5 },
          rules: [
            { metric: "CpuUtilizationPercentage", above: 70, change: 2 },
            { metric: "CpuUtilizationPercentage", below: 25, change: -1 },
            { metric: "RequestLatency", above: 70, change: 1 },
          ],
          schedules: {
            weekend: {
              days: ["Saturday", "Sunday"],
              timeZone: "Pacific Standard Time",
              instances: { least: 2, most: 2 },
              rules: [],
            },
          },
        },
      );
      expect(declared.properties.profiles).to.deep.equal(profiles);
    });

    it("is deleted, then the endpoint", async () => {
      await workspace.arm("DELETE", setting(), "2022-10-01");
      expect(await azure.call("delete_endpoint", { endpoint })).to.deep.equal([]);
    });

    it("no answer to all this breaks Microsoft's models", async () => {
      expect(await workspace.violations()).to.deep.equal([]);
    });
  });
});

/** What the page's commands make: `az monitor autoscale create`, three times `rule create`, `profile create` for the weekend. */
function pageProfiles(deploymentId: string): JsonObject[] {
  const endpointId = deploymentId.slice(0, deploymentId.indexOf("/deployments/"));
  const rule = (trigger: JsonObject, direction: string, value: string): JsonObject => ({
    metricTrigger: {
      timeGrain: "PT1M",
      statistic: "Average",
      timeWindow: "PT5M",
      timeAggregation: "Average",
      ...trigger,
    },
    scaleAction: { direction, type: "ChangeCount", value, cooldown: "PT5M" },
  });
  const cpu = { metricName: "CpuUtilizationPercentage", metricResourceUri: deploymentId };
  const latency = {
    metricName: "RequestLatency",
    metricResourceUri: endpointId,
    dimensions: [{ DimensionName: "deployment", Operator: "Equals", Values: ["green"] }],
  };
  const usual = {
    capacity: { minimum: "2", maximum: "5", default: "2" },
    rules: [
      rule({ ...cpu, operator: "GreaterThan", threshold: 70 }, "Increase", "2"),
      rule({ ...cpu, operator: "LessThan", threshold: 25 }, "Decrease", "1"),
      rule({ ...latency, operator: "GreaterThan", threshold: 70 }, "Increase", "1"),
    ],
  };
  const recurrence = (hour: number, minute: number): JsonObject => ({
    frequency: "Week",
    schedule: {
      timeZone: "Pacific Standard Time",
      days: ["Saturday", "Sunday"],
      hours: [hour],
      minutes: [minute],
    },
  });
  return [
    { name: "default", ...usual },
    {
      name: "weekend",
      capacity: { minimum: "2", maximum: "2", default: "2" },
      rules: [],
      recurrence: recurrence(0, 0),
    },
    { name: '{"name":"default","for":"weekend"}', ...usual, recurrence: recurrence(23, 59) },
  ];
}
