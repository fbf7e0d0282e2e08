import { expect } from "chai";
import { chooseTests, needsOf, pools } from "../../tools/commands/layers";
import { countsLine, runMocha, sum } from "../../tools/commands/mocha";
import { Problem } from "../../tools/setup/problem";

const namesOf = (args: string[]): string[] => chooseTests(args).chosen.map(({ layer }) => layer.name);

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

  it("sets up no engine for unit tests", () => {
    expect(needsOf(["unit"])).to.equal("python");
    expect(needsOf(["unit", "engine"])).to.equal("local");
  });

  it("sets up the clients for what tries them only", () => {
    expect(needsOf(["engine", "test/conformance/mlflow.test.ts"])).to.equal("clients");
    expect(needsOf([])).to.equal("clients");
  });

  it("runs what starts a local Azure in one pool, the longest first, with the time of the most patient layer", () => {
    const files = ["test/provider/a.test.ts", "test/engine/b.test.ts", "test/unit/c.test.ts"];
    const made = pools("/", chooseTests(files).chosen);
    expect(made.map(({ name, files: own }) => [name, own])).to.deep.equal([
      ["unit", ["test/unit/c.test.ts"]],
      ["provider, engine", ["test/engine/b.test.ts", "test/provider/a.test.ts"]],
    ]);
    expect(made.map(({ timeoutMs }) => timeoutMs)).to.deep.equal([60_000, 300_000]);
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
    const pool = { timeoutMs: 1000, atOnce: 1, files: ["a"], name: "unit" };
    expect(await runMocha("/", pool, [], async () => 1)).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
    expect(await runMocha("/", pool, [], async () => 0)).to.deep.equal({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});
