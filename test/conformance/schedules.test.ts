import { expect } from "chai";
import { jobDefinition } from "../../components/scheduled-job";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

/** On a clock whose minute is a second. */
describe("schedules, by the unmodified azure-ai-ml client", function () {
  this.timeout(300_000);
  const SPEED = "PULUMI_AZUREML_LOCAL_SPEED";
  const speedBefore = process.env[SPEED];
  let workspace: AzureWorkspace;
  let client: ClientProcess;
  let pipeline: string;

  before(async () => {
    process.env[SPEED] = "60";
    workspace = await AzureWorkspace.open("schedules");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["schedules.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    if (speedBefore === undefined) Reflect.deleteProperty(process.env, SPEED);
    else process.env[SPEED] = speedBefore;
    await client?.close();
    await workspace?.close();
  });

  /** Name of the job that a schedule of each minute has submitted, and that has completed. azure-ai-ml has schedules of pipelines alone. */
  const submitted = async (name: string, jobDefinition: JsonObject, timeZone = "UTC"): Promise<string> => {
    const trigger = { triggerType: "Cron", expression: "* * * * *", timeZone };
    const action = { actionType: "CreateJob", jobDefinition };
    const declare = async (isEnabled: boolean): Promise<unknown> =>
      await workspace.ml("PUT", `${workspace.id}/schedules/${name}`, {
        properties: { action, trigger, isEnabled },
      });
    await declare(true);
    const job = await client.call<string>("submitted", { prefix: `${name}-` });
    await declare(false);
    expect(await client.call("ended", { name: job })).to.equal("Completed");
    return job;
  };

  /** What `Schedule` makes of a job that has run. */
  const definitionOf = async (name: string): Promise<JsonObject> => {
    const properties = objectAt(await workspace.ml("GET", `${workspace.id}/jobs/${name}`), "properties");
    return jobDefinition({ name, properties }) as unknown as JsonObject;
  };

  it("submit a pipeline when it is time, as long as they are on", async () => {
    const [name, ...ended] = await client.call<string[]>("runs");
    expect(ended).to.deep.equal(["Completed", false]);
    pipeline = String(name);
  });

  it("submit a command job as it was, by the clocks of another zone, which writes into its own folder", async () => {
    expect(await client.call("first")).to.equal("Completed");
    const again = await submitted("once-more", await definitionOf("first"), "India Standard Time");
    expect(await client.call("note", { name: again })).to.equal(again);
    expect(await client.call("note", { name: "first" })).to.equal("first");
  });

  it("submit a pipeline as it was", async () => {
    await submitted("piped", await definitionOf(pipeline));
  });

  it("submit a sweep", async () => {
    const environmentId = `${workspace.id}/environments/train/versions/1`;
    await submitted("searches", {
      ...{ jobType: "Sweep", trial: { command: "echo $AZUREML_SWEEP_rate", environmentId } },
      samplingAlgorithm: { samplingAlgorithmType: "Grid" },
      objective: { goal: "Maximize", primaryMetric: "accuracy" },
      searchSpace: { rate: ["choice", [[0.1, 0.2]]] },
      limits: { jobLimitsType: "Sweep", maxTotalTrials: 2 },
    });
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
