import { expect } from "chai";
import fc from "fast-check";
import { Readable } from "node:stream";
import type { Arm } from "../../providers/clients/arm";
import type { RunFigures } from "../../providers/lineage/figures";
import { refusalBy, refusalOf, type ServingFigures } from "../../providers/models/acceptance";
import type { ModelSource } from "../../providers/models/source";
import type { ModelTarget } from "../../providers/models/target";

const run = (metrics: Record<string, number>, id = "new"): RunFigures => ({ run: id, metrics });
const serving = (metrics: Record<string, number>): ServingFigures => ({
  deployment: "churn-1f",
  figures: run(metrics, "old"),
});
const bar = [{ metric: "accuracy", min: 0.9, maxDrop: 0 }];

describe("whether a model is accepted", () => {
  it("is told with both figures where it is worse than what serves", () => {
    expect(refusalBy(bar, run({ accuracy: 0.95 }), serving({ accuracy: 0.97 }))).to.deep.equal({
      reason: "accuracy of its run 0.95, at least 0.97; churn-1f, which serves, has accuracy 0.97 (run old)",
      unread: false,
    });
    expect(refusalBy(bar, run({ accuracy: 0.97 }), serving({ accuracy: 0.97 }))).to.equal(undefined);
  });

  it("hangs on the absolute limits alone where nothing serves yet", () => {
    expect(refusalBy(bar, run({ accuracy: 0.9 }), undefined)).to.equal(undefined);
    expect(refusalBy(bar, run({ accuracy: 0.8 }), undefined)?.reason).to.equal(
      "accuracy of its run 0.8, at least 0.9",
    );
  });

  it("is no where the metric is missing, with what the run has", () => {
    expect(refusalBy(bar, run({ f1: 1, loss: 0 }), undefined)?.reason).to.equal(
      "run new of its model has no metric accuracy: log it there; it has f1, loss",
    );
    expect(refusalBy(bar, run({}), undefined)?.reason).to.contain("; it has none");
    expect(refusalBy(bar, { problem: "there is no run" }, undefined)?.reason).to.contain("there is no run");
    expect(refusalBy(bar, run({ accuracy: 1 }), serving({ f1: 1 }))?.reason).to.contain(
      "run old of the model that serves has no metric accuracy",
    );
  });

  it("may be asked again where something could not be read", () => {
    const unread = { problem: "MLflow answered 503", unread: true };
    expect(refusalBy(bar, unread, undefined)?.unread).to.equal(true);
    const behind = { deployment: "churn-1f", figures: unread };
    expect(refusalBy(bar, run({ accuracy: 1 }), behind)?.unread).to.equal(true);
  });

  it("is yes exactly where every limit holds, whatever the figures are", () => {
    const figure = fc.integer({ min: -50, max: 50 });
    const limits = fc.record(
      { min: figure, max: figure, maxDrop: fc.nat(20), maxRise: fc.nat(20) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(figure, fc.option(figure, { nil: undefined }), limits, (now, before, limit) => {
        const { min = -Infinity, max = Infinity, maxDrop = Infinity, maxRise = Infinity } = limit;
        const holds =
          now >= min &&
          now <= max &&
          (before === undefined || (before - now <= maxDrop && now - before <= maxRise));
        const behind = before === undefined ? undefined : serving({ m: before });
        const refusal = refusalBy([{ metric: "m", ...limit }], run({ m: now }), behind);
        expect(refusal === undefined).to.equal(holds);
        if (refusal !== undefined) expect(refusal.reason).to.contain(String(now));
      }),
    );
  });
});

describe("a model that is a version already", () => {
  const nobody = new Proxy({} as Arm, {
    get: (_, method) => () => expect.fail(`nothing is to be asked, and ${String(method)} was`),
  });
  const source = (lineage: object, mlmodel = ""): ModelSource => ({
    folderName: "model",
    identify: async () => ({}),
    files: async () => [
      { path: "MLmodel", length: mlmodel.length, open: async () => Readable.from([mlmodel]) },
    ],
    lineage: async () => lineage,
  });
  const target = (there: { digest?: string; runId?: string }): ModelTarget =>
    ({
      find: async (digest: string) => (digest === there.digest ? {} : undefined),
      hasOfRun: async (runId: string) => runId === there.runId,
    }) as unknown as ModelTarget;
  const accept = { runMetrics: bar };

  it("by its content is gone back to without being judged", async () => {
    const inputs = { accept, digest: "d1", workspaceId: "/w" };
    const candidate = { source: source({}), target: target({ digest: "d1" }), inputs };
    expect(await refusalOf(nobody, candidate)).to.equal(undefined);
  });

  it("by its run, as its source or its MLmodel names it, neither", async () => {
    const inputs = { accept, workspaceId: "/w" };
    for (const from of [source({ runId: "r1" }), source({}, "run_id: r1\n")])
      expect(await refusalOf(nobody, { source: from, target: target({ runId: "r1" }), inputs })).to.equal(
        undefined,
      );
  });

  it("of no run is refused", async () => {
    const inputs = { accept, digest: "d2", workspaceId: "/w" };
    const refusal = await refusalOf(nobody, { source: source({}), target: target({ digest: "d1" }), inputs });
    expect(refusal?.reason).to.contain("neither its source nor its MLmodel names one");
  });
});
