import { expect } from "chai";
import { judge } from "../../providers/rollout/gates";
import { figuresOf, type MetricsAnswer } from "../../providers/rollout/metrics";
import { unexpected } from "../../providers/rollout/smoke";

const minutes = ["2026-11-24T10:00:00Z", "2026-11-24T10:01:00Z"];
const series = (name: string, code: string, ...averages: number[]): MetricsAnswer["value"][number] => ({
  name: { value: name },
  timeseries: [
    {
      metadatavalues: [{ value: code }],
      data: averages.map((average, index) => ({ timeStamp: minutes[index] ?? "", average })),
    },
  ],
});

describe("the figures of a generation", () => {
  it("are requests over all minutes, errors over all answers, and latencies by requests", () => {
    const counts = {
      value: [series("RequestsPerMinute", "200", 90, 9), series("RequestsPerMinute", "424", 0, 1)],
    };
    const latencies = { value: [series("RequestLatency_P95", "", 10, 100)] };
    const figures = figuresOf(counts, latencies);
    expect(figures.requests).to.equal(100);
    expect(figures.errorPercent).to.equal(1);
    expect(figures.latencyP95).to.equal(19);
    expect(figures.latencyP50).to.equal(undefined);
  });

  it("without requests are none", () => {
    expect(figuresOf({ value: [] }, { value: [] })).to.deep.equal({ requests: 0 });
  });
});

describe("a gate", () => {
  const figures = { requests: 100, errorPercent: 2, latencyP95: 30 };
  const before = { requests: 1000, errorPercent: 0, latencyP95: 20 };
  const verdict = (...args: Parameters<typeof judge>): string => judge(...args).verdict;

  it("passes at its limit and fails beyond it, with figure and limit", () => {
    expect(verdict([{ metric: "errorPercent", max: 2 }], 50, figures, before)).to.equal("passed");
    expect(judge([{ metric: "errorPercent", max: 1 }], 50, figures, before)).to.deep.equal({
      verdict: "failed",
      reason: "errorPercent 2, limit 1",
    });
  });

  it("compares with what serves, and is inconclusive where that has too few requests", () => {
    expect(verdict([{ metric: "latencyP95", maxRatio: 1.5 }], 50, figures, before)).to.equal("passed");
    expect(verdict([{ metric: "latencyP95", maxRatio: 1.4 }], 50, figures, before)).to.equal("failed");
    expect(
      verdict([{ metric: "latencyP95", maxRatio: 2 }], 50, figures, { ...before, requests: 1 }),
    ).to.equal("inconclusive");
  });

  it("never passes with too few requests or without a figure", () => {
    expect(verdict([{ metric: "errorPercent", max: 100 }], 101, figures, before)).to.equal("inconclusive");
    expect(verdict([{ metric: "latencyP50", max: 1e9 }], 50, figures, before)).to.equal("inconclusive");
  });

  it("that fails outweighs one that is inconclusive", () => {
    const gates = [
      { metric: "latencyP50", max: 1e9 },
      { metric: "errorPercent", max: 1 },
    ] as const;
    expect(verdict(gates, 50, figures, before)).to.equal("failed");
  });
});

describe("the answer to a smoke request", () => {
  it("is 200, JSON, and the expected one where there is one", () => {
    expect(unexpected(200, "[0.30000000001]", [0.3])).to.equal(undefined);
    expect(unexpected(200, '[{"a":1}]', undefined)).to.equal(undefined);
    expect(unexpected(424, "[0]", [0])).to.equal("answered 424");
    expect(unexpected(200, "<html>", undefined)).to.equal("the answer is not JSON");
    for (const other of ["[0.31]", "[]", '{"0":0.3}', '["0.3"]', "null"])
      expect(unexpected(200, other, [0.3])).to.equal("the answer is not the expected one");
  });
});
