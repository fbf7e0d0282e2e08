import { expect } from "chai";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../../components";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
const rollout: Partial<RollingDeploymentArgs> = {
  strategy: { kind: "steps", steps: [{ weight: 20, bakeSeconds: 60 }] },
  watchSeconds: 0,
  smokeRequests: [{ body: sample, expected: [0] }],
  retireAfterSeconds: 0,
};

/** Gates that nobody's requests answer; the steps build on one another. */
describe("gates of a RollingDeployment without callers", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const traffic = async (): Promise<Readonly<Record<string, number>>> =>
    (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints[0]?.traffic ?? {};
  const changedModel = (name: string): string => changedExample(azure, name);

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, rollout);
    await stack.succeeds(...up);
  });
  after(async () => await azure.remove());

  it("the owner's check is asked with its secret, and says no; the secret stands nowhere", async () => {
    const { generation: serving = "" } = await stack.outputs();
    const asked: IncomingHttpHeaders[] = [];
    const judge = createServer((request, response) => {
      asked.push(request.headers);
      request.resume();
      response.writeHead(409).end();
    }).listen(0, "127.0.0.1");
    await once(judge, "listening");
    const { port } = judge.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/churn?code=hush-hush`;
    const headers = { "x-key": "never-tell" };
    stack.set("rollout", { ...rollout, gates: { check: { url, headers } } });
    stack.set("model", changedModel("checked"));
    try {
      const said = await stack.fails(...up);
      expect(said).to.contain("the check answered 409").and.not.contain("hush").and.not.contain("never-tell");
    } finally {
      judge.close();
      judge.closeAllConnections();
    }
    expect(asked[0]).to.include(headers);
    expect(await traffic()).to.deep.equal({ [serving]: 100 });
    const { deployment } = JSON.parse(await stack.succeeds("stack", "export")) as {
      deployment: { resources: { type: string }[] };
    };
    // The program's own plain settings stand with the default provider, as the engine keeps them.
    const resources = deployment.resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
    expect(resources.map(({ type }) => type)).to.include("pulumi-nodejs:dynamic/pulumi-azureml:Rollout");
    expect(JSON.stringify(resources)).to.not.contain("hush-hush").and.not.contain("never-tell");
  });

  it("too few requests wait for somebody; smoke requests sent once more are enough to be judged by", async () => {
    const few = { limits: [{ metric: "errorPercent", max: 1 }], minRequests: 20 };
    stack.set("model", changedModel("v2"));
    stack.set("rollout", { ...rollout, gates: few });
    await stack.succeeds(...up);
    const { generation = "", phase } = await stack.outputs();
    expect(phase).to.equal("Paused");
    stack.set("rollout", {
      ...rollout,
      abort: generation,
      gates: { ...few, replay: { requests: 30, perSecond: 20 } },
    });
    await stack.fails(...up);
    stack.set("rollout", {
      ...rollout,
      retry: "again",
      gates: { ...few, replay: { requests: 30, perSecond: 20 } },
    });
    expect(await stack.succeeds(...up)).to.contain("requests are missing");
    expect((await stack.outputs())["phase"]).to.equal("Serving");
    expect(await traffic()).to.deep.equal({ [generation]: 100 });
  });
});
