import { expect } from "chai";
import { endpointEffects, type Asked } from "../../providers/preview/effects";
import { readPreview } from "../../providers/preview/engine-json";
import { sentenceOf } from "../../providers/preview/sentences";
import { digest, own, rolloutSteps, type PreviewStep } from "../helpers/previews";

const ASKED: Asked = { expected: 8, quota: "quota has room" };
const sentence = (over: Record<string, unknown> = {}, asked: Asked = ASKED): string => {
  const [effect = expect.fail("no effect")] = endpointEffects(
    readPreview(digest(rolloutSteps(over)), "test"),
  );
  return sentenceOf(effect, asked);
};
const steps = (...weights: number[]): Record<string, unknown> => ({
  steps: weights.map((weight) => ({ weight, bakeSeconds: 60 })),
});

describe("what a preview says to those who use a model", () => {
  it("is model, version, steps, time, gates and machines", () => {
    expect(sentence()).to.equal(
      "`oe-credit`: model 3f9c → a41d (8 expected), 4 steps (mirror 20 %, 5 %, 25 %, 100 %), at least 35 min, " +
        "gates p95 ≤ 120 ms and errors ≤ 1 %; +3 × Standard_DS3_v2 while it lasts, quota has room",
    );
  });

  it("is another sentence for another weight", () => {
    expect(sentence(steps(10, 100))).to.contain("2 steps (10 %, 100 %), at least 2 min");
    expect(sentence(steps(11, 100)))
      .to.contain("2 steps (11 %, 100 %)")
      .and.not.equal(sentence(steps(10, 100)));
  });

  it("says what could not be asked, and that nothing judges", () => {
    expect(sentence({ gates: [] }, {})).to.contain("(version unknown: Azure was not asked)");
    expect(sentence({ gates: [] }, {})).to.contain("**no gates**");
    expect(sentence({ gates: [] }, {})).to.contain("quota unknown: Azure was not asked");
  });

  it("of a batch endpoint is model, version, generation, and what proves it", () => {
    const rollout = (generation: string): Record<string, unknown> => ({
      endpointId: "/workspaces/w/batchEndpoints/be-credit",
      generation,
      deployment: { properties: { compute: "/workspaces/w/computes/cpu" } },
      proof: { input: "sample", separator: ",", outputFileName: "predictions.csv" },
      maxProofSeconds: 1800,
    });
    const [model = expect.fail()] = rolloutSteps();
    const said = (over: Record<string, unknown> = {}): string => {
      const step = {
        op: "update",
        type: own("BatchRollout"),
        old: rollout("credit-1"),
        new: { ...rollout("credit-2"), ...over },
      };
      const [effect = expect.fail("no effect")] = endpointEffects(readPreview(digest([model, step]), "test"));
      return sentenceOf(effect, ASKED);
    };
    expect(said()).to.equal(
      "`be-credit`: model 3f9c → a41d (8 expected) as `credit-2`, " +
        "proven by a job over `sample` on `cpu` that writes lines, within 30 min, then the default",
    );
    const proof = { input: "sample", expectedRows: 20, columns: 3, expected: [[0, 1, "a.csv"]] };
    expect(said({ proof: { ...proof, outputFileName: "p.csv" } })).to.contain(
      "that writes 20 lines of 3 values, 1 of them as declared, within",
    );
    expect(said({ proof })).to.contain("on `cpu` that ends well, within");
  });

  it("is short where the same model serves on, and plain where everything goes", () => {
    const [, rollout = expect.fail()] = rolloutSteps();
    const said = (step: PreviewStep): string[] =>
      endpointEffects(readPreview(digest([step]), "test")).map((effect) => sentenceOf(effect, {}));
    expect(said({ ...rollout, new: { ...rollout.old, keepGenerations: 2 } })).to.deep.equal([
      "`oe-credit`: serves on, with the same model; settings change",
    ]);
    expect(
      said({ op: "delete", type: rollout.type, ...(rollout.old && { old: rollout.old }) }),
    ).to.deep.equal(["`oe-credit`: **everything that serves there is taken away**"]);
    expect(said({ ...rollout, op: "same" })).to.deep.equal([]);
  });
});
