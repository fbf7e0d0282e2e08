import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { objectAt } from "../../local/arm/objects";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

/** Each step is one function of `clients/command_jobs.py`; later ones build on those before. */
describe("command jobs, by the unmodified azure-ai-ml and mlflow clients", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let client: ClientProcess;
  const seen = async (step: string): Promise<unknown> => await client.call(step);

  before(async () => {
    workspace = await AzureWorkspace.open("jobs");
    await workspace.allowBlobs();
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["command_jobs.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await client?.close();
    await workspace?.close();
  });

  it("run a script with inputs and outputs on a cluster, and are streamed", async () => {
    expect(await seen("prepare")).to.deep.equal(["one"]);
    expect(await seen("train")).to.deep.equal({
      made: ["train-1", "command", "first trial", "trials"],
      streamed: ["Streaming user_logs/std_log.txt", "rows 4"],
      status: "Completed",
    });
  });

  it("track in the run that has the job's name, without a line of set-up", async () => {
    expect(await seen("tracked")).to.deep.equal({
      id: "train-1",
      name: "first trial",
      status: "FINISHED",
      experiment: "trials",
      metrics: { rows: 4 },
      params: { rate: "0.5" },
      team: "churn",
      artifacts: ["notes", "outputs", "system_logs", "user_logs"],
      seen: "seen",
    });
  });

  it("have their logs, artifacts and outputs downloaded", async () => {
    expect(await seen("downloaded")).to.deep.equal({
      files: [
        "artifacts/notes/seen.txt",
        "artifacts/outputs/report.txt",
        "artifacts/user_logs/std_log.txt",
        "named-outputs/model/weights.txt",
        "named-outputs/note/note",
      ],
      model: "0.5",
      note: ["my own"],
      log: "rows 4",
    });
  });

  it("have what they write in their run while they run", async () => {
    const gate = join(workspace.paths.folder, "gate");
    const environmentId = `${workspace.id}/environments/plain/versions/1`;
    await workspace.ml("PUT", environmentId, {
      properties: { image: "image", condaFile: "dependencies: [pip]" },
    });
    const command = `mkdir outputs/deep; echo early > outputs/deep/it; echo told > logs/it; until [ -e ${gate} ]; do sleep 0.1; done; echo late > outputs/deep/it`;
    const id = `${workspace.id}/jobs/writes`;
    await workspace.ml("PUT", id, { properties: { jobType: "Command", command, environmentId } });
    const status = async (): Promise<unknown> =>
      objectAt(await workspace.ml("GET", id), "properties")["status"];
    const artifacts = "azureml/ExperimentRun/dcid.writes";
    const reads = async (path: string): Promise<string> => {
      try {
        return String(await workspace.readBlob(`${artifacts}/${path}`));
      } catch (error) {
        expect(String(error)).to.match(/(Blob|Container)NotFound/);
        return "";
      }
    };
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await sleep(100);
    };
    await until(
      async () => (await reads("outputs/deep/it")) === "early\n" && (await reads("logs/it")) === "told\n",
    );
    expect(await status()).to.equal("Running");
    writeFileSync(gate, "");
    await until(async () => (await status()) === "Completed");
    expect(await reads("outputs/deep/it")).to.equal("late\n");
  });

  it("read data assets, datastores, other jobs' outputs, and addresses", async () => {
    const direct = "azureml://datastores/workspaceblobstore/paths/azureml/train-1/model";
    expect(await seen("reads")).to.deep.equal(["Completed", ["1", "2", "3", "0.50.5", direct]]);
  });

  it("fail with what the command printed last", async () => {
    expect(await seen("fails")).to.deep.equal({ status: "Failed", words: true, run: "FAILED" });
  });

  it("wait for a node of the cluster, and are cancelled", async () => {
    expect(await seen("queues_and_cancels")).to.deep.equal({
      serverless: "Completed",
      waits: "Queued",
      cancelled: ["Canceled", "KILLED"],
      then: "Completed",
    });
  });

  it("are cancelled when they take longer than they may", async () => {
    expect(await seen("times_out")).to.equal("Canceled");
  });

  it("are refused for an image without a conda file, and for more nodes than there are", async () => {
    const { image, cluster } = (await seen("refuses")) as Record<string, [number, string]>;
    expect(image).to.have.property("0", 400);
    expect(image?.[1]).to.contain("give the environment a conda file");
    expect(cluster?.[1]).to.contain("the cluster has at most 1 nodes");
  });

  it("are listed, and say where their outputs are", async () => {
    const { listed, outputs } = (await seen("lists")) as {
      listed: string[];
      outputs: Record<string, string>;
    };
    expect(listed).to.deep.equal([
      "fails-1",
      "holds-1",
      "late-1",
      "reads-1",
      "serverless-1",
      "train-1",
      "waits-1",
      "writes",
    ]);
    expect(outputs["model"]).to.match(/datastores\/workspaceblobstore\/paths\/azureml\/train-1\/model\/$/);
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
