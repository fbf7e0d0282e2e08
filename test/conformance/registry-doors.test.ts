import { readdirSync } from "node:fs";
import { expect } from "chai";
import { clientsPython, exampleModelFolder, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import {
  azureAiMlDoor,
  mlflowDoor,
  restDoor,
  type ClientDoor,
  type RegistryDoor,
} from "../helpers/registry-doors";

const names = ["azure-ai-ml", "MLflow 2.22", "MLflow 3", "MLflow's REST API"] as const;
type Name = (typeof names)[number];

/** Files of the model; each client may leave a file of its own beside them. */
const modelFiles = readdirSync(exampleModelFolder).sort();
const pairs = names.flatMap((writer) =>
  names.filter((other) => other !== writer).map((other) => [writer, other] as const),
);

/** One registry with two doors, ARM's and MLflow's, and the unmodified clients of both. */
describe("a model registry that every client shares", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  const doors = new Map<Name, RegistryDoor>();
  const clients: ClientDoor[] = [];
  const door = (name: Name): RegistryDoor => {
    const found = doors.get(name);
    if (found === undefined) throw new Error(`there is no door ${name}`);
    return found;
  };
  let azureAiMl: ClientDoor;

  before(async () => {
    workspace = await AzureWorkspace.open("doors");
    azureAiMl = azureAiMlDoor(workspace);
    const two = mlflowDoor(workspace, python);
    const three = mlflowDoor(workspace, clientsPython);
    clients.push(azureAiMl, two, three);
    const seed = { name: "seed", version: await two.register("seed", exampleModelFolder, {}, "") };
    doors.set("azure-ai-ml", azureAiMl).set("MLflow 2.22", two).set("MLflow 3", three);
    doors.set("MLflow's REST API", restDoor(workspace, seed));
    expect(await two.client.call("mlflow_version")).to.match(/^2\.22\./);
    expect(await three.client.call("mlflow_version")).to.match(/^3\./);
  });

  after(async () => {
    for (const client of clients) await client.client.close();
    await workspace.close();
  });

  for (const [writer, other] of pairs) {
    it(`what ${writer} registers, ${other} reads, searches, tags, untags, describes and deletes`, async () => {
      const [mine, theirs] = [door(writer), door(other)];
      const name = `${writer}-${other}`.replaceAll(/[^a-z0-9]+/gi, "-");
      const version = await mine.register(name, exampleModelFolder, { owner: writer, stage: "new" }, "first");
      expect(version).to.equal("1");
      expect(await theirs.read(name, version)).to.deep.equal({
        version,
        tags: { owner: writer, stage: "new" },
        description: "first",
      });
      expect(await theirs.search(name)).to.deep.equal([version]);
      const files = await theirs.files(name, version);
      if (files !== undefined) expect(files).to.include.members(modelFiles);

      await theirs.tag(name, version, "reviewed", "yes, by & for = all");
      await theirs.tag(name, version, "stage", "old");
      await theirs.untag(name, version, "owner");
      await theirs.describe(name, version, "second");
      const changed = {
        version,
        tags: { reviewed: "yes, by & for = all", stage: "old" },
        description: "second",
      };
      expect(await mine.read(name, version)).to.deep.equal(changed);

      const next = await theirs.register(name, exampleModelFolder, {}, "");
      expect(next).to.equal("2");
      await theirs.delete(name, version);
      expect(await mine.read(name, version)).to.equal(null);
      expect(await mine.search(name)).to.deep.equal([next]);
    });
  }

  it("all at once get versions of their own", async () => {
    const servers = names.filter((name) => name !== "azure-ai-ml");
    await door("MLflow's REST API").register("crowd", exampleModelFolder, {}, "");
    const made = await Promise.all(
      servers.map(async (name) => await door(name).register("crowd", exampleModelFolder, { by: name }, name)),
    );
    expect([...made].sort()).to.deep.equal(["2", "3", "4"]);
    for (const [at, name] of servers.entries())
      expect(await azureAiMl.read("crowd", made[at] ?? "")).to.deep.include({ tags: { by: name } });
  });

  it("what azure-ai-ml archives is in no search of MLflow's, and is again when it is restored", async () => {
    const version = await door("MLflow 2.22").register("kept", exampleModelFolder, {}, "");
    await azureAiMl.client.call("archive", { name: "kept", version });
    for (const name of names) expect(await door(name).search("kept"), name).to.deep.equal([]);
    await azureAiMl.client.call("restore", { name: "kept", version });
    for (const name of names) expect(await door(name).search("kept"), name).to.deep.equal([version]);
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
