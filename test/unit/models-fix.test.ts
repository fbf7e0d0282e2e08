import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { fixedConda, fixedRequirements } from "../../providers/mlflow-model/fix";

const PACKAGE = "azureml-ai-monitoring";

describe("the fix of a model's requirements", () => {
  it("adds one line, keeps every other, and adds nothing twice", () => {
    const line = fc.stringMatching(/^[a-z]{1,8}(==\d\.\d)?$/);
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), (lines, ended) => {
        const before = lines.join("\n") + (ended && lines.length > 0 ? "\n" : "");
        const after = fixedRequirements(before);
        expect(after.trimEnd().split("\n")).to.deep.equal([...lines, PACKAGE]);
        expect(fixedRequirements(after)).to.equal(after);
      }),
    );
  });

  it("adds to the pip packages of a conda file, or gives it some", () => {
    const conda = "name: env\ndependencies:\n  - python=3.11\n  - pip:\n      - mlflow<3\n";
    expect(parse(fixedConda(conda))).to.deep.equal({
      name: "env",
      dependencies: ["python=3.11", { pip: ["mlflow<3", PACKAGE] }],
    });
    expect(parse(fixedConda("dependencies:\n  - python=3.11\n"))).to.deep.equal({
      dependencies: ["python=3.11", { pip: [PACKAGE] }],
    });
    expect(fixedConda(fixedConda(conda))).to.equal(fixedConda(conda));
  });

  it("leaves alone what is no conda file", () => {
    for (const text of ["", "a: [b", "name: env\n"]) expect(fixedConda(text)).to.equal(text);
  });
});
