import { expect } from "chai";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Arm, ArmRequest } from "../../providers/clients/arm";
import { isWebhookUrl } from "../../providers/clients/webhook-address";
import { ask } from "../../providers/rollout/check";
import { judge, worst } from "../../providers/rollout/gates";
import {
  figuresOf,
  of,
  readFigures,
  type Figures,
  type MetricsAnswer,
} from "../../providers/rollout/metrics";
import { unexpected } from "../../providers/rollout/smoke";

const minutes = ["2026-11-24T10:00:00Z", "2026-11-24T10:01:00Z"];
const series = (
  name: string,
  by: Readonly<Record<string, string>>,
  ...averages: number[]
): MetricsAnswer["value"][number] => ({
  name: { value: name },
  timeseries: [
    {
      metadatavalues: Object.entries(by).map(([dimension, value]) => ({ name: { value: dimension }, value })),
      data: averages.map((average, index) => ({ timeStamp: minutes[index] ?? "", average })),
    },
  ],
});

describe("the figures of a generation", () => {
  it("are requests over all minutes, errors over all answers, and latencies by requests", () => {
    const counts = {
      value: [
        series("RequestsPerMinute", { envoy_response_code: "200" }, 90, 9),
        series("RequestsPerMinute", { envoy_response_code: "424" }, 0, 1),
      ],
    };
    const latencies = { value: [series("RequestLatency_P95", {}, 10, 100)] };
    const figures = figuresOf(counts, latencies);
    expect(figures.requests).to.equal(100);
    expect(figures.errorPercent).to.equal(1);
    expect(figures.latencyP95).to.equal(19);
    expect(figures.latencyP50).to.equal(undefined);
  });

  it("are each deployment's own in the endpoint's metrics, from the minute that it began in", () => {
    const counts = {
      value: [
        series("RequestsPerMinute", { deployment: "old", statuscode: "200" }, 90, 90),
        series("RequestsPerMinute", { deployment: "new", statuscode: "200" }, 50, 6),
        series("RequestsPerMinute", { deployment: "new", statuscode: "424" }, 0, 4),
      ],
    };
    const figures = (deployment: string, from: string): Figures =>
      figuresOf(of(counts, deployment, Date.parse(from)), { value: [] });
    expect(figures("old", "2026-11-24T10:00:59Z")).to.include({ requests: 180, errorPercent: 0 });
    expect(figures("new", "2026-11-24T10:01:30Z")).to.include({ requests: 10, errorPercent: 40 });
    expect(figures("none", "2026-11-24T10:00:00Z")).to.deep.equal({ requests: 0 });
  });

  it("are asked of the endpoint once for both, and of the deployment where it gets copies", async () => {
    for (const mirrored of [false, true]) {
      const asked: { readonly id: string; readonly query: ArmRequest["query"] }[] = [];
      const arm = {
        read: async (id: string, { query }: ArmRequest) => {
          asked.push({ id, query });
          return { value: [] };
        },
      } as unknown as Arm;
      const question = {
        generation: "new",
        baseline: "old",
        since: Date.parse("2026-11-24T10:01:30Z"),
        mirrored,
      };
      expect(await readFigures(arm, "/e", question, Date.parse("2026-11-24T10:09:00Z"))).to.deep.equal({
        candidate: { requests: 0 },
        baseline: { requests: 0 },
      });
      expect(asked.map(({ id }) => id.replace(/\/providers.*/, ""))).to.deep.equal([
        "/e",
        "/e",
        ...(mirrored ? ["/e/deployments/new", "/e/deployments/new"] : []),
      ]);
      expect(asked[0]?.query).to.include({
        timespan: "2026-11-24T09:01:00.000Z/2026-11-24T10:09:00.000Z",
        $filter: "deployment eq '*' and statusCode eq '*'",
        top: "1000",
      });
    }
  });

  it("without requests are none", () => {
    expect(figuresOf({ value: [] }, { value: [] })).to.deep.equal({ requests: 0 });
  });
});

describe("somebody's check", () => {
  it("passes with 2xx, fails with anything else, redirects too, and is an error without an answer; it tells no secret", async () => {
    const asked: { body: string; headers: IncomingHttpHeaders }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        asked.push({ body, headers: request.headers });
        response.writeHead(Number(request.url?.slice(1)), { location: "/200" }).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const about = { endpointId: "/e", generation: "v2", serving: "v1" };
    const answer = async (status: number): Promise<string> =>
      (await ask({ url: `http://127.0.0.1:${port}/${status}`, headers: { "x-key": "hush" } }, about)).verdict;
    expect(await answer(204)).to.equal("passed");
    for (const status of [302, 403, 500]) expect(await answer(status)).to.equal("failed");
    expect(asked).to.have.length(4);
    expect(asked[0]?.headers).to.include({ "x-key": "hush" });
    expect(JSON.parse(asked[0]?.body ?? "")).to.deep.equal(about);
    server.close();
    await once(server, "close");
    const none = await ask(
      { url: `http://127.0.0.1:${port}/?code=hush`, headers: { "x-key": "hush" } },
      about,
    );
    expect(none.verdict).to.equal("error");
    expect(none.reason).to.equal("the check can't be asked (ECONNREFUSED)");
  });

  it("has an address of https, or of this machine", () => {
    for (const right of [
      "https://judge.example/a?b",
      "http://127.0.0.1:80/",
      "http://localhost",
      "http://[::1]:1/",
    ])
      expect(isWebhookUrl(right), right).to.equal(true);
    for (const wrong of [
      "http://judge.example",
      "https://user:word@judge.example",
      "ftp://127.0.0.1",
      "judge",
      7,
    ])
      expect(isWebhookUrl(wrong), String(wrong)).to.equal(false);
  });

  it("outweighs figures that pass, and a failure outweighs what can't be read", () => {
    const verdicts = ["passed", "inconclusive", "error", "failed"] as const;
    verdicts.forEach((verdict, index) => {
      const results = verdicts.slice(0, index + 1).map((each) => ({ verdict: each, reason: each }));
      expect(worst(results).verdict).to.equal(verdict);
      expect(worst(results.reverse()).verdict).to.equal(verdict);
    });
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
