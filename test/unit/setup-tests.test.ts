import { expect } from "chai";
import { chooseTests, needsOf } from "../../tools/commands/layers";
import { countsLine, runMocha, sum } from "../../tools/commands/mocha";
import { Problem } from "../../tools/setup/problem";

const namesOf = (args: string[]): string[] => chooseTests(args).chosen.map(({ layer }) => layer.name);
const unit = chooseTests(["unit"]).chosen[0]?.layer;

describe("npm test", () => {
  it("runs every layer, quickest first, when none is named", () => {
    expect(namesOf([])).to.deep.equal([
      "unit",
      "provider",
      "conformance",
      "engine",
      "faults",
      "e2e",
      "browser",
      "upgrade",
    ]);
    expect(chooseTests([]).whole).to.equal(true);
  });

  it("runs the named layers and files only, and hands mocha its flags", () => {
    const { chosen, flags, whole } = chooseTests(["engine", "test/unit/names.test.ts", "-g", "engine"]);
    expect(chosen.map(({ layer, files }) => [layer.name, files])).to.deep.equal([
      ["unit", ["test/unit/names.test.ts"]],
      ["engine", "all"],
    ]);
    expect(flags).to.deep.equal(["-g", "engine"]);
    expect(whole).to.equal(false);
  });

  it("sets up neither Python nor the engine for unit tests", () => {
    expect(needsOf(["unit"])).to.equal("code");
    expect(needsOf(["unit", "engine"])).to.equal("local");
  });

  it("sets up the clients for what tries them only", () => {
    expect(needsOf(["engine", "test/conformance/mlflow.test.ts"])).to.equal("clients");
    expect(needsOf([])).to.equal("clients");
  });

  it("names the layers when it is asked for one that there is not", () => {
    expect(() => chooseTests(["units"])).to.throw(Problem, "Layers: unit, provider");
  });

  it("ends with one line of counts, which names skipped tests only when there are some", () => {
    const some = { passed: 2, failed: 1, skipped: 0 };
    expect(countsLine(some)).to.equal("2 passed, 1 failed");
    expect(countsLine(sum([some, { passed: 1, failed: 0, skipped: 3 }]))).to.equal(
      "3 passed, 1 failed, 3 skipped",
    );
  });

  it("counts a mocha that dies before it could count as a failure", async () => {
    if (!unit) throw new Error("there is a unit layer");
    expect(await runMocha("/", unit, ["a"], [], async () => 1)).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
    expect(await runMocha("/", unit, ["a"], [], async () => 0)).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});
