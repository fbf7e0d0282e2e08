import { expect } from "chai";
import { join } from "node:path";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";

const example = join(packageRoot(), "examples", "pyfunc-with-artifacts");

describe("the example of a model of one's own class", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  before(async () => await azure.start());
  after(async () => await azure.remove());

  it("is trained, registered and served with its artifacts by one `up`", async () => {
    const stack = await azure.program(example, "dev", { "wines:deployer": DEPLOYER.objectId });
    const said = await stack.succeeds("up", "--yes", "--skip-preview");
    const { metrics, version, phase } = (await stack.outputs()) as unknown as {
      readonly metrics: { readonly accuracy: number };
      readonly version: string;
      readonly phase: string;
    };
    // Serving: the generation gave the answers of smoke.json, which come of both artifacts.
    expect({ version, phase }, said).to.deep.equal({ version: "1", phase: "Serving" });
    expect(metrics.accuracy).to.be.greaterThan(0.9);
  });
});
