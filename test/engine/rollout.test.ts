import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RollingDeploymentArgs } from "../../components";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { badExample, changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { killTree } from "../helpers/running-up";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
type Rollout = Partial<RollingDeploymentArgs>;

const rollout: Rollout = {
  strategy: {
    kind: "steps",
    steps: [
      { weight: 0, mirror: 50, bakeSeconds: 300 },
      { weight: 20, bakeSeconds: 300 },
    ],
  },
  watchSeconds: 240,
  smokeRequests: [{ body: sample, expected: [0] }],
  gates: {
    limits: [
      { metric: "errorPercent", max: 1 },
      { metric: "latencyP95", maxRatio: 50 },
    ],
    minRequests: 3,
    intervalSeconds: 60,
    // A slow machine has fewer requests by the end of a step; it then waits for more.
    inconclusiveLimit: 1000,
  },
  retireAfterSeconds: 60,
};
const paused: Rollout = {
  ...rollout,
  strategy: { kind: "steps", steps: [{ weight: 20, bakeSeconds: 300, pause: true }] },
};

/** A program with a RollingDeployment, run by the real engine while its endpoint is called; the steps build on one another. */
describe("RollingDeployment on the local Azure", () => {
  // Metrics come minutes late here as in Azure: a minute is a second.
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  let caller: Caller;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const endpoint = async (): Promise<Status["endpoints"][number]> => {
    const [only] = (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints;
    return only ?? expect.fail("there is no endpoint");
  };
  const traffic = async (): Promise<Readonly<Record<string, number>>> => (await endpoint()).traffic;
  const deployments = async (): Promise<string[]> => (await endpoint()).deployments.map(({ name }) => name);
  const underLoad = async <T>(work: () => Promise<T>): Promise<T> =>
    await caller.answeredDuring(sample, work);
  const changedModel = (name: string): string => changedExample(azure, name);

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, rollout);
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("the first generation is smoked and gets all of the traffic", async () => {
    await stack.succeeds(...up);
    const { generation = "", phase, scoringUri = "", key = "" } = await stack.outputs();
    expect(phase).to.equal("Serving");
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
    caller = new Caller(azure, scoringUri, key);
    expect(await caller.score(sample)).to.deep.equal({ status: 200, answer: [0] });
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("another model is mirrored to, takes its steps and the old one's place, with the endpoint's tags changed in the same `up`; no request is lost", async () => {
    const { generation: first = "" } = await stack.outputs();
    stack.set("model", changedModel("v2"));
    stack.set("tags", { environment: "test", team: "risk" });
    const said = await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    for (const line of ["begins", "50 % mirrored", "20 %", "100 %", "is proven and serves"])
      expect(said).to.contain(`${generation}${line.includes("%") ? ":" : ""} ${line}`);
    expect(generation).to.not.equal(first);
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
    expect(await deployments()).to.deep.equal([generation]);
  });

  it("a model that answers wrongly is rolled back with the reason, refused, and tried again with a retry token", async () => {
    const { generation: serving = "" } = await stack.outputs();
    stack.set("model", await badExample(azure, "wrong", "answers wrongly"));
    const failed = await underLoad(async () => await stack.fails(...up));
    expect(failed).to.contain("smoke request 0: the answer is not the expected one");
    expect(await traffic()).to.deep.equal({ [serving]: 100 });
    expect(await stack.fails(...up)).to.contain("was refused before: smoke request 0");
    stack.set("rollout", { ...rollout, retry: "again" });
    expect(await stack.fails(...up)).to.contain("is rolled back: smoke request 0");
    expect(await traffic()).to.deep.equal({ [serving]: 100 });
  });

  it("a revert after that takes the failed generation away", async () => {
    stack.set("model", join(azure.paths.folder, "v2"));
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
    expect(await deployments()).to.deep.equal([generation]);
  });

  it("a model that fails on requests is found out by those that are mirrored to it, and else at its weight; the traffic goes back", async () => {
    const { generation: serving = "" } = await stack.outputs();
    stack.set("model", await badExample(azure, "failing", "fails"));
    const mirrored: Rollout = { ...rollout, smokeRequests: [] };
    stack.set("rollout", mirrored);
    expect(await underLoad(async () => await stack.fails(...up))).to.contain("errorPercent 100, limit 1");
    expect(await traffic()).to.deep.equal({ [serving]: 100 });

    const strategy = { kind: "canary", percent: 20, bakeSeconds: 1200 };
    stack.set("rollout", { ...mirrored, strategy, retry: "again" });
    const during = await caller.scoreDuring(sample, async () => {
      expect(await stack.fails(...up)).to.contain("errorPercent 100, limit 1");
    });
    expect(during.failed.every((answer) => answer.startsWith("424 "))).to.equal(true);
    expect(during.failed).to.have.length.within(1, during.count / 4);
    expect(await traffic()).to.deep.equal({ [serving]: 100 });

    stack.set("model", join(azure.paths.folder, "v2"));
    stack.set("rollout", rollout);
    await underLoad(async () => await stack.succeeds(...up));
    expect(await deployments()).to.deep.equal([serving]);
  });

  it("an `up` that is killed at 20 % goes on from there; no request is lost", async () => {
    stack.set("rollout", rollout);
    stack.set("model", changedModel("v4"));
    const { generation: old = "" } = await stack.outputs();
    await underLoad(async () => {
      const killed = stack.start(...up);
      while ((await traffic())[old] !== 80) {
        if (killed.exitCode !== null) expect.fail(`ended before it was at 20 %: ${(await killed).stdout}`);
        await sleep(50);
      }
      killTree(killed.pid ?? 0, azure.run().pid);
      await killed;
      expect(await traffic()).to.have.property(old, 80);
      await stack.succeeds("cancel", "--yes");
      await stack.succeeds(...up);
    });
    const { generation = "", phase } = await stack.outputs();
    expect(phase).to.equal("Serving");
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
    expect(await deployments()).to.deep.equal([generation]);
  });

  it("a pause ends `up` well, an unchanged one plans nothing, changed tags leave its weights, and promote goes on", async () => {
    const { generation: old = "" } = await stack.outputs();
    stack.set("model", changedModel("v5"));
    stack.set("rollout", paused);
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "", phase } = await stack.outputs();
    expect(phase).to.equal("Paused");
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    stack.set("tags", { environment: "test" });
    await stack.succeeds(...up);
    expect(await traffic()).to.deep.equal({ [old]: 80, [generation]: 20 });
    stack.set("rollout", { ...paused, promote: generation });
    await underLoad(async () => await stack.succeeds(...up));
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
  });

  it("`destroy` in the middle of a rollout leaves nothing", async () => {
    stack.set("model", changedModel("v6"));
    stack.set("rollout", paused);
    await underLoad(async () => await stack.succeeds(...up));
    expect(await deployments()).to.have.length(2);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
  });

  it("a first generation that fails gets no traffic, and what follows it serves; or `destroy` takes all away", async () => {
    const wrong = await badExample(azure, "wrong-first", "answers wrongly");
    stack.set("rollout", rollout);
    for (const next of ["v1", undefined]) {
      stack.set("model", wrong);
      expect(await stack.fails(...up)).to.contain("smoke request 0: the answer is not the expected one");
      expect(await traffic()).to.deep.equal({});
      if (next !== undefined) {
        stack.set("model", exampleModelFolder);
        await stack.succeeds(...up);
        const { generation = "" } = await stack.outputs();
        expect(await traffic()).to.deep.equal({ [generation]: 100 });
        expect(await deployments()).to.deep.equal([generation]);
      }
      await stack.succeeds("destroy", "--yes", "--skip-preview");
      expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
    }
  });
});
