import { expect } from "chai";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { Caller } from "../helpers/score";

const rollout: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "allAtOnce" },
  watchSeconds: 0,
  smokeRequests: [{ body: [1, 2] }],
  retireAfterSeconds: 0,
};

/** What the script answers numbers with, by the factor in the model's file. */
const script = (answer: string): string => `
import json
import os
from pathlib import Path


def init():
    global factor
    factor = json.loads(Path(os.environ["AZUREML_MODEL_DIR"], "plain", "factor.json").read_text())


def run(request):
    return ${answer}
`;
const PRODUCTS = script("[factor * number for number in json.loads(request)]");
const SUM = script("factor * sum(json.loads(request))");

const CONDA = `
name: scoring
dependencies:
  - python=3.11
  - pip:
      - azureml-inference-server-http==1.5.1
`;

/** A model that is not MLflow's behind a script that changes, run by the real engine; the steps build on one another. */
describe("a model with a scoring script on the local Azure", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  const files = join(azure.paths.folder, "files");
  const code = { path: join(files, "code"), scoringScript: "score.py" };
  const condaFile = join(files, "conda.yaml");
  const body = [1, 2];
  let stack: ProgramStack;
  let caller: Caller;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const write = (text: string): void => writeFileSync(join(code.path, code.scoringScript), text);
  const endpoint = async (): Promise<Status["endpoints"][number]> => {
    const [only] = (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints;
    return only ?? expect.fail("there is no endpoint");
  };
  /** What a preview would do, by resource, and the generation that it shows. */
  const planned = async (): Promise<{ ops: Record<string, string>; generation: unknown }> => {
    const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as {
      steps: { op: string; urn: string; newState?: { inputs?: Record<string, unknown> } }[];
    };
    const changed = steps.filter(({ op }) => op !== "same");
    const rolling = changed.find(({ urn }) => urn.includes(":Rollout::"));
    return {
      ops: Object.fromEntries(changed.map(({ op, urn }) => [urn.slice(urn.lastIndexOf("::") + 2), op])),
      generation: rolling?.newState?.inputs?.["generation"],
    };
  };

  before(async () => {
    await azure.start();
    for (const folder of ["plain", "code"]) mkdirSync(join(files, folder), { recursive: true });
    writeFileSync(join(files, "plain", "factor.json"), "3");
    writeFileSync(condaFile, CONDA);
    write(PRODUCTS);
    stack = await rolloutStack(azure, rollout);
    stack.set("model", join(files, "plain"));
    stack.set("script", {});
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("is refused without the script, before a deployment is made", async () => {
    expect(await stack.fails(...up)).to.contain("only an MLflow model scores by itself");
    expect((await endpoint()).deployments).to.deep.equal([]);
  });

  it("answers as the script says, with the model's file and the environment's packages", async () => {
    stack.set("script", { code, condaFile });
    await stack.succeeds(...up);
    const { scoringUri = "", key = "" } = await stack.outputs();
    caller = new Caller(azure, scoringUri, key);
    expect(await caller.score(body)).to.deep.equal({ status: 200, answer: [3, 6] });
    await stack.succeeds("up", "--yes", "--expect-no-changes");
  });

  it("is no other by the time of the script's file, nor by what Python and Finder leave beside it", async () => {
    utimesSync(join(code.path, code.scoringScript), 1, 1);
    mkdirSync(join(code.path, "__pycache__"));
    writeFileSync(join(code.path, "__pycache__", "score.cpython-311.pyc"), "compiled");
    writeFileSync(join(code.path, ".DS_Store"), "finder");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("with another script is another generation, whose name a preview knows, and takes its place without a request lost", async () => {
    const { generation: first = "" } = await stack.outputs();
    write(SUM);
    const plan = await planned();
    expect(plan.ops).to.deep.equal({ "churn-model-code": "replace", "churn-model": "update" });
    await caller.answeredDuring(body, async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    expect(generation).to.equal(plan.generation).and.not.equal(first);
    expect((await endpoint()).traffic).to.deep.equal({ [generation]: 100 });
    expect(await caller.score(body)).to.deep.equal({ status: 200, answer: 9 });
  });

  it("with a script that fails on requests, or as it begins, changes nothing for callers", async () => {
    const { generation: serving = "" } = await stack.outputs();
    for (const [text, reason] of [
      [script("1 / 0"), "smoke request 0"],
      [PRODUCTS.replace("factor.json", "missing.json"), "missing.json"],
    ] as const) {
      write(text);
      expect(await stack.fails(...up)).to.contain(reason);
      expect((await endpoint()).traffic).to.deep.equal({ [serving]: 100 });
      expect(await caller.score(body)).to.deep.equal({ status: 200, answer: 9 });
    }
  });

  it("goes back to the script of before by its content, and goes", async () => {
    write(PRODUCTS);
    await stack.succeeds(...up);
    expect(await caller.score(body)).to.deep.equal({ status: 200, answer: [3, 6] });
    await stack.succeeds("destroy", "--yes", "--skip-preview");
  });
});
