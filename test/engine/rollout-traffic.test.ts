import { expect } from "chai";
import execa from "execa";
import { setTimeout as sleep } from "node:timers/promises";
import type { RollingDeploymentArgs } from "../../components";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

type Traffic = Readonly<Record<string, number>>;

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
  const up = ["up", "--yes", "--skip-preview"] as const;
  const traffic = async (): Promise<Traffic> =>
    (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints[0]?.traffic ?? {};
  /** Every map that is live while the work goes on. */
  const trafficDuring = async (work: () => Promise<unknown>): Promise<Traffic[]> => {
    let working = true;
    const seen = new Map<string, Traffic>();
    const looking = (async () => {
      for (; working; await sleep(20)) {
        const map = await traffic();
        seen.set(JSON.stringify(Object.entries(map).sort()), map);
      }
    })();
    await work().finally(() => (working = false));
    await looking;
    return [...seen.values()];
  };
  const move = async (map: Traffic): Promise<void> => {
    const { endpointId = "" } = await stack.outputs();
    await execa(process.execPath, ["-e", byHand, endpointId, JSON.stringify(map)], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    expect(await traffic()).to.deep.equal(map);
  };
  const changedModel = (name: string): string => changedExample(azure, name);

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "rollout", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      rollout,
    });
    await stack.succeeds(...up);
    const { generation: first = "" } = await stack.outputs();
    stack.set("model", changedModel("v2"));
    await stack.succeeds(...up);
    const { generation = "" } = await stack.outputs();
    halfway = { [first]: 90, [generation]: 10 };
  });
  after(async () => await azure.remove());

  it("stays 90/10 at every instant while the endpoint's tags and description change", async () => {
    stack.set("tags", { environment: "test", team: "risk" });
    stack.set("description", "Who leaves us next month");
    expect(await trafficDuring(async () => await stack.succeeds(...up))).to.deep.equal([halfway]);
  });

  it("moved by hand is seen in a preview, and put back", async () => {
    const moved = Object.fromEntries(Object.keys(halfway).map((name) => [name, 50]));
    await move(moved);
    expect(await stack.fails("preview", "--expect-no-changes")).to.contain("moved by hand");
    expect(await traffic()).to.deep.equal(moved);
    await stack.succeeds(...up);
    expect(await traffic()).to.deep.equal(halfway);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("moved by hand is left so where that is declared, and then is no news any more", async () => {
    stack.set("rollout", { ...rollout, onDrift: "adopt" });
    await stack.succeeds(...up);
    const moved = Object.fromEntries(Object.keys(halfway).map((name) => [name, 50]));
    await move(moved);
    expect(await stack.fails("preview", "--expect-no-changes")).to.contain("it is left so");
    await stack.succeeds(...up);
    expect(await traffic()).to.deep.equal(moved);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("is moved by one of two `up`s at once, and the other says so; the next goes on", async () => {
    const { generation = "" } = await stack.outputs();
    stack.set("rollout", { ...rollout, promote: generation });
    const both = await Promise.all([stack.pulumi(...up), stack.pulumi(...up)]);
    const failed = both.filter(({ exitCode }) => exitCode !== 0);
    expect(failed.length).to.be.lessThan(2);
    for (const { stdout, stderr } of failed)
      expect(`${stdout}${stderr}`).to.contain("the stack is currently locked");
    await stack.succeeds(...up);
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
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
