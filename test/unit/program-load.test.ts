import { expect } from "chai";
import execa from "execa";
import { packageRoot } from "../../tools/paths";

const LOADED = `
require("./dist/components");
require("./dist/stacks/settings");
const packages = Object.keys(require.cache).flatMap((file) => /node_modules\\/(@[^/]+\\/[^/]+|[^/]+)/.exec(file)?.[1] ?? []);
console.log(JSON.stringify([...new Set(packages)]));
`;

describe("a program that imports the components", () => {
  it("loads Pulumi and none of Azure's clients, whose loading each preview would wait for", async () => {
    const { stdout } = await execa(process.execPath, ["-e", LOADED], { cwd: packageRoot() });
    const packages = JSON.parse(stdout) as string[];
    expect(packages).to.include("@pulumi/pulumi");
    expect(packages.filter((name) => name.startsWith("@azure/"))).to.deep.equal([]);
  });
});
