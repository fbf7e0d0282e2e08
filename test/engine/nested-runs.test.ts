import { expect } from "chai";
import execa from "execa";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot, python } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";

interface Outputs {
  readonly trackingUri: string;
  readonly runId: string;
  readonly metrics: { readonly accuracy: number };
  readonly params: { readonly kernel: string; readonly strength: string };
  readonly version: string;
}

/** Status and logged names of the runs below one, as MLflow's own client finds them. */
const BELOW = `
import json, sys
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
found = mlflow.search_runs(search_all_experiments=True, output_format="list", filter_string=f"tags.mlflow.parentRunId = '{sys.argv[2]}'")
print(json.dumps([[run.info.status, run.data.metrics["accuracy"], run.data.params] for run in found]))
`;

/** The example, run by the real engine. */
describe("a search inside one job", () => {
  const azure = new LocalAzure();
  before(async () => await azure.start());
  after(async () => await azure.remove());

  it("has a nested run for each trial, and registers the model of the best one", async () => {
    const stack = await azure.program(join(packageRoot(), "examples", "nested-runs"), "dev", {
      "wines-study:deployer": DEPLOYER.objectId,
      "wines-study:trials": 3,
    });
    await stack.succeeds("up", "--yes", "--skip-preview");
    const { trackingUri, runId, metrics, params, version } = (await stack.outputs()) as unknown as Outputs;
    expect(version).to.equal("1");
    const { stdout } = await execa(python, ["-c", BELOW, trackingUri, runId], { env: azure.environment() });
    const trials = JSON.parse(stdout) as [string, number, Outputs["params"]][];
    expect(trials.map(([status]) => status)).to.deep.equal(["FINISHED", "FINISHED", "FINISHED"]);
    const accuracies = trials.map(([, accuracy]) => accuracy);
    expect(metrics.accuracy).to.equal(Math.max(...accuracies));
    const best = trials.find(([, accuracy]) => accuracy === metrics.accuracy);
    expect(best?.[2]).to.deep.equal(params);
  });
});
