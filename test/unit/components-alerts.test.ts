import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { ActionGroup, Budget, EndpointAlerts, type BudgetArgs } from "../../components";
import { ACTION_GROUP_ID, ENDPOINT_ID, GROUP_ID, guid, runProgram } from "../helpers/pulumi-mocks";

const SECRET = "4dabf18193072939515e22adb298388d";
const tags = { team: "risk" };

describe("ActionGroup", () => {
  it("is one global action group of mail addresses and webhooks, whose addresses are secrets", async () => {
    const entra = {
      applicationObjectId: guid("app"),
      identifierUri: "api://pager",
      tenantId: guid("tenant"),
    };
    const program = await runProgram(
      () =>
        new ActionGroup("mlflow-on-call", {
          resourceGroupId: GROUP_ID,
          emails: { owner: "owner@example.com" },
          webhooks: {
            chat: { uri: "https://chat.example.com/key" },
            pager: { uri: "https://pager.example.com", entra },
          },
          tags,
        }),
    );
    const [group, ...others] = program.of("azure-native:monitor:ActionGroup");
    expect(others).to.deep.equal([]);
    const secret = (value: string): object => ({ [SECRET]: "1b47061264138c4ac30d75fd1eb44270", value });
    expect(group?.inputs).to.deep.equal({
      actionGroupName: "ag-mlflow-on-call",
      resourceGroupName: "rg-test",
      location: "global",
      groupShortName: "mlflow-on-ca",
      enabled: true,
      emailReceivers: [{ name: "owner", emailAddress: "owner@example.com", useCommonAlertSchema: true }],
      webhookReceivers: [
        {
          name: "chat",
          serviceUri: secret("https://chat.example.com/key"),
          useCommonAlertSchema: true,
          useAadAuth: false,
        },
        {
          name: "pager",
          serviceUri: secret("https://pager.example.com"),
          useCommonAlertSchema: true,
          useAadAuth: true,
          objectId: guid("app"),
          identifierUri: "api://pager",
          tenantId: guid("tenant"),
        },
      ],
      tags,
    });
    expect(program.outputs.get("mlflow-on-call")).to.deep.equal({
      id: `${GROUP_ID}/providers/Microsoft.Insights/actionGroups/ag-mlflow-on-call`,
      name: "ag-mlflow-on-call",
    });
  });
});

describe("EndpointAlerts", () => {
  const actionGroupIds = [ACTION_GROUP_ID];
  const criterion = { criterionType: "StaticThresholdCriterion", timeAggregation: "Average" };
  const metricNamespace = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";

  it("makes a rule of each alert, and no others", async () => {
    const deploymentId = `${ENDPOINT_ID}/deployments/blue`;
    const program = await runProgram(
      () =>
        new EndpointAlerts("serving", {
          endpointId: ENDPOINT_ID,
          actionGroupIds,
          errors: { perMinute: 5 },
          latency: { milliseconds: 500, windowMinutes: 1440, everyMinutes: 60, severity: 4 },
          capacity: { deploymentId, leastInstances: 2, windowMinutes: 360 },
          tags,
        }),
    );
    const rules = program.of("azure-native:monitor:MetricAlert").map(({ name, inputs }) => {
      const { scopes, severity, evaluationFrequency, windowSize, criteria } = inputs;
      return { name, scopes, severity, evaluationFrequency, windowSize, criteria };
    });
    const allOf = (...criteria: object[]): object => ({
      odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
      allOf: criteria,
    });
    expect(rules).to.deep.equal([
      {
        name: "serving-capacity",
        scopes: [deploymentId],
        severity: 2,
        evaluationFrequency: "PT1M",
        windowSize: "PT6H",
        criteria: allOf({
          ...criterion,
          name: "capacity",
          metricNamespace: `${metricNamespace}/deployments`,
          metricName: "DeploymentCapacity",
          operator: "LessThan",
          threshold: 2,
        }),
      },
      {
        name: "serving-errors",
        scopes: [ENDPOINT_ID],
        severity: 1,
        evaluationFrequency: "PT1M",
        windowSize: "PT5M",
        criteria: allOf({
          ...criterion,
          name: "errors",
          metricNamespace,
          metricName: "RequestsPerMinute",
          operator: "GreaterThan",
          threshold: 5,
          dimensions: [
            {
              name: "statusCode",
              operator: "Include",
              values: ["424", "429", "500", "502", "503", "504"],
            },
          ],
        }),
      },
      {
        name: "serving-latency",
        scopes: [ENDPOINT_ID],
        severity: 4,
        evaluationFrequency: "PT1H",
        windowSize: "P1D",
        criteria: allOf({
          ...criterion,
          name: "latency",
          metricNamespace,
          metricName: "RequestLatency_P95",
          operator: "GreaterThan",
          threshold: 500,
        }),
      },
    ]);
  });

  it("tells the action groups, in the endpoint's resource group, and ends an alert by itself", async () => {
    const program = await runProgram(
      () =>
        new EndpointAlerts("serving", { endpointId: ENDPOINT_ID, actionGroupIds, errors: { perMinute: 5 } }),
    );
    expect(program.named("serving-errors").inputs).to.deep.include({
      ruleName: "alert-oe-test-serving-errors",
      resourceGroupName: "rg-test",
      location: "global",
      enabled: true,
      autoMitigate: true,
      actions: [{ actionGroupId: ACTION_GROUP_ID }],
    });
    expect(program.outputs.get("serving")).to.deep.equal({
      ids: { errors: `${GROUP_ID}/providers/Microsoft.Insights/metricAlerts/alert-oe-test-serving-errors` },
    });
  });

  it("looks at the mean latency where it is asked to", async () => {
    const program = await runProgram(
      () =>
        new EndpointAlerts("serving", {
          endpointId: ENDPOINT_ID,
          actionGroupIds,
          latency: { milliseconds: 500, percentile: "mean" },
        }),
    );
    const { criteria } = program.named("serving-latency").inputs;
    expect(criteria).to.have.nested.property("allOf[0].metricName", "RequestLatency");
  });
});

describe("Budget", () => {
  const args: BudgetArgs = {
    scope: GROUP_ID,
    monthlyAmount: 500,
    notifications: {
      spent: { percent: 80, emails: ["owner@example.com"] },
      expected: { percent: 100, of: "Forecasted", actionGroupIds: [ACTION_GROUP_ID] },
    },
  };

  it("is a monthly budget that begins in the month of its creation, and stays so", async () => {
    const budget = (await runProgram(() => new Budget("platform", args))).named("platform");
    const month = new Date().toISOString().slice(0, 7);
    const told = { enabled: true, operator: "GreaterThanOrEqualTo" };
    expect(budget.inputs).to.deep.equal({
      scope: GROUP_ID,
      budgetName: "budget-platform",
      category: "Cost",
      amount: 500,
      timeGrain: "Monthly",
      timePeriod: { startDate: `${month}-01T00:00:00Z` },
      notifications: {
        spent: {
          ...told,
          threshold: 80,
          thresholdType: "Actual",
          contactEmails: ["owner@example.com"],
          contactGroups: [],
        },
        expected: {
          ...told,
          threshold: 100,
          thresholdType: "Forecasted",
          contactEmails: [],
          contactGroups: [ACTION_GROUP_ID],
        },
      },
    });
    expect(budget.ignoreChanges).to.deep.equal(["timePeriod.startDate"]);
    expect(budget.deleteBeforeReplace).to.equal(true);
  });

  it("begins and ends on the days that it is given", async () => {
    const dates = { startDate: pulumi.output("2026-11-01"), endDate: "2030-12-31" };
    const budget = (await runProgram(() => new Budget("platform", { ...args, ...dates }))).named("platform");
    expect(budget.inputs["timePeriod"]).to.deep.equal({
      startDate: "2026-11-01T00:00:00Z",
      endDate: "2030-12-31T00:00:00Z",
    });
    expect(budget.ignoreChanges).to.deep.equal([]);
  });
});
