import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureMonitor } from "../../local/scoring/azure-monitor";
import { arrivalOf } from "../../local/scoring/arrival";
import { InstanceMetrics } from "../../local/scoring/instance-metrics";
import { openMetrics } from "../../local/scoring/metrics-store";
import { ScoringMetrics, type ScoringMetric } from "../../local/scoring/metrics";

const endpointId =
  "/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W/onlineEndpoints/churn";
const start = Date.UTC(2026, 0, 1, 12);

describe("metrics of what was scored", () => {
  let now = start;
  const metrics = new ScoringMetrics(() => now);
  const instances = new InstanceMetrics(() => now);
  const whole = { from: new Date(start), to: new Date(start + 3_600_000) };
  const only = (metric: ScoringMetric, scope = endpointId): readonly number[] =>
    metrics.query({ metric, scope, ...whole }).flatMap(({ data }) => data.map(({ average }) => average));

  const monitor = azureMonitor({ requests: metrics, instances }, () => now);

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

  it("has each minute one to three minutes after its end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (minute) => {
        const late = arrivalOf(minute * 60_000) - (minute + 1) * 60_000;
        expect(late).to.be.within(60_000, 180_000);
      }),
    );
    const late = Array.from({ length: 100 }, (_, minute) => arrivalOf(minute * 60_000) - minute * 60_000);
    expect(Math.max(...late) - Math.min(...late)).to.be.greaterThan(90_000);
  });

  it("answers as Azure Monitor, split by a dimension, once the minute has arrived", async () => {
    now = arrivalOf(start + 60_000) - 1;
    const early = await monitor(endpointId, {
      metricnames: "RequestsPerMinute",
      $filter: "statuscode eq '424'",
    });
    expect(early["value"]).to.have.nested.property("[0].timeseries").that.deep.equals([]);
    now += 1;
    const body = await monitor(endpointId, {
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
            data: [{ timeStamp: "2026-01-01T12:01:00.000Z", average: 1 }],
          },
        ],
        errorCode: "Success",
      },
    ]);
  });

  it("refuses metrics and dimensions that Azure has not", async () => {
    const asked = async (id: string, metricnames: string, $filter = ""): Promise<string> =>
      await monitor(id, { metricnames, $filter }).then(
        () => "answered",
        (error: Error) => error.message,
      );
    const deployment = `${endpointId}/deployments/blue`;
    expect(await asked(endpointId, "RequestLatency,RequestLatency_P99")).to.equal("answered");
    expect(await asked(deployment, "RequestLatency")).to.contain("Failed to find metric configuration");
    expect(await asked(deployment, "RequestsPerMinute", "statusCode eq '*'")).to.contain(
      "supported ones are: envoy_response_code",
    );
  });

  it("tells what instances use, and how many there are", async () => {
    const deploymentId = `${endpointId}/deployments/blue`;
    const sample = { deploymentId, memoryPercent: 5 };
    instances.record([
      { ...sample, instanceId: "a", cpuPercent: 10 },
      { ...sample, instanceId: "b", cpuPercent: 60 },
    ]);
    instances.record([{ ...sample, instanceId: "b", cpuPercent: 80 }]);
    now += 4 * 60_000;
    const asked = async (metricnames: string, $filter = ""): Promise<unknown> => {
      const answer = await monitor(deploymentId, {
        metricnames,
        aggregation: "Average,Maximum",
        $filter,
      });
      const [metric] = answer["value"] as {
        timeseries: { data: { average: number; maximum: number }[] }[];
      }[];
      return metric?.timeseries.map(({ data }) => data.map(({ average, maximum }) => [average, maximum]));
    };
    expect(await asked("CpuUtilizationPercentage")).to.deep.equal([[[50, 80]]]);
    expect(await asked("CpuUtilizationPercentage", "instanceId eq '*'")).to.deep.equal([
      [[10, 10]],
      [[70, 80]],
    ]);
    expect(await asked("DeploymentCapacity")).to.deep.equal([[[2, 2]]]);
    expect(await asked("GpuUtilizationPercentage")).to.deep.equal([]);
  });

  it("joins minutes to longer grains", async () => {
    const answer = await monitor(endpointId, {
      metricnames: "RequestsPerMinute",
      interval: "PT5M",
      timespan: `${whole.from.toISOString()}/${whole.to.toISOString()}`,
    });
    expect(answer["value"])
      .to.have.nested.property("[0].timeseries[0].data")
      .that.deep.equals([{ timeStamp: new Date(start).toISOString(), average: 50.5 }]);
  });

  it("is there after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "metrics-"));
    try {
      const first = openMetrics(folder, () => start);
      first.metrics.record({ endpointId, deployment: "blue", statusCode: 200, latency: 7, mirrored: false });
      await first.close();
      const second = openMetrics(folder, () => start);
      second.metrics.record({ endpointId, deployment: "blue", statusCode: 200, latency: 7, mirrored: false });
      const query = { scope: endpointId, ...whole };
      expect(second.metrics.query({ metric: "RequestsPerMinute", ...query })[0]?.data[0]?.count).to.equal(2);
      expect(
        second.metrics.query({ metric: "RequestLatency_P99", ...query })[0]?.data[0]?.average,
      ).to.be.closeTo(7, 0.2);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps a day", () => {
    now += 25 * 3_600_000;
    metrics.record({ endpointId, deployment: "blue", statusCode: 200, latency: 1, mirrored: false });
    expect(only("RequestsPerMinute")).to.deep.equal([]);
  });
});
