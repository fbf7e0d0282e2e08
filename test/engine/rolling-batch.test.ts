import { expect } from "chai";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { badExample, changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

const { input_data: sample } = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
) as { input_data: { columns: string[]; data: number[][] } };

/** A program with a RollingBatchDeployment, run by the real engine; the steps build on one another. */
describe("RollingBatchDeployment on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: ProgramStack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const generation = async (): Promise<string> => (await stack.outputs())["generation"] ?? "";

  before(async () => {
    await azure.start();
    const folder = join(azure.paths.folder, "sample");
    mkdirSync(folder);
    const lines = [sample.columns, ...sample.data.slice(0, 1)].map((line) => line.join(","));
    writeFileSync(join(folder, "one.csv"), `${lines.join("\n")}\n`);
    stack = await ProgramStack.create(azure, "rolling-batch", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      proof: { input: folder, expectedRows: 1, columns: 3, expected: [[0, 0, "one.csv"]] },
    });
  });
  after(async () => await azure.remove());

  it("the first generation is proven by a job and made the default; an unchanged `up` does nothing", async () => {
    const said = await stack.succeeds(...up);
    expect(said).to.contain(`${await generation()} is proven, and the default`);
    expect(await stack.outputs()).to.include({ phase: "Serving" });
    await stack.succeeds("up", "--yes", "--expect-no-changes");
  });

  it("more machines, whose number Azure fixes, are another generation", async () => {
    const first = await generation();
    stack.set("instances", 2);
    const said = await stack.succeeds(...up);
    expect(said).to.contain(`${await generation()} is proven, and the default`);
    expect(await generation()).to.not.equal(first);
  });

  it("another model is proven beside it, and takes its place", async () => {
    const first = await generation();
    stack.set("model", changedExample(azure, "v2"));
    expect(await stack.succeeds("preview")).to.match(
      /is made beside .*, proven by a job over 1 file, then made/,
    );
    const said = await stack.succeeds(...up);
    expect(said).to.contain(`${await generation()} is proven, and the default`);
    expect(await generation()).to.not.equal(first);
  });

  it("a custom model without a script is refused before anything is made of it", async () => {
    const serving = await generation();
    const plain = join(azure.paths.folder, "plain");
    mkdirSync(plain);
    writeFileSync(join(plain, "weights.txt"), "1 2 3\n");
    stack.set("plain", plain);
    expect(await stack.fails(...up)).to.contain("it must be given for a custom_model, with an environment");
    stack.set("plain", undefined);
    await stack.succeeds(...up);
    expect(await generation()).to.equal(serving);
  });

  it("a model that answers wrongly is refused with the reason, and the default stays", async () => {
    const serving = await generation();
    stack.set("model", await badExample(azure, "wrong", "answers wrongly"));
    const failed = await stack.fails(...up);
    expect(failed).to.contain("1 of 1 expected lines are not in the output");
    expect(failed).to.contain(`the default stays ${serving}`);
    expect(await stack.fails(...up)).to.contain("was refused before");
  });

  it("back to the generation before takes no job, and `destroy` leaves nothing", async () => {
    stack.set("model", exampleModelFolder);
    const said = await stack.succeeds(...up);
    expect(said).to.contain("it is the default again");
    expect(said).to.not.contain("is proven by job");
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
  });
});
