import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import type { StepResult } from "../../providers/pipeline/types";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

interface Outputs {
  readonly runId: string;
  readonly status: string;
  readonly accuracy: number;
  readonly reused: readonly string[];
  readonly version: string;
}

const SCRIPTS = {
  "search.py": `import sys, mlflow
mlflow.log_param("rate", sys.argv[1])
mlflow.log_metric("score", float(sys.argv[1]))
open(sys.argv[2], "w").write(sys.argv[1])
`,
  "judge.py": `import sys
open(sys.argv[3], "w").write(str(float(open(sys.argv[1]).read()) * float(sys.argv[2])))
`,
  "last.py": `import sys, mlflow
mlflow.log_metric("judged", float(open(sys.argv[1]).read()))
`,
};

/** The example, run by the real engine; the steps build on one another. */
describe("Pipeline on the local Azure", () => {
  const azure = new LocalAzure();
  const up = ["up", "--yes", "--skip-preview"] as const;
  let stack: Stack;
  let first: Outputs;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;

  before(async () => {
    await azure.start();
    stack = await azure.program(join(packageRoot(), "examples", "pipeline"), "dev", {
      "tumour-pipeline:deployer": DEPLOYER.objectId,
    });
  });
  after(async () => await azure.remove());

  it("runs the steps, and registers the model that one has written", async () => {
    const said = await stack.succeeds(...up);
    first = await outputs();
    expect(said).to.contain(`pipeline ${first.runId}: Completed`);
    expect(first).to.deep.include({ status: "Completed", reused: [], version: "1" });
    expect(first.accuracy).to.be.above(0.9);
  });

  it("runs nothing again where nothing changed", async () => {
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("runs again what changed and what reads from it, and registers the next version", async () => {
    stack.set("tumour-pipeline:strength", 1);
    await stack.succeeds(...up);
    const after = await outputs();
    expect(after.runId).to.not.equal(first.runId);
    expect(after).to.deep.include({ reused: ["prepare"], version: "2" });
  });

  it("has the best trial of a step that is a sweep, read by a pipeline that is a step", async () => {
    const code = join(azure.paths.folder, "code");
    const conda = join(azure.paths.folder, "conda.yaml");
    mkdirSync(code);
    for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(join(code, name), text);
    writeFileSync(conda, "name: e\ndependencies:\n  - python=3.11\n");
    const settings = { deployer: DEPLOYER.objectId, code, conda };
    const searches = await ProgramStack.create(azure, "pipeline", settings);
    await searches.succeeds(...up);
    await searches.succeeds("preview", "--expect-no-changes");
    const { status, stepRuns } = (await searches.outputs()) as unknown as {
      readonly status: string;
      readonly stepRuns: Readonly<Record<string, StepResult>>;
    };
    const { search, judged, last } = stepRuns;
    expect([status, search?.bestRunId]).to.deep.equal(["Completed", `${search?.runId}_1`]);
    expect([search?.metrics, search?.params]).to.deep.equal([{ score: 0.3 }, { rate: "0.3" }]);
    expect(search?.outputUris["rate"]).to.contain(`/${search?.bestRunId}/rate`);
    expect([judged?.status, last?.metrics]).to.deep.equal(["Completed", { judged: 3 }]);
  });
});
