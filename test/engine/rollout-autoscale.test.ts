import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RollingDeploymentArgs } from "../../components";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import type { ObservedSetting } from "../../providers/rollout/types";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
/** Whoever is called at all is called too much, and never too little. */
const autoscale: NonNullable<RollingDeploymentArgs["autoscale"]> = {
  instances: { least: 1, most: 2 },
  rules: [
    { metric: "RequestLatency", above: 0.001, change: 1 },
    { metric: "RequestLatency", below: 0, change: -1 },
  ],
};
const rollout: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "canary", percent: 20, bakeSeconds: 60 },
  watchSeconds: 60,
  retireAfterSeconds: 0,
  autoscale,
};

/** A RollingDeployment whose machines come and go, by the real engine; the steps build on one another. */
describe("a RollingDeployment with an autoscale", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  let caller: Caller;
  const up = ["up", "--yes", "--skip-preview"] as const;
  /** What Azure has of the endpoint. */
  const ask = async (what: "machines" | "settings" | "detach", ...more: string[]): Promise<unknown> => {
    const { endpointId = "" } = await stack.outputs();
    const { stdout } = await execa(process.execPath, ["-e", byHand, endpointId, what, ...more], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return JSON.parse(stdout);
  };
  /** The deployments with an autoscale, each with the most machines that it may have. */
  const scaled = async (): Promise<Record<string, number | undefined>> =>
    Object.fromEntries(
      ((await ask("settings")) as ObservedSetting[]).map((one) => [
        one.deployment,
        one.autoscale?.instances.most,
      ]),
    );

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, rollout);
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("has it at its first generation, without drift", async () => {
    await stack.succeeds(...up);
    const { generation = "", scoringUri = "", key = "" } = await stack.outputs();
    caller = new Caller(azure, scoringUri, key);
    expect(await scaled()).to.deep.equal({ [generation]: 2 });
    expect(await ask("machines")).to.deep.equal({ [generation]: 1 });
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
  });

  it("scales by it, and rolls forward with as many machines; the autoscale goes along, and no request is lost", async () => {
    const { generation: first = "" } = await stack.outputs();
    stack.set("model", changedExample(azure, "v2"));
    await caller.answeredDuring(sample, async () => {
      while (((await ask("machines")) as Record<string, number>)[first] !== 2) await sleep(200);
      expect(await stack.succeeds(...up)).to.contain("is deployed with 2 instances");
    });
    const { generation = "" } = await stack.outputs();
    expect(await scaled()).to.deep.equal({ [generation]: 2 });
    expect(await ask("machines")).to.deep.equal({ [generation]: 2 });
    await stack.succeeds("refresh", "--yes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("changes it alone without another generation", async () => {
    const { generation = "" } = await stack.outputs();
    stack.set("rollout", { ...rollout, autoscale: { ...autoscale, instances: { least: 1, most: 3 } } });
    const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as {
      steps: { op: string; urn: string; detailedDiff?: object }[];
    };
    const planned = steps.filter(({ op }) => op !== "same" && op !== "read");
    expect(planned.map(({ op, urn }) => `${op} ${/[^:$]+(?=::[^:]+$)/.exec(urn)?.[0]}`)).to.deep.equal([
      "update Rollout",
    ]);
    await stack.succeeds(...up);
    expect((await stack.outputs())["generation"]).to.equal(generation);
    expect(await scaled()).to.deep.equal({ [generation]: 3 });
    expect(await ask("machines")).to.deep.equal({ [generation]: 2 });
  });

  it("is seen by a refresh when somebody deletes it, and written again by the next `up`", async () => {
    const { generation = "" } = await stack.outputs();
    await ask("detach", generation);
    expect(await scaled()).to.deep.equal({});
    await stack.succeeds("refresh", "--yes");
    await stack.fails("preview", "--expect-no-changes");
    await stack.succeeds(...up);
    expect(await scaled()).to.deep.equal({ [generation]: 3 });
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("leaves nothing behind on destroy", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const { resources, endpoints } = await askAdmin<Status>(azure.paths, azure.run(), "status");
    expect({ resources, endpoints }).to.deep.equal({ resources: 0, endpoints: [] });
  });
});

/** What somebody sees and does in the portal. */
const byHand = `
const { arm, ML_API_VERSION: apiVersion } = require("./dist/providers/clients/arm.js");
const { detach, readSettings } = require("./dist/providers/rollout/settings.js");
const [, id, what, deployment] = process.argv;
const asked = {
  machines: async () =>
    Object.fromEntries((await arm().list(id + "/deployments", { apiVersion })).map(({ name, sku }) => [name, sku.capacity])),
  settings: async () => await readSettings(arm(), id),
  detach: async () => (await detach(arm(), id, deployment), null),
};
asked[what]().then((answer) => console.log(JSON.stringify(answer)));
`;
