import { expect } from "chai";
import { forecastOf } from "../../providers/rollout/forecast";
import type { Journal } from "../../providers/rollout/types";

const quiet = {
  steps: [{ weight: 100, bakeSeconds: 0 }],
  smokeRequests: [],
  gates: [],
  retireAfterSeconds: 0,
  keepGenerations: 0,
};
const gated = {
  ...quiet,
  steps: [
    { weight: 0, mirror: 20, bakeSeconds: 600 },
    { weight: 10, bakeSeconds: 90, pause: true },
    { weight: 100, bakeSeconds: 300 },
  ],
  smokeRequests: [{ body: {} }, { body: {} }],
  gates: [
    { metric: "errorPercent", max: 1 },
    { metric: "latencyP95", max: 50, maxRatio: 1.2 },
  ],
  runMetrics: [
    { metric: "accuracy", min: 0.9 },
    { metric: "log_loss", maxRise: 0 },
  ],
  check: { url: "https://judge.example.org" },
  retireAfterSeconds: 300,
} as const;
const none: Journal = { refused: [], old: [] };
const serving: Journal = { ...none, serving: "old" };

describe("what a preview says of the traffic", () => {
  it("names the metrics of the run, the smoke requests, each step, the watch, what is judged, and what becomes of the one that serves", () => {
    expect(forecastOf(gated, undefined, serving)).to.deep.equal([
      "another generation is made beside old if its run passes for accuracy, log_loss, answers 2 smoke requests without traffic, gets mirror 20 % for 10 min, then 10 % for 90 s, pause, then all of the traffic, watched for 5 min",
      "each of these has to pass errorPercent at most 1, latencyP95 at most 50 and 1.2 × that of old, its check; what doesn't is rolled back",
      "old is deleted 5 min after that",
    ]);
  });

  it("is short where little happens", () => {
    expect(forecastOf({ ...quiet, keepGenerations: 1 }, "new", serving)).to.deep.equal([
      "new is made beside old, gets all of the traffic",
      "old is kept then, to go back to",
    ]);
    expect(forecastOf(quiet, "new", none)).to.deep.equal(["new gets all of the traffic"]);
  });

  it("says that a generation that served before takes no steps", () => {
    const journal: Journal = { ...serving, old: [{ generation: "older", until: 0, proven: true }] };
    expect(forecastOf(gated, "older", journal)[0]).to.equal(
      "older, which served before, answers 2 smoke requests without traffic, gets all of the traffic at once",
    );
  });

  it("says what is given up for it, and that a refused one stays refused until it is tried again on purpose", () => {
    const moving = {
      step: 0,
      since: 0,
      saved: {},
      failures: 0,
      errors: 0,
      inconclusive: 0,
      generation: "half",
    };
    expect(forecastOf(quiet, "old", { ...serving, moving })).to.deep.equal([
      "half is given up, and the traffic goes back to where it was before it",
      "old serves on",
    ]);
    const refused: Journal = {
      ...serving,
      refused: [{ generation: "bad", reason: "errorPercent 3, limit 1" }],
    };
    expect(forecastOf(quiet, "bad", refused)).to.deep.equal([
      "bad was refused before (errorPercent 3, limit 1): `up` fails until there is another `retry`",
    ]);
    expect(forecastOf({ ...quiet, retry: "again" }, "bad", refused)[0]).to.equal(
      "bad is made beside old, gets all of the traffic",
    );
  });
});
