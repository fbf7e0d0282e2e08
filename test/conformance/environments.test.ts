import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import execa from "execa";
import { pythonOf } from "../../local/environments/python";
import { python as sharedPython } from "../../tools/paths";

describe("the Python of an environment, built", function () {
  this.timeout(300_000);
  const cache = mkdtempSync(join(tmpdir(), "environments-"));
  after(() => rmSync(cache, { recursive: true, force: true }));

  const said: string[] = [];
  const build = async (dependencies: readonly unknown[], signal?: AbortSignal): Promise<string> =>
    await pythonOf(
      {
        id: "/environments/scoring/versions/1",
        image: "mcr.example/base:1",
        condaFile: JSON.stringify({ name: "scoring", dependencies }),
        build: false,
      },
      { cache, say: (line) => said.push(line), ...(signal && { signal }) },
    );
  const reason = async (dependencies: readonly unknown[], signal?: AbortSignal): Promise<string> =>
    await build(dependencies, signal).then(
      (path) => path,
      (error: Error) => error.message,
    );
  beforeEach(() => said.splice(0));

  it("is the shared one where that has everything", async () => {
    expect(await build(["pandas", { pip: ["mlflow", "azureml-inference-server-http"] }])).to.equal(
      sharedPython,
    );
    expect(said.join("\n"))
      .to.contain("the image mcr.example/base:1 is not used")
      .and.contain("the shared Python environment has what the conda file names");
  });

  it("has what the conda file names and nothing else, built once for two that want it", async () => {
    const wanted = ["pip", { pip: ["tabulate==0.9.0"] }];
    const [one, other] = await Promise.all([build(wanted), build(wanted)]);
    expect(one).to.equal(other).and.not.equal(sharedPython);
    const versions = "from importlib.metadata import version; print(version('tabulate'))";
    expect((await execa(one, ["-c", versions])).stdout).to.equal("0.9.0");
    const { exitCode } = await execa(one, ["-c", "import pandas"], { reject: false });
    expect(exitCode).to.equal(1);
    expect(said.filter((line) => line.startsWith("building"))).to.deep.equal([
      "building the environment: tabulate==0.9.0",
    ]);
    expect(said).to.include("the environment is being built already; waiting for it");
    said.splice(0);
    expect(await build(wanted)).to.equal(one);
    expect(said.join()).to.not.contain("building");
  });

  it("is not there where pip fails, with pip's reason, nor where nobody wants it any more", async () => {
    const failed = await reason(["tabulate=0.9", "no-such-package-of-conda=11.8"]);
    expect(failed).to.contain("No matching distribution found for no-such-package-of-conda==11.8.*");
    expect(failed.split("\n")).to.have.length.below(6);
    const abort = new AbortController();
    const unwanted = reason(["tabulate<0.9"], abort.signal);
    abort.abort();
    expect(await unwanted).to.contain("aborted");
    const python = await build(["tabulate<0.9"]);
    expect(existsSync(join(dirname(dirname(python)), ".complete"))).to.equal(true);
  });
});
