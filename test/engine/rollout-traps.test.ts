import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import { endLeftBehind } from "../../local/left-behind";
import { packageRoot } from "../../tools/paths";
import { badExample, changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { killTree } from "../helpers/running-up";
import { Caller } from "../helpers/score";
import { ServedEndpoint, type Traffic } from "../helpers/served-endpoint";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
type Rollout = Partial<RollingDeploymentArgs>;

/** In seconds of the local Azure's time. */
const judged: Rollout = {
  strategy: {
    kind: "steps",
    steps: [
      { weight: 0, mirror: 50, bakeSeconds: 240 },
      { weight: 20, bakeSeconds: 240 },
    ],
  },
  watchSeconds: 240,
  gates: {
    limits: [{ metric: "errorPercent", max: 1 }],
    minRequests: 1,
    intervalSeconds: 60,
    inconclusiveLimit: 100,
  },
  retireAfterSeconds: 60,
};
const quick: Rollout = {
  strategy: { kind: "canary", percent: 20, bakeSeconds: 60 },
  watchSeconds: 0,
  retireAfterSeconds: 60,
};
/** Held until the test is done with it. */
const held: Rollout = { ...quick, strategy: { kind: "canary", percent: 20, bakeSeconds: 600_000 } };

/** What loses a live service elsewhere, by the real engine under a steady load whose every request is answered; the steps build on one another. */
describe("a RollingDeployment that things go wrong with", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "240" });
  const endpoint = new ServedEndpoint(azure);
  let stack: ProgramStack;
  let caller: Caller;
  let endpointId: string;
  const up = ["up", "--yes", "--skip-preview"] as const;
  /** Every map that was live meanwhile; no request failed. */
  const underLoad = async (work: () => Promise<unknown>): Promise<Traffic[]> =>
    await caller.answeredDuring(sample, async () => await endpoint.mapsDuring(work));
  const serving = async (): Promise<string> => {
    const [[name, percent] = ["", 0], ...more] = Object.entries(await endpoint.traffic());
    expect([percent, more]).to.deep.equal([100, []]);
    return name;
  };
  /** What serves has all of the traffic, and nothing is beside it. */
  const servesAlone = async (generation: string): Promise<void> => {
    expect(await serving()).to.equal(generation);
    expect((await endpoint.deployments()).map(({ name }) => name)).to.deep.equal([generation]);
  };

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, quick);
    await stack.succeeds(...up);
    const outputs = await stack.outputs();
    endpointId = outputs["endpointId"] ?? "";
    caller = new Caller(azure, outputs["scoringUri"] ?? "", outputs["key"] ?? "");
  });
  after(async () => {
    await caller?.close();
    // What the engine that was killed alone had started.
    await endLeftBehind(azure.paths);
    await azure.remove();
  });

  it("a newer model after one that a gate rolled back serves, and the failed one goes", async () => {
    const old = await serving();
    stack.set("rollout", judged);
    stack.set("model", await badExample(azure, "v3", "fails"));
    const maps = await underLoad(async () => {
      expect(await stack.fails(...up)).to.contain("errorPercent 100, limit 1");
    });
    expect(maps).to.deep.equal([{ [old]: 100 }]);
    expect(await endpoint.deployments()).to.have.length(2);
    stack.set("model", changedExample(azure, "v4"));
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    expect(generation).to.not.equal(old);
    await servesAlone(generation);
  });

  it("an `up` that is killed after the generation is created and before it has traffic, then reverted, leaves nothing of it", async () => {
    const old = await serving();
    stack.set("rollout", quick);
    stack.set("model", changedExample(azure, "v5"));
    const maps = await underLoad(async () => {
      const killed = stack.start(...up);
      await endpoint.until(({ deployments }) => deployments.length === 2);
      killTree(killed.pid ?? 0, azure.run().pid);
      await killed;
      await stack.succeeds("cancel", "--yes");
      stack.set("model", changedExample(azure, "v4"));
      await stack.succeeds(...up);
    });
    expect(maps).to.deep.equal([{ [old]: 100 }]);
    await servesAlone(old);
  });

  it("a kill of `pulumi` alone leaves no provider that keeps the next one from the endpoint", async () => {
    const old = await serving();
    stack.set("rollout", held);
    stack.set("model", changedExample(azure, "v6"));
    await underLoad(async () => {
      const killed = stack.start(...up);
      await endpoint.until(({ traffic }) => traffic[old] === 80);
      killed.kill("SIGKILL");
      await killed;
      await stack.succeeds("cancel", "--yes");
      stack.set("rollout", quick);
      stack.set("model", changedExample(azure, "v4"));
      await stack.succeeds(...up);
    });
    await servesAlone(old);
  });

  it("an `up` whose lease another writer has taken writes no more, and says so; the next goes on when that one is done", async () => {
    const old = await serving();
    stack.set("rollout", held);
    stack.set("model", changedExample(azure, "v7"));
    await underLoad(async () => {
      const losing = stack.start(...up);
      try {
        await endpoint.until(({ traffic }) => traffic[old] === 80);
        await execa(process.execPath, ["-e", takeLease, endpointId], {
          cwd: packageRoot(),
          env: azure.environment(),
        });
        const { stdout, stderr } = await losing;
        expect(stdout + stderr).to.contain("another writer has taken over this endpoint's rollout");
      } finally {
        losing.kill();
      }
    });
    expect(await endpoint.traffic()).to.have.property(old, 80);
    stack.set("rollout", quick);
    await underLoad(async () => await stack.succeeds(...up));
    const { generation = "" } = await stack.outputs();
    expect(generation).to.not.equal(old);
    await servesAlone(generation);
  });
});

/** What another writer does that finds the lease stuck: breaks it, and takes it for 20 seconds. */
const takeLease = `
const { arm } = require("./dist/providers/clients/arm.js");
const { blobName, workspaceContainer } = require("./dist/providers/generations/store.js");
workspaceContainer(arm(), process.argv[1]).then(async (container) => {
  const lease = container.getBlobClient(blobName(process.argv[1], "lease")).getBlobLeaseClient();
  await lease.breakLease(0);
  await lease.acquireLease(20);
});
`;
