import { expect } from "chai";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { ModelMonitor, type DataDriftSignal, type ModelMonitorArgs } from "../../components";
import { inputData, type MonitoredData } from "../../components/model-monitor-data";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { ENDPOINT_ID, IDENTITY_ID, runProgram, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const COMPONENT_ID = `${WORKSPACE_ID}/components/skew/versions/1`;
const drift: DataDriftSignal = {
  type: "DataDrift",
  production: { uri: "azureml:collected:1", context: "model_inputs", trailing: { size: "P7D" } },
  reference: { uri: "azureml:training:1", context: "training" },
  thresholds: {
    numerical: { NormalizedWassersteinDistance: 0.1 },
    categorical: { PearsonsChiSquaredTest: 0.05 },
  },
};
const args: ModelMonitorArgs = {
  workspaceId: WORKSPACE_ID,
  compute: { instanceType: "Standard_E4s_v3" },
  deploymentId: `${ENDPOINT_ID}/deployments/blue`,
  taskType: "Classification",
  signals: { drift },
  cron: "0 6 * * 1",
};

async function properties(given: Partial<ModelMonitorArgs> = {}): Promise<JsonObject> {
  const program = await runProgram(() => new ModelMonitor("churn", { ...args, ...given }));
  return objectAt(program.named("churn").inputs, "properties");
}

async function definition(given: Partial<ModelMonitorArgs> = {}): Promise<JsonObject> {
  return objectAt(objectAt(await properties(given), "action"), "monitorDefinition");
}

async function signal(given: Partial<DataDriftSignal>, emails?: string[]): Promise<JsonObject> {
  const signals = { drift: { ...drift, ...given } };
  return objectAt(objectAt(await definition({ signals, emails }), "signals"), "drift");
}

describe("ModelMonitor", () => {
  it("is a schedule in the workspace", async () => {
    const program = await runProgram(() => new ModelMonitor("churn", args));
    const schedule = program.named("churn");
    expect(schedule.type).to.equal("azure-native:machinelearningservices:Schedule");
    expect(schedule.inputs).to.include({
      name: "sched-churn",
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
    });
    expect(await properties()).to.deep.include({
      isEnabled: true,
      trigger: { triggerType: "Cron", expression: "0 6 * * 1", timeZone: "UTC" },
    });
  });

  it("is replaced where what it does differs, after the first is gone", async () => {
    const program = await runProgram(() => new ModelMonitor("churn", args));
    expect(program.named("churn")).to.deep.include({
      replaceOnChanges: ["properties.action"],
      deleteBeforeReplace: true,
    });
  });

  it("computes by serverless Spark, as whoever declared it or by an identity", async () => {
    expect(objectAt(await definition(), "computeConfiguration")).to.deep.equal({
      computeType: "ServerlessSpark",
      instanceType: "Standard_E4s_v3",
      runtimeVersion: "3.5",
      computeIdentity: { computeIdentityType: "AmlToken" },
    });
    const compute = { instanceType: "Standard_E4s_v3", identityId: IDENTITY_ID };
    expect(objectAt(await definition({ compute }), "computeConfiguration")["computeIdentity"]).to.deep.equal({
      computeIdentityType: "ManagedIdentity",
      identity: { type: "UserAssigned", userAssignedIdentities: [IDENTITY_ID] },
    });
  });

  it("has a threshold for each metric that is given, by the kind of column", async () => {
    expect((await signal({}))["metricThresholds"]).to.deep.equal([
      { dataType: "Numerical", metric: "NormalizedWassersteinDistance", threshold: { value: 0.1 } },
      { dataType: "Categorical", metric: "PearsonsChiSquaredTest", threshold: { value: 0.05 } },
    ]);
  });

  it("looks at all columns, at those that are named, or at the top ones", async () => {
    expect((await signal({}))["features"]).to.deep.equal({ filterType: "AllFeatures" });
    expect((await signal({ features: ["plan"] }))["features"]).to.deep.equal({
      filterType: "FeatureSubset",
      features: ["plan"],
    });
    const top = await signal({ topFeatures: 5, targetColumn: "churned" });
    expect(top["features"]).to.deep.equal({ filterType: "TopNByAttribution", top: 5 });
    expect(top["featureImportanceSettings"]).to.deep.equal({ mode: "Enabled", targetColumn: "churned" });
  });

  it("mails where there are addresses, but for signals that are without alert", async () => {
    const emails = ["risk@example.com"];
    expect(await definition()).to.not.have.property("alertNotificationSettings");
    expect((await definition({ emails }))["alertNotificationSettings"]).to.deep.equal({
      emailNotificationSettings: { emails },
    });
    expect((await signal({}))["notificationTypes"]).to.deep.equal([]);
    expect((await signal({}, emails))["notificationTypes"]).to.deep.equal(["AmlNotification"]);
    expect((await signal({ alert: false }, emails))["notificationTypes"]).to.deep.equal([]);
  });

  it("gives a component of one's own its literals, data and metrics", async () => {
    const signals = {
      own: {
        type: "Custom" as const,
        componentId: COMPONENT_ID,
        inputs: { part: "0.5" },
        data: { production: { uri: "azureml:collected:1", context: "model_inputs" } },
        metrics: { skew: -1 },
      },
    };
    expect(objectAt(await definition({ signals }), "signals")["own"]).to.deep.equal({
      signalType: "Custom",
      componentId: COMPONENT_ID,
      notificationTypes: [],
      inputs: { part: { jobInputType: "literal", value: "0.5" } },
      inputAssets: {
        production: {
          inputDataType: "Fixed",
          jobInputType: "mltable",
          uri: "azureml:collected:1",
          dataContext: "model_inputs",
        },
      },
      metricThresholds: [{ metric: "skew", threshold: { value: -1 } }],
    });
  });

  it("takes outputs", async () => {
    const deploymentId = pulumi.output(Promise.resolve(`${ENDPOINT_ID}/deployments/green`));
    expect((await definition({ deploymentId }))["monitoringTarget"]).to.deep.equal({
      deploymentId: `${ENDPOINT_ID}/deployments/green`,
      taskType: "Classification",
    });
  });
});

describe("data that a monitor reads", () => {
  const window = fc.oneof(
    fc.constant({}),
    fc.record(
      { trailing: fc.record({ size: fc.constant("P7D"), offset: fc.constantFrom("P1D", undefined) }) },
      { requiredKeys: ["trailing"] },
    ),
    fc.record({ between: fc.record({ start: fc.constant("S"), end: fc.constant("E") }) }),
  );
  const data: fc.Arbitrary<MonitoredData> = fc
    .tuple(
      fc.record(
        {
          uri: fc.string(),
          context: fc.constant("training"),
          type: fc.constantFrom("mltable" as const, "uri_folder" as const),
        },
        { requiredKeys: ["uri", "context"] },
      ),
      window,
    )
    .map(([file, when]) => ({ ...file, ...when }));

  it("is of the kind that its window makes it, with nothing of the others", () => {
    fc.assert(
      fc.property(data, (given) => {
        const made = inputData(given);
        const kind =
          given.trailing !== undefined ? "Rolling" : given.between !== undefined ? "Static" : "Fixed";
        expect(made.inputDataType).to.equal(kind);
        expect("windowSize" in made).to.equal(kind === "Rolling");
        expect("windowStart" in made).to.equal(kind === "Static");
        expect("preprocessingComponentId" in made).to.equal(kind !== "Fixed");
        expect(made).to.include({ uri: given.uri, jobInputType: given.type ?? "mltable" });
        if (given.trailing !== undefined)
          expect(made).to.include({ windowSize: "P7D", windowOffset: given.trailing.offset ?? "P0D" });
      }),
    );
  });
});
