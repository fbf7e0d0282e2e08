import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import type { LiveEndpoint } from "../../providers/online-endpoint/types";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { Caller } from "../helpers/score";
import { ServedEndpoint, type Traffic } from "../helpers/served-endpoint";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
const rollout: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "steps", steps: [{ weight: 10, bakeSeconds: 60, pause: true }] },
  watchSeconds: 0,
  retireAfterSeconds: 0,
};

/** Who else writes the endpoint while a RollingDeployment has it at 90/10; the steps build on one another. */
describe("the traffic of a RollingDeployment", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  let halfway: Traffic;
  let caller: Caller;
  const endpoint = new ServedEndpoint(azure);
  const up = ["up", "--yes", "--skip-preview"] as const;
  const move = async (map: Traffic): Promise<void> => {
    const { endpointId = "" } = await stack.outputs();
    await execa(process.execPath, ["-e", byHand, endpointId, JSON.stringify(map)], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    expect(await endpoint.traffic()).to.deep.equal(map);
  };
  const live = async (): Promise<LiveEndpoint> => {
    const { endpointId = "" } = await stack.outputs();
    const { stdout } = await execa(process.execPath, ["-e", read, endpointId], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return JSON.parse(stdout) as LiveEndpoint;
  };
  const changedModel = (name: string): string => changedExample(azure, name);

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, rollout);
    await stack.succeeds(...up);
    const { generation: first = "", scoringUri = "", key = "" } = await stack.outputs();
    caller = new Caller(azure, scoringUri, key);
    stack.set("model", changedModel("v2"));
    await stack.succeeds(...up);
    const { generation = "" } = await stack.outputs();
    halfway = { [first]: 90, [generation]: 10 };
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("stays 90/10 at every instant, and every request is answered, while the endpoint's tags, description, identity and network change", async () => {
    stack.set("tags", { environment: "test", team: "risk" });
    stack.set("endpoint", {
      description: "Who leaves us next month",
      publicNetworkAccess: "Disabled",
    });
    stack.set("workspaceIdentity", true);
    const maps = await caller.answeredDuring(
      sample,
      async () => await endpoint.mapsDuring(async () => await stack.succeeds(...up)),
    );
    expect(maps).to.deep.equal([halfway]);
    const { identity, properties } = await live();
    expect(identity?.type).to.equal("UserAssigned");
    expect(properties).to.include({
      description: "Who leaves us next month",
      publicNetworkAccess: "Disabled",
    });
  });

  it("stays 90/10 at every instant while it changes how callers sign in, and changes back", async () => {
    for (const authMode of ["AADToken", "Key"]) {
      stack.set("endpoint", { authMode });
      expect(await endpoint.mapsDuring(async () => await stack.succeeds(...up))).to.deep.equal([halfway]);
      expect((await live()).properties).to.include({ authMode, publicNetworkAccess: "Enabled" });
    }
  });

  it("moved by hand is seen in a preview, and put back; no request is lost", async () => {
    const moved = Object.fromEntries(Object.keys(halfway).map((name) => [name, 50]));
    await caller.answeredDuring(sample, async () => {
      await move(moved);
      expect(await stack.fails("preview", "--expect-no-changes")).to.contain("moved by hand");
      expect(await endpoint.traffic()).to.deep.equal(moved);
      await stack.succeeds(...up);
    });
    expect(await endpoint.traffic()).to.deep.equal(halfway);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("moved by hand is left so where that is declared, and then is no news any more", async () => {
    stack.set("rollout", { ...rollout, onDrift: "adopt" });
    await stack.succeeds(...up);
    const moved = Object.fromEntries(Object.keys(halfway).map((name) => [name, 50]));
    await move(moved);
    expect(await stack.fails("preview", "--expect-no-changes")).to.contain("it is left so");
    await stack.succeeds(...up);
    expect(await endpoint.traffic()).to.deep.equal(moved);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("is moved by one of two `up`s at once, and the other says so; the next goes on, and no request is lost", async () => {
    const { generation = "" } = await stack.outputs();
    stack.set("rollout", { ...rollout, promote: generation });
    await caller.answeredDuring(sample, async () => {
      const both = await Promise.all([stack.pulumi(...up), stack.pulumi(...up)]);
      const failed = both.filter(({ exitCode }) => exitCode !== 0);
      expect(failed.length).to.be.lessThan(2);
      for (const { stdout, stderr } of failed)
        expect(`${stdout}${stderr}`).to.contain("the stack is currently locked");
      await stack.succeeds(...up);
    });
    expect(await endpoint.traffic()).to.deep.equal({ [generation]: 100 });
  });
});

/** What the portal does: reads the endpoint and writes it with another map. */
const byHand = `
const { arm } = require("./dist/providers/clients/arm.js");
const { deadlineIn } = require("./dist/providers/clients/deadline.js");
const { writable } = require("./dist/providers/online-endpoint/merge.js");
const { rewriteEndpoint } = require("./dist/providers/online-endpoint/write.js");
const [id, traffic] = [process.argv[1], JSON.parse(process.argv[2])];
const change = (live) => {
  const body = writable(live);
  return { ...body, properties: { ...body.properties, traffic } };
};
rewriteEndpoint(arm(), id, change, deadlineIn(5), console.error);
`;

const read = `
const { arm } = require("./dist/providers/clients/arm.js");
const { readEndpoint } = require("./dist/providers/online-endpoint/write.js");
readEndpoint(arm(), process.argv[1]).then((endpoint) => console.log(JSON.stringify(endpoint)));
`;
