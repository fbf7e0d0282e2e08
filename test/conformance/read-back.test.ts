import { readdirSync } from "node:fs";
import { expect } from "chai";
import { plainEnvironment } from "../../local/children";
import { DEPLOYER } from "../../local/cloud";
import { clientsPython, exampleModelFolder, python } from "../../tools/paths";
import { ClientProcess } from "../helpers/client-process";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";
import { ClientDoor } from "../helpers/registry-doors";

/** The real engine registers by MlflowModel; the unmodified clients judge. */
describe("a model that MlflowModel registered", function () {
  this.timeout(300_000);
  const azure = new LocalAzure();
  let outputs: Record<string, string>;
  const environment = (): NodeJS.ProcessEnv =>
    plainEnvironment({ ...azure.environment(), MLFLOW_TRACKING_URI: outputs["trackingUri"] });

  before(async () => {
    await azure.start();
    const settings = { deployer: DEPLOYER.objectId, model: exampleModelFolder };
    const stack = await ProgramStack.create(azure, "model", settings);
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = await stack.outputs();
  });
  after(async () => await azure.remove());

  const clients = {
    "MLflow 2.22": () => [python, ["mlflow_registry.py"]] as const,
    "MLflow 3": () => [clientsPython, ["mlflow_registry.py"]] as const,
    "azure-ai-ml": () => {
      const [, , subscription = "", , group = "", , , , name = ""] = (outputs["id"] ?? "").split("/");
      return [clientsPython, ["azure_ai_ml_registry.py", subscription, group, name]] as const;
    },
  };
  for (const [name, client] of Object.entries(clients)) {
    it(`is read with its tags, found and downloaded whole by ${name}`, async () => {
      const [of, script] = client();
      const door = new ClientDoor(new ClientProcess(of, script, environment(), azure.paths.folder));
      const { version = "" } = outputs;
      const read = await door.read("churn", version);
      expect(read?.description).to.equal("who leaves");
      expect(read?.tags).to.include({ owner: "risk" });
      expect(await door.search("churn")).to.deep.equal([version]);
      expect(await door.files("churn", version)).to.include.members(readdirSync(exampleModelFolder));
      if (name !== "azure-ai-ml")
        expect(await door.client.call("load", { name: "churn", version })).to.equal("sklearn");
      await door.client.close();
    });
  }
});
