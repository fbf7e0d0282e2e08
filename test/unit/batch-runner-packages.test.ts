import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forRunnerAlone } from "../../local/batch/runner-packages";

describe("packages of Azure ML's batch runner", () => {
  const folder = mkdtempSync(join(tmpdir(), "code-"));
  after(() => rmSync(folder, { recursive: true }));

  it("are for the runner alone unless some module of the scoring code uses them", () => {
    writeFileSync(join(folder, "score.py"), 'import os\n\nfolder = os.environ["AZUREML_MODEL_DIR"]\n');
    writeFileSync(join(folder, "notes.txt"), "azureml.core\n");
    expect(forRunnerAlone(folder)).to.deep.equal(["azureml-core", "azureml-dataset-runtime"]);
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more", "runs.py"), "from azureml.core import Run\n");
    expect(forRunnerAlone(folder)).to.deep.equal([]);
  });
});
