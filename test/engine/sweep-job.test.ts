import { expect } from "chai";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";

interface Outputs {
  readonly runId: string;
  readonly bestRunId: string;
  readonly trials: number;
  readonly metrics: { readonly accuracy: number };
  readonly params: { readonly kernel: string; readonly strength: string };
  readonly version: string;
}

/** The example, run by the real engine; the steps build on one another. */
describe("a sweep by one `up`", () => {
  const azure = new LocalAzure();
  let stack: Stack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;

  before(async () => {
    await azure.start();
    stack = await azure.program(join(packageRoot(), "examples", "sweep"), "dev", {
      "wines:deployer": DEPLOYER.objectId,
      "wines:trials": 3,
      "wines:concurrency": 2,
    });
  });
  after(async () => await azure.remove());

  it("tries values, and registers the best trial's model", async () => {
    const said = await stack.succeeds(...up);
    const { runId, bestRunId, trials, metrics, params, version } = await outputs();
    expect(said).to.contain(`sweep ${runId}: Completed`);
    expect(bestRunId).to.match(new RegExp(`^${runId}_[0-2]$`));
    expect(trials).to.equal(3);
    expect(metrics.accuracy).to.be.above(0.9);
    expect(["linear", "rbf"]).to.include(params.kernel);
    expect(Number(params.strength)).to.be.within(Math.exp(-4), Math.exp(3));
    expect(version).to.equal("1");
  });

  it("tries nothing again where nothing changed, or only how many go at a time", async () => {
    const before = await outputs();
    await stack.succeeds("preview", "--expect-no-changes");
    stack.set("wines:concurrency", 3);
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.equal(before);
  });
});
