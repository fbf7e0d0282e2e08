import { expect } from "chai";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

/** Each step is one function of `clients/sweep_jobs.py`; later ones build on those before. */
describe("sweeps, by the unmodified azure-ai-ml and mlflow clients", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let client: ClientProcess;
  const seen = async (step: string): Promise<unknown> => await client.call(step);

  before(async () => {
    workspace = await AzureWorkspace.open("sweeps");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["sweep_jobs.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await client?.close();
    await workspace?.close();
  });

  it("run a grid on a cluster, are streamed, and tell the best trial", async () => {
    expect(await seen("prepare")).to.deep.equal(["two"]);
    expect(await seen("searches")).to.deep.equal({
      made: ["grid-1", "sweep", "search"],
      streamed: ["Streaming azureml-logs/hyperdrive.txt"],
      told: true,
      status: "Completed",
      best: "grid-1_3",
    });
  });

  it("are runs below a run", async () => {
    const trial = (number: number, rate: string, depth: string, accuracy: number): unknown[] => [
      `grid-1_${number}`,
      "FINISHED",
      { rate, depth },
      { accuracy },
    ];
    expect(await seen("tracked")).to.deep.equal({
      parent: ["FINISHED", "grid-1_3"],
      trials: [
        trial(0, "0.1", "1", 0.2),
        trial(1, "0.1", "3", 0.4),
        trial(2, "0.5", "1", 0.6),
        trial(3, "0.5", "3", 0.8),
      ],
      experiment: "search",
      seen: "seen",
    });
  });

  it("have the best trial's output downloaded", async () => {
    expect(await seen("downloaded")).to.deep.equal({ "named-outputs/model/weights.txt": "0.5 3" });
  });

  it("list their trials below them, each a command job", async () => {
    expect(await seen("lists")).to.deep.equal({
      listed: ["grid-1"],
      children: ["grid-1_0", "grid-1_1", "grid-1_2", "grid-1_3"],
      trial: ["command", "Completed"],
    });
  });

  it("end a trial that does badly while it runs", async () => {
    expect(await seen("ends_early")).to.deep.equal({
      status: "Completed",
      runs: { "early-1": "FINISHED", "early-1_0": "FINISHED", "early-1_1": "KILLED" },
      best: "early-1_0",
    });
  });

  it("draw by Sobol's sequence and by what was learned", async () => {
    expect(await seen("draws")).to.deep.equal({ status: ["Completed", "Completed"], trials: [2, 3] });
  });

  it("fail where every trial does", async () => {
    expect(await seen("fails")).to.deep.equal(["Failed", "FAILED"]);
  });

  it("are cancelled with their trials", async () => {
    expect(await seen("cancels")).to.deep.equal(["Canceled", ["Canceled"]]);
  });

  it("are refused with the reason", async () => {
    const { grid, bounds, compute } = (await seen("refuses")) as Record<string, [number, string]>;
    expect(grid?.[1]).to.contain("Grid sampling takes choices alone, and 'x' is none");
    expect(bounds?.[1]).to.contain("a minimum that is not below its maximum");
    expect(compute?.[0]).to.equal(404);
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
