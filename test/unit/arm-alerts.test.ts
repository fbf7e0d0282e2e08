import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { codeOf, ENDPOINT, GROUP, Harness, propertiesOf, SUBSCRIPTION, type Response } from "./arm-harness";

const ACTIONS = `${GROUP}/providers/Microsoft.Insights/actionGroups/ag`;
const ALERT = `${GROUP}/providers/Microsoft.Insights/metricAlerts/slow`;
const BUDGET = `${GROUP}/providers/Microsoft.Consumption/budgets/month`;
const DEPLOYMENT = `${ENDPOINT}/deployments/blue`;

const actions = (properties: JsonObject = {}): JsonObject => ({
  location: "global",
  properties: {
    groupShortName: "ml",
    enabled: true,
    emailReceivers: [{ name: "owner", emailAddress: "owner@example.com" }],
    ...properties,
  },
});
const criterion = (more: JsonObject = {}): JsonObject => ({
  criterionType: "StaticThresholdCriterion",
  name: "latency",
  metricName: "RequestLatency_P95",
  timeAggregation: "Average",
  operator: "GreaterThan",
  threshold: 500,
  ...more,
});
const alert = (properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  location: "global",
  properties: {
    severity: 2,
    enabled: true,
    scopes: [ENDPOINT],
    evaluationFrequency: "PT1M",
    windowSize: "PT5M",
    criteria: {
      "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
      allOf: [criterion(more)],
    },
    actions: [{ actionGroupId: ACTIONS }],
    ...properties,
  },
});
const notification = {
  enabled: true,
  operator: "GreaterThan",
  threshold: 80,
  contactEmails: ["o@example.com"],
};
const budget = (properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  properties: {
    category: "Cost",
    amount: 500,
    timeGrain: "Monthly",
    timePeriod: { startDate: "2026-01-01T00:00:00Z" },
    notifications: { spent: notification },
    ...properties,
  },
  ...more,
});

function said({ status, body }: Response): string {
  return `${status} ${String((body["error"] as JsonObject | undefined)?.["message"])}`;
}

describe("alerts and budgets of the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.makeEndpoint("blue");
    await arm.make(ACTIONS, actions());
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations).to.deep.equal([]);
  });

  it("keep what was put, with what Azure adds, through a change and a deletion", async () => {
    const first = propertiesOf(await arm.make(ALERT, alert()));
    expect(first).to.deep.include({ autoMitigate: true, windowSize: "PT5M", isMigrated: false });
    expect(propertiesOf(await arm.make(ALERT, alert({ severity: 0 })))["severity"]).to.equal(0);
    const made = await arm.make(BUDGET, budget());
    expect(propertiesOf(made)["timePeriod"]).to.deep.equal({
      startDate: "2026-01-01T00:00:00Z",
      endDate: "2036-01-01T00:00:00Z",
    });
    for (const id of [ALERT, BUDGET, ACTIONS]) {
      expect((await arm.ask("GET", id)).status, id).to.equal(200);
      expect((await arm.ask("DELETE", id)).status, id).to.equal(200);
      expect((await arm.ask("GET", id)).status, id).to.equal(404);
    }
  });

  it("take the metrics and dimensions that endpoints and deployments have, and no others", async () => {
    const put = async (scope: string, more: JsonObject): Promise<string> =>
      said(await arm.ask("PUT", ALERT, alert({ scopes: [scope] }, more)));
    const capacity = { metricName: "DeploymentCapacity", timeAggregation: "Minimum" };
    expect(await put(DEPLOYMENT, capacity)).to.match(/^200/);
    expect(await put(ENDPOINT, capacity)).to.match(/^400 Couldn't find a metric named DeploymentCapacity/);
    const by = (name: string): JsonObject => ({
      metricName: "RequestsPerMinute",
      dimensions: [{ name, operator: "Include", values: ["500"] }],
    });
    expect(await put(ENDPOINT, by("statusCode"))).to.match(/^200/);
    expect(await put(ENDPOINT, by("status"))).to.match(/^400 The metric RequestsPerMinute has no dimension/);
    expect(await put(DEPLOYMENT, by("statusCode"))).to.match(/^400 .* only envoy_response_code/);
    expect(await put(ENDPOINT, { timeAggregation: "Total" })).to.match(/^400 .* has no aggregation Total/);
  });

  it("refuse an alert on what isn't there, for nobody, or at times that Azure Monitor doesn't have", async () => {
    const put = async (properties: JsonObject): Promise<string> =>
      said(await arm.ask("PUT", ALERT, alert(properties)));
    expect(await put({ scopes: [`${ENDPOINT}2`] })).to.match(/^400 .*churn2' that the alert/);
    expect(await put({ actions: [{ actionGroupId: `${ACTIONS}2` }] })).to.match(/^400 .*ag2' was not found/);
    expect(await put({ actions: Array<JsonObject>(6).fill({ actionGroupId: ACTIONS }) })).to.match(
      /at most 5/,
    );
    expect(await put({ windowSize: "PT10M" })).to.match(/^400 windowSize 'PT10M' is none of/);
    expect(await put({ evaluationFrequency: "PT6H" })).to.match(/^400 evaluationFrequency 'PT6H' is none of/);
    expect(await put({ evaluationFrequency: "PT15M" })).to.match(/^400 windowSize must be greater/);
    expect(await put({ severity: 5 })).to.match(/^400 Severity/);
  });

  it("refuse an action group whose receivers can't be told apart or reached", async () => {
    const put = async (properties: JsonObject): Promise<string> =>
      said(await arm.ask("PUT", ACTIONS, actions(properties)));
    const hook = { name: "hook", serviceUri: "https://example.com" };
    expect(await put({ webhookReceivers: [{ ...hook, name: "Owner" }] })).to.match(/^400 Receiver names/);
    expect(await put({ webhookReceivers: [{ name: "hook" }] })).to.match(/^400 .*serviceUri' is required/);
    expect(await put({ webhookReceivers: [{ ...hook, useAadAuth: true }] })).to.match(
      /objectId' is required/,
    );
    expect(await put({ groupShortName: "thirteen char" })).to.match(/^400 .*maximum length of '12'/);
    const many = Array.from({ length: 11 }, (_, index) => ({ ...hook, name: `hook${index}` }));
    expect(await put({ webhookReceivers: many })).to.match(/^400 .*at most 10/);
    expect(await put({ webhookReceivers: [hook] })).to.match(/^200/);
  });

  it("refuse a budget's changed start, and a change over another's", async () => {
    const { eTag } = await arm.make(BUDGET, budget());
    const put = async (body: JsonObject): Promise<string> => said(await arm.ask("PUT", BUDGET, body));
    expect(await put(budget({ timePeriod: { startDate: "2026-02-01T00:00:00Z" } }))).to.equal(
      "400 Start date of budgets cannot be updated. Please delete and create a new budget.",
    );
    expect(await put(budget({ amount: 600 }, { eTag: eTag ?? null }))).to.match(/^200/);
    expect(await put(budget({ amount: 700 }, { eTag: eTag ?? null }))).to.match(
      /^400 There are changes made/,
    );
    arm.now = new Date("2026-04-01T00:00:00Z");
    expect(await put(budget({ amount: 700 }))).to.match(/^200/);
  });

  it("refuse a new budget that begins when none can, or tells nobody", async () => {
    const put = async (body: JsonObject, id = BUDGET): Promise<string> =>
      said(await arm.ask("PUT", id, body));
    const from = (day: string): JsonObject => budget({ timePeriod: { startDate: `${day}T00:00:00Z` } });
    expect(await put(from("2026-01-02"))).to.match(/^400 Start date must be the first of a month/);
    expect(await put(from("2025-12-01"))).to.match(/^400 Past start date/);
    expect(await put(from("2027-02-01"))).to.match(/^400 Future start date/);
    expect(await put(budget({ amount: 0 }))).to.match(/^400 Budget amount/);
    const tell = (more: JsonObject): JsonObject =>
      budget({ notifications: { spent: { ...notification, ...more } } });
    expect(await put(tell({ threshold: 1001 }))).to.match(/^400 Threshold/);
    expect(await put(tell({ contactEmails: [] }))).to.match(/^400 .*contact email or contact group/);
    expect(await put(tell({ contactGroups: [`${ACTIONS}2`] }))).to.match(/^400 .*ag2' was not found/);
    expect(await put(tell({ contactEmails: [], contactGroups: [ACTIONS] }))).to.match(/^201/);
    expect(await put(budget(), BUDGET.replace("/rg/", "/nowhere/"))).to.match(/^404/);
    expect(await put(budget(), `${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/all`)).to.match(
      /^201/,
    );
  });

  it("hold bodies against Microsoft's models", async () => {
    const refused = await arm.ask("PUT", ALERT, alert({ colour: "red" }));
    expect([refused.status, codeOf(refused)]).to.deep.equal([400, "InvalidRequestContent"]);
    expect(codeOf(await arm.ask("PUT", BUDGET, budget({ timeGrain: "Daily" })))).to.equal(
      "InvalidRequestContent",
    );
  });
});
