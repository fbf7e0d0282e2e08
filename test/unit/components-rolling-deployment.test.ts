import { expect } from "chai";
import { RollingDeployment, type RollingDeploymentArgs } from "../../components";
import { withoutProvider } from "../../providers/inputs";
import { assetFixture } from "../helpers/asset-fixtures";
import { ENDPOINT_ID, runProgram, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const args: RollingDeploymentArgs = {
  endpointId: ENDPOINT_ID,
  location: "westeurope",
  model: `${WORKSPACE_ID}/models/churn/versions/3`,
  instanceType: "Standard_DS3_v2",
  tags: { team: "risk" },
};
const rolloutOf = async (more: Partial<RollingDeploymentArgs> = {}): Promise<Record<string, unknown>> => {
  const program = await runProgram(() => new RollingDeployment("churn", { ...args, ...more }));
  const rollout = program.named("churn");
  expect(rollout.type).to.equal("pulumi-nodejs:dynamic/pulumi-azureml:Rollout");
  expect(rollout.parent).to.equal("pulumi-azureml:index:RollingDeployment::churn");
  return withoutProvider(rollout.inputs);
};

describe("RollingDeployment", () => {
  it("by default is a canary, watched, whose old generation is kept for five minutes", async () => {
    expect(await rolloutOf()).to.deep.equal({
      endpointId: ENDPOINT_ID,
      prefix: "churn",
      deployment: {
        location: "westeurope",
        sku: { name: "Default", capacity: 1 },
        properties: {
          endpointComputeType: "Managed",
          model: args.model,
          instanceType: "Standard_DS3_v2",
          egressPublicNetworkAccess: "Enabled",
          requestSettings: { requestTimeout: "PT5S", maxConcurrentRequestsPerInstance: 1 },
        },
        tags: { team: "risk" },
      },
      steps: [
        { weight: 10, bakeSeconds: 600 },
        { weight: 100, bakeSeconds: 300 },
      ],
      smokeRequests: [],
      gates: [],
      minRequests: 0,
      judgement: { intervalSeconds: 60, failureLimit: 0, consecutiveErrorLimit: 4, inconclusiveLimit: 0 },
      retireAfterSeconds: 300,
      keepGenerations: 0,
      maxHoldSeconds: 3600,
      foreignTraffic: "keep",
      onDrift: "putBack",
    });
  });

  it("with an autoscale begins with the fewest machines that it may have, or with those that are declared", async () => {
    const autoscale = { instances: { least: 3, most: 9 } };
    const rollout = await rolloutOf({ autoscale });
    expect(rollout).to.have.deep.property("autoscale", { ...autoscale, rules: [] });
    expect(rollout).to.have.nested.property("deployment.sku.capacity", 3);
    expect(await rolloutOf({ autoscale, instances: 5 })).to.have.nested.property(
      "deployment.sku.capacity",
      5,
    );
  });

  it("with code has a version of it, which outlives the deployment and which the generation names", async () => {
    const code = { path: assetFixture("scoring"), scoringScript: "score.py" };
    const environment = `${WORKSPACE_ID}/environments/churn/versions/1`;
    const program = await runProgram(
      () => new RollingDeployment("a/churn model", { ...args, code, environment }, { protect: true }),
    );
    const version = program.named("a/churn model-code");
    expect(version).to.include({
      type: "pulumi-nodejs:dynamic/pulumi-azureml:Code",
      parent: "pulumi-azureml:index:RollingDeployment::a/churn model",
      protect: false,
    });
    expect(withoutProvider(version.inputs)).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      collection: "codes",
      name: "a-churn-model",
      definition: {},
      path: code.path,
      tags: args.tags,
      onDelete: "retain",
    });
    const rollout = program.named("a/churn model");
    expect(rollout.inputs).to.have.nested.property("deployment.properties.environmentId", environment);
    expect(rollout.inputs).to.have.deep.nested.property("deployment.properties.codeConfiguration", {
      codeId: `${WORKSPACE_ID}/codes/a-churn-model/versions/sha256-7777777777777777`,
      scoringScript: "score.py",
    });
    expect(rollout.after).to.include("pulumi-nodejs:dynamic/pulumi-azureml:Code::a/churn model-code");
  });

  it("makes steps of each strategy", async () => {
    const weights = async (strategy: RollingDeploymentArgs["strategy"]): Promise<unknown[]> => {
      const { steps } = await rolloutOf({ strategy, watchSeconds: 0 });
      return (steps as { weight: number; mirror?: number }[]).map(({ weight, mirror }) => mirror ?? weight);
    };
    expect(await weights({ kind: "allAtOnce" })).to.deep.equal([100]);
    expect(await weights({ kind: "canary", percent: 5, bakeSeconds: 1 })).to.deep.equal([5, 100]);
    expect(await weights({ kind: "linear", percent: 30, bakeSeconds: 1 })).to.deep.equal([30, 60, 90, 100]);
    expect(await weights({ kind: "linear", percent: 25, bakeSeconds: 1 })).to.deep.equal([25, 50, 75, 100]);
    expect(
      await weights({
        kind: "shadowThenCanary",
        mirrorPercent: 40,
        mirrorSeconds: 1,
        percent: 10,
        bakeSeconds: 1,
      }),
    ).to.deep.equal([40, 10, 100]);
  });
});
