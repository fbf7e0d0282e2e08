import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { stopRunning } from "../../local/running";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";
import { processesOf } from "../helpers/running-up";

const LINES = 60;
/** Prints slowly, so that a line which is lost or doubled is seen. */
const SLOW = `for n in $(seq ${LINES}); do echo line $n; sleep 0.2; done; echo once >> \${{outputs.told}}/ran.txt`;
const JOBS = 50;
const location = "westeurope";

describe("jobs whose local Azure is killed -9 in the middle of them", () => {
  const azure = new LocalAzure();
  let workspace: AzureWorkspace;

  before(async () => {
    await azure.start();
    workspace = await AzureWorkspace.open("cmdkill", azure);
    await workspace.allowBlobs();
    for (const [name, maxNodeCount] of Object.entries({ one: 1, four: 4 })) {
      const scaleSettings = { minNodeCount: 0, maxNodeCount };
      await workspace.ml("PUT", `${workspace.id}/computes/${name}`, {
        location,
        properties: { computeType: "AmlCompute", properties: { vmSize: "STANDARD_DS3_V2", scaleSettings } },
      });
    }
    await workspace.ml("PUT", `${workspace.id}/environments/train/versions/1`, {
      properties: { image: "image", condaFile: "dependencies: [pip]" },
    });
  });
  after(async () => {
    await workspace?.close();
    await azure.remove();
  });

  const files = "https://stcmdkill.blob.core.windows.net/azureml/told";
  const submit = async (name: string, command: string, compute = "one"): Promise<void> => {
    await workspace.ml("PUT", `${workspace.id}/jobs/${name}`, {
      properties: {
        jobType: "Command",
        command,
        environmentId: `${workspace.id}/environments/train/versions/1`,
        computeId: `${workspace.id}/computes/${compute}`,
        outputs: { told: { jobOutputType: "uri_folder", uri: `${files}/${name}` } },
      },
    });
  };
  const job = async (name: string): Promise<JsonObject> =>
    objectAt(await workspace.ml("GET", `${workspace.id}/jobs/${name}`), "properties");
  const until = async (name: string, ...statuses: readonly string[]): Promise<string> => {
    for (; ; await sleep(100)) {
      const status = String((await job(name))["status"]);
      if (statuses.includes(status)) return status;
    }
  };
  const printed = async (name: string): Promise<string[]> =>
    String(await workspace.readBlob(`azureml/ExperimentRun/dcid.${name}/user_logs/std_log.txt`))
      .trimEnd()
      .split("\n");
  const runs = (name: string): string[] => processesOf(azure).filter((command) => command.includes(name));

  it("goes on with the command that ran meanwhile, and with the job that waited for the node", async () => {
    await submit("slow", SLOW);
    await submit("next", "echo here");
    await until("slow", "Running");
    expect((await job("next"))["status"]).to.equal("Queued");
    process.kill(azure.run().pid, "SIGKILL");
    await azure.start();
    expect((await job("next"))["status"]).to.equal("Queued");
    expect(await until("slow", "Completed", "Failed", "Canceled")).to.equal("Completed");
    const lines = Array.from({ length: LINES }, (_, index) => `line ${index + 1}`);
    expect(await printed("slow")).to.deep.equal(lines);
    expect(String(await workspace.readBlob("azureml/told/slow/ran.txt"))).to.equal("once\n");
    expect(await until("next", "Completed", "Failed")).to.equal("Completed");
    expect(await printed("next")).to.deep.equal(["here"]);
  });

  it("does not run a command a second time that was ended with the local Azure", async () => {
    await submit("ended", "echo begun; sleep 600");
    await until("ended", "Running");
    await stopRunning(azure.paths);
    expect(runs("sleep 600")).to.deep.equal([]);
    await azure.start();
    expect(await until("ended", "Completed", "Failed", "Canceled")).to.equal("Failed");
    expect(await printed("ended")).to.deep.equal(["begun"]);
  });

  it("runs 50 queued jobs in turn, never more than 4 at once, each of them once, through two kills", async () => {
    const file = join(azure.paths.folder, "course");
    writeFileSync(file, "");
    const course = (): string[][] =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(" "));
    const begun = (): number => course().filter(([what]) => what === "begin").length;
    // Their names have another order than their turns.
    const names = Array.from({ length: JOBS }, (_, turn) => `turn-${(turn * 37) % JOBS}`);
    for (const [turn, name] of names.entries())
      await submit(name, `echo begin ${turn} >> ${file}; sleep 0.2; echo end ${turn} >> ${file}`, "four");
    for (const most of [10, 30]) {
      while (begun() < most) await sleep(20);
      process.kill(azure.run().pid, "SIGKILL");
      await azure.start();
    }
    for (const name of names)
      expect(await until(name, "Completed", "Failed", "Canceled")).to.equal("Completed");

    const turns = names.map((_, turn) => String(turn));
    for (const what of ["begin", "end"]) {
      const told = course().flatMap(([is, turn]) => (is === what ? [turn] : []));
      expect(told, what).to.have.members(turns).and.to.have.length(JOBS);
    }
    const atWork = new Set<string>();
    const waiting = new Set(turns);
    for (const [what, turn = ""] of course()) {
      if (what === "end") atWork.delete(turn);
      else {
        atWork.add(turn);
        waiting.delete(turn);
        expect(atWork.size, `at ${turn}`).to.be.at.most(4);
        // Whoever came before has had its node: it has begun, or is one of those that begin at the same time.
        const before = [...waiting].filter((other) => Number(other) < Number(turn));
        expect(before.length + atWork.size, `before ${turn}`).to.be.at.most(4);
      }
    }
  });

  it("goes on with a pipeline, whose next step begins when the one that ran meanwhile has ended", async () => {
    const environment = `${workspace.id}/environments/train/versions/1`;
    const step = (command: string, inputs: JsonObject): JsonObject => ({
      properties: {
        componentSpec: {
          ...{ type: "command", command, environment, inputs },
          outputs: { told: { type: "uri_folder" } },
        },
      },
    });
    const components = `${workspace.id}/components`;
    await workspace.ml("PUT", `${components}/first/versions/1`, step(SLOW, {}));
    const counts = "wc -l < ${{inputs.told}}/ran.txt > ${{outputs.told}}/count.txt";
    await workspace.ml(
      "PUT",
      `${components}/then/versions/1`,
      step(counts, { told: { type: "uri_folder" } }),
    );
    const value = "${{parent.jobs.first.outputs.told}}";
    await workspace.ml("PUT", `${workspace.id}/jobs/pipe`, {
      properties: {
        jobType: "Pipeline",
        outputs: { told: { jobOutputType: "uri_folder", uri: `${files}/pipe` } },
        jobs: {
          first: { type: "command", componentId: `${components}/first/versions/1` },
          then: {
            ...{ type: "command", componentId: `${components}/then/versions/1` },
            inputs: { told: { job_input_type: "literal", value } },
            outputs: { told: { type: "literal", value: "${{parent.outputs.told}}" } },
          },
        },
      },
    });
    while (runs("line $n").length === 0) await sleep(50);
    process.kill(azure.run().pid, "SIGKILL");
    await azure.start();
    expect(await until("pipe", "Completed", "Failed", "Canceled")).to.equal("Completed");
    expect(String(await workspace.readBlob("azureml/told/pipe/count.txt")).trim()).to.equal("1");
  });

  it("goes on with a sweep: trials that ran meanwhile count, and the others begin once", async () => {
    const file = join(azure.paths.folder, "tried");
    writeFileSync(file, "");
    const tried = (): string[] => readFileSync(file, "utf8").split("\n").filter(Boolean);
    const values = Array.from({ length: 6 }, (_, index) => index);
    await workspace.ml("PUT", `${workspace.id}/jobs/sweep`, {
      properties: {
        jobType: "Sweep",
        trial: {
          command: `echo \${{search_space.x}} >> ${file}; sleep 2`,
          environmentId: `${workspace.id}/environments/train/versions/1`,
        },
        computeId: `${workspace.id}/computes/four`,
        searchSpace: { x: ["choice", [values]] },
        samplingAlgorithm: { samplingAlgorithmType: "Grid" },
        objective: { primaryMetric: "accuracy", goal: "Maximize" },
        limits: { jobLimitsType: "Sweep", maxTotalTrials: 6, maxConcurrentTrials: 2 },
      },
    });
    for (const most of [1, 4]) {
      while (tried().length < most) await sleep(20);
      process.kill(azure.run().pid, "SIGKILL");
      await azure.start();
    }
    expect(await until("sweep", "Completed", "Failed", "Canceled")).to.equal("Completed");
    expect(tried().sort()).to.deep.equal(values.map(String));
    for (const value of values) expect((await job(`sweep_${value}`))["status"]).to.equal("Completed");
  });
});
