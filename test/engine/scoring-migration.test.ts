import { expect } from "chai";
import execa from "execa";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SmokeRequest } from "../../components";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot, python } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { changes } from "../helpers/plan";
import { Caller } from "../helpers/score";

const example = join(packageRoot(), "examples", "migrate-a-scoring-script");
const TOKEN = `from azure.identity import EnvironmentCredential
print(EnvironmentCredential().get_token("https://ml.azure.com/.default").token)`;

/** Of row, species, probability and file: as the script writes them, and as two values of an MLflow model's prediction. */
const lineOfScript = /^(?<row>\d+) (?<species>\w+) (?<probability>\S+) (?<file>\S+)$/;
const lineOfMlflow = /^(?<row>\d+),"\['(?<species>\w+)', (?<probability>[^\]]+)\]",(?<file>\S+)$/;

/** The example, run by the real engine; the steps build on one another. */
describe("a scoring script that becomes an MLflow model", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  const [request = expect.fail("the example has a request")] = JSON.parse(
    readFileSync(join(example, "smoke.json"), "utf8"),
  ) as SmokeRequest[];
  const answered = { status: 200, answer: request.expected };
  const models = join(azure.paths.folder, "models");
  let stack: Stack;
  let caller: Caller;
  /** The generations that the script scores. */
  let script: Record<string, string>;
  const up = async (): Promise<string> => await stack.succeeds("up", "--yes", "--skip-preview");
  /** What the batch job over the samples predicted, written by lines of such a form. */
  const predicted = async (line: RegExp): Promise<unknown[]> => {
    const { endpointId, predictionUris } = (await stack.outputs()) as unknown as {
      endpointId: string;
      predictionUris: string[];
    };
    expect(predictionUris).to.have.length(1);
    const { stdout } = await execa(process.execPath, ["-e", read, endpointId, ...predictionUris], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return stdout.split("\n").map((text) => {
      const { row, species, probability, file } = line.exec(text)?.groups ?? expect.fail(text);
      return { row: Number(row), species, probability: Number(probability), file };
    });
  };
  const samples = JSON.parse(readFileSync(join(example, "samples.json"), "utf8")) as unknown[];

  before(async () => {
    await azure.start();
    await execa(python, [join(example, "train.py"), join(models, "old-model")]);
    await execa(python, [join(example, "migrate.py"), models]);
    stack = await azure.program(example, "dev", {
      "iris-species:deployer": DEPLOYER.objectId,
      "iris-species:models": models,
      "iris-species:strategy": { kind: "canary", percent: 20, bakeSeconds: 60 },
      "iris-species:watchSeconds": 60,
    });
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("serves the plain file by the script", async () => {
    await up();
    script = await stack.outputs();
    const { scoringUri = "" } = script;
    const { stdout: token } = await execa(python, ["-c", TOKEN], { env: azure.environment() });
    caller = new Caller(azure, scoringUri, token);
    expect(await caller.score(request.body)).to.deep.equal(answered);
    expect(await predicted(lineOfScript)).to.have.deep.members(samples);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("refuses a migrated model with other answers, online and in batch, and callers notice nothing", async () => {
    const wrong = join(azure.paths.folder, "wrong-models");
    cpSync(models, wrong, { recursive: true });
    const species = join(wrong, "mlflow-model", "species.py");
    const swapped = readFileSync(species, "utf8").replace('"setosa", "versicolor"', '"versicolor", "setosa"');
    writeFileSync(species, swapped);
    stack.set("iris-species:models", wrong);
    stack.set("iris-species:served", "mlflow");
    const { exitCode, stdout } = await caller.answeredDuring(
      request.body,
      async () => await stack.pulumi("up", "--yes", "--skip-preview", "--continue-on-error"),
    );
    expect(exitCode).to.not.equal(0);
    expect(stdout).to.contain("2 of 3 expected lines are not in the output");
    expect(stdout).to.contain(`the default stays ${script["batchGeneration"] ?? ""}`);
    expect(await caller.score(request.body)).to.deep.equal(answered);
    stack.set("iris-species:models", models);
  });

  it("serves the migrated model with the same answers after one `up`, and no request is lost", async () => {
    stack.set("iris-species:served", "mlflow");
    const said = await caller.answeredDuring(request.body, up);
    expect(await caller.score(request.body)).to.deep.equal(answered);
    const { generation, phase, batchGeneration = "" } = await stack.outputs();
    expect(generation).to.not.equal(script["generation"]);
    expect(phase).to.equal("Serving");
    expect(batchGeneration).to.not.equal(script["batchGeneration"]);
    expect(said).to.contain(`${batchGeneration} is proven, and the default`);
    expect(await predicted(lineOfMlflow)).to.have.deep.members(samples);
    expect((await changes(stack)).map(({ name }) => name)).to.deep.equal([]);
  });

  it("goes back to the script as fast as that, and goes", async () => {
    stack.set("iris-species:served", "script");
    const said = await caller.answeredDuring(request.body, up);
    expect(await caller.score(request.body)).to.deep.equal(answered);
    expect(said).to.contain("it is the default again");
    expect(await predicted(lineOfScript)).to.have.deep.members(samples);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
  });
});

const read = `
const { workspaceIdOf } = require("./dist/providers/clients/arm-id.js");
const { filesAt } = require("./dist/providers/jobs/score.js");
const { arm } = require("./dist/providers/clients/arm.js");
const { containerClient } = require("./dist/providers/clients/blob.js");
const [endpointId, uri] = process.argv.slice(1);
filesAt({ arm: arm(), containerClient }, workspaceIdOf(endpointId), uri)
  .then(async ([file]) => (await file.open()).pipe(process.stdout));
`;
