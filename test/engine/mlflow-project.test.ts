import { expect } from "chai";
import execa from "execa";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

interface Outputs {
  readonly runId: string;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly command: string;
}

/** A program with an MlflowProject, run by the real engine; the steps build on one another. */
describe("MlflowProject on the local Azure", () => {
  const azure = new LocalAzure();
  const repository = join(azure.paths.folder, "repository");
  const data = join(azure.paths.folder, "own.csv");
  let stack: ProgramStack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;

  before(async () => {
    await azure.start();
    cpSync(join(packageRoot(), "examples", "mlflow-projects"), repository, { recursive: true });
    const git = ["-C", repository, "-c", "user.name=t", "-c", "user.email=t@example.com"];
    await execa("git", [...git, "init", "--quiet"]);
    await execa("git", [...git, "add", "."]);
    await execa("git", [...git, "commit", "--quiet", "--message", "readings"]);
    await execa("git", [...git, "tag", "v1"]);
    writeFileSync(data, "sensor,value\na,1\nb,2\n");
    stack = await ProgramStack.create(azure, "mlflow-project", {
      deployer: DEPLOYER.objectId,
      uri: `file://${repository}#readings`,
      version: "v1",
      above: "1.25",
      data: "data/readings.csv",
    });
  });
  after(async () => await azure.remove());

  it("a preview refuses what its MLproject does not take, with file and line", async () => {
    stack.set("data", "data/none.csv");
    expect(await stack.fails("preview")).to.contain(
      "MLproject:6: data is of type path, and the project has no file or folder data/none.csv",
    );
    stack.set("data", "data/readings.csv");
  });

  it("runs a repository's project at a tag, with its data", async () => {
    await stack.succeeds(...up);
    const { runId, ...rest } = await outputs();
    expect(runId).to.match(/^readings-/);
    expect(rest).to.deep.equal({
      status: "Completed",
      metrics: { readings: 5, above: 3, mean: 1.7 },
      command: "python summarize.py ./data/readings.csv 1.25",
    });
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("runs again with a file of this machine", async () => {
    const before = await outputs();
    stack.set("data", data);
    await stack.succeeds(...up);
    const { runId, ...rest } = await outputs();
    expect(runId).to.not.equal(before.runId);
    expect(rest).to.deep.equal({
      status: "Completed",
      metrics: { readings: 2, above: 1, mean: 1.5 },
      command: "python summarize.py ${{inputs.param_0}} 1.25",
    });
  });
});
