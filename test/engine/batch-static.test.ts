import { expect } from "chai";
import execa from "execa";
import { DEPLOYER } from "../../local/cloud";
import type { LiveBatchEndpoint } from "../../providers/batch-endpoint/types";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** A batch endpoint with static deployments by the real engine; the steps build on one another. */
describe("a batch endpoint on the local Azure", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  /** Output `names` gives the deployments' names by those that they have in the program. */
  const outputs = async (): Promise<{
    endpointId: string;
    scoringUri: string;
    names: Record<string, string>;
  }> => (await stack.outputs()) as unknown as Awaited<ReturnType<typeof outputs>>;
  const onEndpoint = async (script: string, ...args: string[]): Promise<string> => {
    const { endpointId } = await outputs();
    const { stdout } = await execa(process.execPath, ["-e", script, endpointId, ...args], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return stdout;
  };
  const live = async (): Promise<LiveBatchEndpoint> =>
    JSON.parse(await onEndpoint(read)) as LiveBatchEndpoint;
  const liveDefault = async (): Promise<string | undefined> =>
    (await live()).properties.defaults?.deploymentName;
  const planned = async (): Promise<string[]> => {
    const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as { steps: Step[] };
    return steps
      .filter(({ op }) => op !== "same" && op !== "read")
      .map(({ op, urn }) => `${op} ${String(urn.split("::").at(-1))}`)
      .sort();
  };
  const settles = async (): Promise<void> => {
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  };

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "batch", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      endpoint: { tags: { team: "risk" } },
      deployments: { v1: { instances: 2, miniBatchSize: 2, concurrencyPerInstance: 2 } },
      default: "v1",
    });
  });
  after(async () => await azure.remove());

  it("comes up with its cluster and an MLflow model, which is the default, and then has nothing left to do", async () => {
    await stack.succeeds(...up);
    const { scoringUri, names } = await outputs();
    expect(scoringUri).to.equal("https://be-churn-b1.westeurope.inference.ml.azure.com/jobs");
    expect(await liveDefault()).to.equal(names["v1"]);
    expect((await live()).properties.authMode).to.equal("AADToken");
    await settles();
  });

  it("keeps its default while its tags, description and the deployment's settings change in place", async () => {
    const { names } = await outputs();
    stack.set("endpoint", { tags: { team: "credit" }, description: "Who leaves us next month" });
    stack.set("deployments", {
      v1: { instances: 2, miniBatchSize: 4, retries: { maxRetries: 5, timeoutSeconds: 300 } },
    });
    expect(await planned()).to.deep.equal(["update churn-settings", "update v1"]);
    await stack.succeeds(...up);
    const { tags, properties } = await live();
    expect(tags).to.deep.equal({ team: "credit" });
    expect(properties).to.deep.include({
      description: "Who leaves us next month",
      defaults: { deploymentName: names["v1"] },
    });
    expect((await outputs()).names).to.deep.equal(names);
    await settles();
  });

  it("is refused by a preview whose compute isn't there, and told of a cluster that is too small", async () => {
    const { endpointId, names } = await outputs();
    const compute = `${endpointId.replace(/\/batchEndpoints\/.*/, "")}/computes/gone`;
    stack.set("deployments", { v1: { instances: 2, compute } });
    const refused = await stack.fails("preview");
    expect(refused).to.contain(`compute is "${compute}": there is no such compute`);
    expect(refused).to.not.match(/\n +at /);
    stack.set("deployments", { v1: { instances: 9 } });
    expect(await stack.succeeds("preview")).to.contain("5 nodes at most, and jobs ask for 9");
    expect((await outputs()).names).to.deep.equal(names);
  });

  it("has another default before a deployment that Azure fixes is made anew", async () => {
    const { names } = await outputs();
    stack.set("deployments", { v1: { instances: 3 } });
    expect(await planned()).to.deep.equal(["replace v1", "update churn-default"]);
    await stack.succeeds(...up);
    const after = (await outputs()).names;
    expect(after["v1"]).to.not.equal(names["v1"]);
    expect(await liveDefault()).to.equal(after["v1"]);
    await settles();
  });

  it("has its default moved by hand seen by a refresh, and put back", async () => {
    stack.set("deployments", { v1: { instances: 3 }, v2: { errorThreshold: 0 } });
    await stack.succeeds(...up);
    const { names } = await outputs();
    await onEndpoint(makeDefault, names["v2"] ?? "");
    expect(await liveDefault()).to.equal(names["v2"]);
    expect(await stack.fails("preview", "--refresh", "--expect-no-changes")).to.contain("churn-default");
    await stack.succeeds("up", "--refresh", "--yes", "--skip-preview");
    expect(await liveDefault()).to.equal(names["v1"]);
    await settles();
  });

  it("has another default before the deployment that was it goes", async () => {
    stack.set("deployments", { v2: { errorThreshold: 0 } });
    stack.set("default", "v2");
    // The component and its resource.
    expect(await planned()).to.deep.equal(["delete v1", "delete v1", "update churn-default"]);
    await stack.succeeds(...up);
    const { names } = await outputs();
    expect(names).to.have.all.keys("v2");
    expect(await liveDefault()).to.equal(names["v2"]);
    await settles();
  });

  it("goes with its default deployment, of which Azure would not delete one alone", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const { stdout } = await azure.command("status");
    expect(stdout).to.not.contain("be-churn-b1");
  });
});

const read = `
const { arm } = require("./dist/providers/clients/arm.js");
const { readBatchEndpoint } = require("./dist/providers/batch-endpoint/write.js");
readBatchEndpoint(arm(), process.argv[1]).then((endpoint) => console.log(JSON.stringify(endpoint)));
`;

/** What `az ml batch-endpoint update --set defaults.deployment_name` does. */
const makeDefault = `
const { arm } = require("./dist/providers/clients/arm.js");
const { deadlineIn } = require("./dist/providers/clients/deadline.js");
const { withDefault, writable } = require("./dist/providers/batch-endpoint/merge.js");
const { rewriteBatchEndpoint } = require("./dist/providers/batch-endpoint/write.js");
const [id, name] = process.argv.slice(1);
rewriteBatchEndpoint(arm(), id, (live) => withDefault(writable(live), name), deadlineIn(5), console.error);
`;
