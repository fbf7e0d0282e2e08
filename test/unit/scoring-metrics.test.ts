import { expect } from "chai";
import { azureMonitor } from "../../local/scoring/azure-monitor";
import { ScoringMetrics, type ScoringMetric } from "../../local/scoring/metrics";

const endpointId = "/subscriptions/S/onlineEndpoints/churn";
const start = Date.UTC(2026, 0, 1, 12);

describe("metrics of what was scored", () => {
  let now = start;
  const metrics = new ScoringMetrics(() => now);
  const whole = { from: new Date(start), to: new Date(start + 3_600_000) };
  const only = (metric: ScoringMetric, scope = endpointId): readonly number[] =>
    metrics.query({ metric, scope, ...whole }).flatMap(({ data }) => data.map(({ average }) => average));

  before(() => {
    for (let latency = 1; latency <= 100; latency++) {
      metrics.record({
        endpointId,
        deployment: "blue",
        statusCode: 200,
        modelStatusCode: 200,
        latency,
        mirrored: false,
      });
    }
    now += 60_000;
    metrics.record({
      endpointId,
      deployment: "green",
      statusCode: 424,
      modelStatusCode: 500,
      latency: 5,
      mirrored: false,
    });
    metrics.record({
      endpointId,
      deployment: "green",
      statusCode: 200,
      modelStatusCode: 200,
      latency: 5,
      mirrored: true,
    });
  });

  it("counts requests by the minute, without mirrored copies on the endpoint", () => {
    expect(only("RequestsPerMinute")).to.deep.equal([100, 1]);
    expect(only("RequestsPerMinute", `${endpointId.toUpperCase()}/deployments/green`)).to.deep.equal([2]);
  });

  it("tells latencies to 2 %", () => {
    expect(only("RequestLatency")[0]).to.equal(50.5);
    expect(only("RequestLatency_P50")[0]).to.be.closeTo(50, 1);
    expect(only("RequestLatency_P99")[0]).to.be.closeTo(99, 2);
  });

  it("answers as Azure Monitor, split by a dimension", async () => {
    const body = await azureMonitor(metrics)(endpointId, {
      metricnames: "RequestsPerMinute",
      timespan: `${whole.from.toISOString()}/${whole.to.toISOString()}`,
      $filter: "deployment eq '*' and statusCodeClass eq '4xx'",
    });
    expect(body["value"]).to.deep.equal([
      {
        id: `${endpointId}/providers/Microsoft.Insights/metrics/RequestsPerMinute`,
        type: "Microsoft.Insights/metrics",
        name: { value: "RequestsPerMinute", localizedValue: "RequestsPerMinute" },
        unit: "Count",
        timeseries: [
          {
            metadatavalues: [
              { name: { value: "deployment", localizedValue: "deployment" }, value: "green" },
              { name: { value: "statuscodeclass", localizedValue: "statuscodeclass" }, value: "4xx" },
            ],
            data: [{ timeStamp: "2026-01-01T12:01:00.000Z", average: 1, count: 1 }],
          },
        ],
        errorCode: "Success",
      },
    ]);
  });

  it("keeps a day", () => {
    now += 25 * 3_600_000;
    metrics.record({ endpointId, deployment: "blue", statusCode: 200, latency: 1, mirrored: false });
    expect(only("RequestsPerMinute")).to.deep.equal([]);
  });
});
