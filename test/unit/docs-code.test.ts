import { expect } from "chai";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compileErrors } from "../../tools/docs/code-blocks";
import { packageRoot } from "../../tools/paths";

describe("the code in the documentation", function () {
  this.timeout(120_000);

  it("compiles as a program of the package's users", () => {
    const root = packageRoot();
    const guides = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
    const pages = [join(root, "README.md"), ...guides.map((file) => join(root, "docs", file))];
    expect(compileErrors(root, pages)).to.deep.equal([]);
  });
});
