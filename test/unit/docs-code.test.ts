import { expect } from "chai";
import { compileErrors } from "../../tools/docs/code-blocks";
import { packageRoot } from "../../tools/paths";
import { documentedPages } from "../helpers/documented-commands";

describe("the code in the documentation", function () {
  this.timeout(120_000);

  it("compiles as a program of the package's users", () => {
    const root = packageRoot();
    expect(compileErrors(root, documentedPages())).to.deep.equal([]);
  });
});
