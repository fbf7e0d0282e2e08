import { expect } from "chai";
import fc from "fast-check";
import { unexpectedLines, valuesIn, type Expectation } from "../../providers/batch-rollout/expectation";

const lines = ["0,1,one.csv", "1,0.25,one.csv", '0,"[0.5, 0.5]",two.csv'];
const problem = async (expectation: Expectation, output = lines): Promise<string | undefined> =>
  await unexpectedLines(output, ",", expectation);

describe("the output of a job that proves a batch generation", () => {
  it("is as expected in number of lines, of values, and in lines in any order", async () => {
    const expected = [
      [0, [0.5, 0.5], "two.csv"],
      [1, 0.250_000_000_1, "one.csv"],
    ];
    expect(await problem({ expectedRows: 3, columns: 3, expected })).to.equal(undefined);
    expect(await problem({})).to.equal(undefined);
  });

  it("is wrong without a line, with another number of lines or values, and without an expected line", async () => {
    expect(await problem({}, [])).to.equal("the output has no lines");
    expect(await problem({ expectedRows: 4 })).to.equal("the output has 3 lines, expected 4");
    expect(await problem({ columns: 2 })).to.equal("line 1 of the output has 3 values, expected 2");
    expect(await problem({ expected: [[1, 0.26, "one.csv"]] })).to.equal(
      '1 of 1 expected lines are not in the output, [1,0.26,"one.csv"] for instance',
    );
  });

  it("has a line as often as it is expected", async () => {
    const twice = [
      [0, 1, "one.csv"],
      [0, 1, "one.csv"],
    ];
    expect(await problem({ expected: twice })).to.contain("1 of 2 expected lines");
    expect(await problem({ expected: twice }, [...lines, "0,1,one.csv"])).to.equal(undefined);
  });

  it("has the values of a script's lines between spaces, texts and truths among them", async () => {
    const output = ['one.csv 1 True "a b"'];
    expect(await unexpectedLines(output, " ", { expected: [["one.csv", 1, true, "a b"]] })).to.equal(
      undefined,
    );
    expect(await unexpectedLines(output, " ", { expected: [["one.csv", 1, false, "a b"]] })).to.be.a(
      "string",
    );
  });

  it("gives back the values that a line was written of", () => {
    const separator = fc.constantFrom("," as const, " " as const);
    const value = fc.string().filter((text) => !/[\n\r]/.test(text));
    fc.assert(
      fc.property(separator, fc.array(value, { minLength: 1 }), (between, values) => {
        const quoted = values.map((text) => (/[", ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
        expect(valuesIn(quoted.join(between), between)).to.deep.equal(values);
      }),
    );
  });
});
