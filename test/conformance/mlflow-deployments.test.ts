import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { clientsPython, exampleModelFolder, packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";
import { mlflowDoor } from "../helpers/registry-doors";

const sample = join(packageRoot(), "examples", "breast-cancer", "sample.json");
const { input_data: rows } = JSON.parse(readFileSync(sample, "utf8")) as { input_data: object };

/** Microsoft's `mlflow_sdk_online_endpoints_progresive` notebook, step by step; the plug-in moves traffic by an old API. */
describe("endpoints by MLflow's deployment client and Azure ML's plug-in", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;

  before(async () => {
    workspace = await AzureWorkspace.open("deploy");
    const registry = mlflowDoor(workspace, python);
    for (const version of ["1", "2"])
      expect(await registry.register("churn", exampleModelFolder, {}, "")).to.equal(version);
    await registry.client.close();
  });
  after(async () => await workspace.close());

  for (const [name, of] of [
    ["MLflow 2.22", python],
    ["MLflow 3", clientsPython],
  ] as const) {
    describe(name, () => {
      let client: ClientProcess;
      const endpoint = `oe-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
      const seen = async (step: string, args: Record<string, unknown> = {}): Promise<unknown> =>
        await client.call(step, { endpoint, ...args });

      before(() => {
        client = new ClientProcess(
          of,
          ["mlflow_deployments.py"],
          workspace.environment,
          workspace.paths.folder,
        );
      });
      after(async () => await client.close());

      it("makes an endpoint and a deployment, gives it the traffic and asks it", async () => {
        expect(await seen("create_endpoint")).to.deep.equal([endpoint, "Succeeded"]);
        expect(await seen("create_deployment", { name: "default", model: "models:/churn/1" })).to.deep.equal([
          "default",
          "python_function",
          ["churn", "versions", "1"],
        ]);
        expect(await seen("traffic", { weights: { default: 100 } })).to.deep.equal({ default: 100 });
        expect(await seen("predict", { rows })).to.deep.equal([0]);
      });

      it("adds a second version beside it, asks that alone, and moves the traffic to it by steps", async () => {
        await seen("create_deployment", { name: "second", model: "models:/churn/2" });
        expect(await seen("traffic")).to.deep.equal({ default: 100 });
        expect(await seen("predict", { rows, deployment: "second" })).to.deep.equal([0]);
        const steps = [
          { default: 90, second: 10 },
          { default: 0, second: 100 },
        ];
        for (const weights of steps) expect(await seen("traffic", { weights })).to.deep.equal(weights);
        expect(await seen("scale", { name: "second", instances: 2 })).to.equal(2);
      });

      it("takes the old deployment away, then the endpoint", async () => {
        await seen("delete_deployment", { name: "default" });
        expect(await seen("listed")).to.deep.equal({ endpoints: [endpoint], deployments: ["second"] });
        expect(await seen("traffic")).to.deep.equal({ second: 100 });
        expect(await seen("predict", { rows })).to.deep.equal([0]);
        await seen("delete_endpoint");
        await seen("traffic").then(
          () => expect.fail("the endpoint is there still"),
          (error: Error) => expect(error.message).to.match(/^ResourceNotFoundError/),
        );
      });
    });
  }
});
