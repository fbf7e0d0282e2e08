import { expect } from "chai";
import fc from "fast-check";
import { historyLines } from "../../cli/view/history";
import { reportOf } from "../../cli/view/report";
import { servedLines } from "../../cli/view/served";
import { sparkline } from "../../cli/view/sparkline";
import { statusLines } from "../../cli/view/status";
import { table } from "../../cli/view/table";
import { attemptsIn } from "../../providers/rollout/attempts";
import type { HistoryEvent } from "../../providers/rollout/history";
import { minutesOf } from "../../providers/rollout/series";
import type { RolloutStatus } from "../../providers/rollout/status";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const noon = Date.UTC(2026, 0, 2, 12);
const event = (
  kind: HistoryEvent["kind"],
  minute: number,
  more: Partial<HistoryEvent> = {},
): HistoryEvent => ({
  at: new Date(noon + minute * 60_000).toISOString(),
  by: "ada@contoso.com",
  kind,
  generation: "churn-2",
  why: kind,
  ...more,
});
const candidate = { requests: 120, errorPercent: 0.5, latencyP95: 41.98 };
const events: readonly HistoryEvent[] = [
  event("begun", 0, { traffic: { "churn-1": 100 } }),
  event("step", 1, { traffic: { "churn-1": 80, "churn-2": 20 } }),
  event("measured", 2, { why: "passed: errorPercent 0.5, limit 1", figures: { candidate } }),
  event("measured", 3, {
    why: "failed: errorPercent 5, limit 1",
    figures: { candidate: { ...candidate, errorPercent: 5 } },
  }),
  event("rolledBack", 3, { why: "errorPercent 5 | limit 1", traffic: { "churn-1": 100 } }),
];
const moving = {
  generation: "churn-2",
  step: 1,
  since: noon,
  saved: { "churn-1": 100 },
  failures: 0,
  errors: 0,
  inconclusive: 0,
};
const status: RolloutStatus = {
  endpointId: ENDPOINT_ID,
  endpoint: "oe-churn",
  generation: "churn-2",
  phase: "Paused",
  serving: "churn-1",
  moving: { ...moving, paused: "step 2 waits for promote" },
  steps: [
    { weight: 0, mirror: 50, bakeSeconds: 30 },
    { weight: 20, bakeSeconds: 600, pause: true },
    { weight: 100, bakeSeconds: 300 },
  ],
  refused: [{ generation: "churn-0", reason: "it answered wrongly" }],
  deployments: [
    { name: "churn-1", traffic: 80, mirror: 0, instances: 10, state: "Succeeded", role: "serves" },
    { name: "churn-2", traffic: 20, mirror: 0, instances: 2, state: "Succeeded", role: "moves" },
  ],
  history: events.slice(0, 3),
};

describe("a rollout's status, as it is shown", () => {
  it("has the steps, the weights, the gate's figures, what is refused and what to do next", () => {
    expect(statusLines(status, noon + 180_000)).to.deep.equal([
      "oe-churn: churn-2 is paused: step 2 waits for promote",
      "",
      "✓ mirror 50 % for 30 s   ▸ 20 % for 10 min, pause   · 100 % for 5 min",
      "step 2 of 3, for 3 min",
      "",
      "deployment  traffic  mirror  instances  state",
      "churn-1        80 %                 10  Succeeded  serves",
      "churn-2        20 %                  2  Succeeded  on its way",
      "",
      "gates at 12:02:00 UTC: passed: errorPercent 0.5, limit 1",
      "  it       120 requests, 0.5 % errors, p95 42 ms",
      "",
      "refused churn-0: it answered wrongly",
      "",
      "Next: rollout promote ENDPOINT churn-2, or rollout abort ENDPOINT churn-2.",
    ]);
  });

  it("has a sparkline of latency and errors for each deployment that was measured", () => {
    const minutes = [10, 20, 40].map((latencyP95, minute) => ({
      at: noon + minute * 60_000,
      requests: 100,
      errorPercent: minute,
      latencyP95,
    }));
    const lines = statusLines(status, noon, { "churn-1": minutes, "churn-2": [] });
    expect(lines.filter((line) => line.includes("p95") && line.includes("errors "))).to.deep.include(
      `churn-1  p95 ${"▃▅█".padStart(24)}    40 ms  errors ${"▁▅█".padStart(24)}      2 %`,
    );
  });

  it("needs neither history nor declaration, and says why it has none", () => {
    const { history, steps, ...rest } = status;
    expect([history, steps]).to.not.include(undefined);
    const lines = statusLines({ ...rest, problem: "no role on the store" }, noon + 1_000);
    expect(lines).to.include("It is at step 2, for 1 s.");
    expect(lines).to.include("Steps and history can't be read: no role on the store");
  });

  it("of a generation that waits for its run's metric says how it goes on", () => {
    const waits = { ...moving, step: -1, paused: "run r2 of its model has no metric f1: log it there" };
    const lines = statusLines({ ...status, moving: waits }, noon + 180_000);
    expect(lines[0]).to.equal(`oe-churn: churn-2 is paused: ${waits.paused}`);
    expect(lines).to.include("It waits to be made, for 3 min.");
    expect(lines.at(-1)).to.equal(
      "Next: rollout advance when that is mended; without it, rollout promote ENDPOINT churn-2, or rollout abort ENDPOINT churn-2.",
    );
  });

  it("of an endpoint without rollout says so", () => {
    const bare = { endpointId: ENDPOINT_ID, endpoint: "oe", refused: [], deployments: [] };
    expect(statusLines(bare, noon)).to.deep.equal([
      "oe: nothing was rolled forward on it",
      "",
      "no deployments",
    ]);
  });
});

describe("a sparkline", () => {
  it("is as wide as asked for, and the highest figure has the full height", () => {
    const figures = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }));
    fc.assert(
      fc.property(figures, fc.integer({ min: 1, max: 40 }), (all, width) => {
        const line = sparkline(all, width);
        expect([...line]).to.have.length(width);
        const shown = all.slice(-width);
        if (shown.some((figure) => (figure ?? 0) > 0)) expect(line).to.contain("█");
        expect([...line].filter((bar) => bar !== " ")).to.have.length(
          shown.filter((figure) => figure !== undefined).length,
        );
      }),
    );
  });
});

describe("a table", () => {
  it("has its columns below one another, words to the left and numbers to the right", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 });
    const number = fc.nat(1e9).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, number, word), { minLength: 1 }), (rows) => {
        const [heading = "", ...lines] = table(["first", "second", "third"], rows);
        const ends = heading.indexOf("second") + "second".length;
        const third = heading.indexOf("third");
        expect(lines).to.have.length(rows.length);
        for (const [index, [first, count, last]] of rows.entries()) {
          const line = lines[index] ?? "";
          expect(line.startsWith(`${first} `)).to.equal(true);
          expect(line.slice(0, ends).endsWith(` ${count}`)).to.equal(true);
          expect(line.slice(third)).to.equal(last);
        }
      }),
    );
  });
});

describe("a rollout's history, as it is shown", () => {
  it("has the figures, who and why of each event", () => {
    expect(historyLines(events.slice(1, 3))).to.deep.equal([
      "when (UTC)           event     generation  traffic                     requests  errors    p95  by               why",
      "2026-01-02 12:01:00  step      churn-2     churn-1 80 %, churn-2 20 %                           ada@contoso.com  step",
      "2026-01-02 12:02:00  measured  churn-2                                      120   0.5 %  42 ms  ada@contoso.com  passed: errorPercent 0.5, limit 1",
    ]);
    expect(historyLines([])).to.deep.equal(["no history yet"]);
  });

  it("is split into attempts, each with its end", () => {
    const all = [
      event("deleted", -1),
      ...events,
      event("begun", 10, { generation: "churn-3" }),
      event("promoted", 20, { generation: "churn-3" }),
      event("rolledBack", 30, { generation: "churn-3", by: "bob" }),
      event("begun", 40, { generation: "churn-4" }),
    ];
    expect(
      attemptsIn(all).map(({ generation, outcome, by, events: { length } }) => [
        generation,
        outcome,
        by,
        length,
      ]),
    ).to.deep.equal([
      ["churn-2", "rolledBack", "ada@contoso.com", 5],
      ["churn-3", "promoted", "ada@contoso.com", 2],
      ["churn-3", "rolledBack", "bob", 1],
      ["churn-4", undefined, "ada@contoso.com", 1],
    ]);
  });

  it("as Markdown has a row an attempt, charts that Mermaid draws, and cells that stay cells", () => {
    const report = reportOf("oe-churn", events);
    expect(report).to.contain(
      "| 2026-01-02 12:00 | `churn-2` | rolled back | 3 min | ada@contoso.com | errorPercent 5 \\| limit 1 |",
    );
    const lines = report.split("\n");
    const [start, theme = "", kind, ...chart] = lines.slice(lines.indexOf("```mermaid"));
    expect([start, kind]).to.deep.equal(["```mermaid", "xychart-beta"]);
    expect(JSON.parse(theme.slice("%%{init: ".length, -"}%%".length))).to.be.an("object");
    expect(chart.slice(0, 3)).to.deep.equal([
      '  title "share of the traffic"',
      '  x-axis "minutes" 0 --> 3',
      '  y-axis "percent" 0 --> 20',
    ]);
    // A third of the time without, then with its share, and at the very end without.
    expect(chart[3]).to.equal(
      `  line [${[...Array<0>(20).fill(0), ...Array<20>(40).fill(20), 0].join(", ")}]`,
    );
    expect(chart[4]).to.equal("```");
    expect(report, "two figures are told by the table").to.not.contain("answers other than 2xx");
  });

  it("tells measurements in a row that say the same as one, with the last figures, and draws them beside what serves", () => {
    const measured = (minute: number, verdict: string, errorPercent: number): HistoryEvent =>
      event("measured", minute, {
        why: `${verdict}: errorPercent ${errorPercent}, limit 1`,
        figures: { candidate: { ...candidate, errorPercent }, baseline: { ...candidate, errorPercent: 0.1 } },
      });
    const all = [
      event("begun", 0),
      measured(1, "passed", 0.2),
      measured(2, "passed", 0.3),
      measured(3, "failed", 5),
      measured(4, "failed", 6),
      event("deleted", 5, { generation: "churn-1" }),
    ];
    const report = reportOf("oe", all);
    expect(report.split("\n").filter((line) => line.includes("measured"))).to.deep.equal([
      "| 2026-01-02 12:02:00 | measured 2 times |  | 120 | 0.3 % | 42 ms | ada@contoso.com | passed: errorPercent 0.3, limit 1 |",
      "| 2026-01-02 12:04:00 | measured 2 times |  | 120 | 6 % | 42 ms | ada@contoso.com | failed: errorPercent 6, limit 1 |",
    ]);
    expect(report).to.contain("| deleted churn-1 |");
    expect(report).to.contain('title "answers other than 2xx; orange: of what serves"');
    expect(report.split("\n").filter((line) => line.startsWith("  line"))).to.have.length(4);
  });

  it("of no history says so", () => {
    expect(reportOf("oe", [])).to.equal("# Rollouts of oe\n\nNo history yet.\n");
  });
});

describe("the minutes of a deployment", () => {
  it("have the errors of all status codes together, in turn, and no figure without requests", () => {
    const series = (code: string, ...averages: number[]) => ({
      metadatavalues: [{ name: { value: "envoy_response_code" }, value: code }],
      data: averages.map((average, minute) => ({
        timeStamp: new Date(noon + minute * 60_000).toISOString(),
        average,
      })),
    });
    const counts = {
      value: [
        { name: { value: "RequestsPerMinute" }, timeseries: [series("200", 9, 0), series("424", 1, 0)] },
      ],
    };
    const latencies = { value: [{ name: { value: "RequestLatency_P95" }, timeseries: [series("", 31)] }] };
    expect(minutesOf(counts, latencies)).to.deep.equal([
      { at: noon, requests: 10, errorPercent: 10, latencyP95: 31 },
      { at: noon + 60_000, requests: 0 },
    ]);
  });
});

describe("what serves, as it is shown", () => {
  it("marks each link by how far it is proven", () => {
    const links = [
      { what: "model", value: "churn:3", proof: "verified", how: "the workspace has this version" },
      { what: "commit", value: "", proof: "missing", how: "the run has no tag" },
      { what: "data", value: "rows abc", proof: "broken", how: "it is gone" },
    ] as const;
    expect(
      servedLines("oe-churn", [{ deployment: "churn-1", traffic: 100, links }]).slice(0, 4),
    ).to.deep.equal([
      "100 % of oe-churn",
      "  ✓ model       churn:3  (the workspace has this version)",
      "  – commit      (the run has no tag)",
      "  ✗ data        rows abc  (it is gone)",
    ]);
    expect(servedLines("oe-churn", [])).to.deep.equal(["oe-churn: nothing has traffic"]);
  });
});
