import { expect } from "chai";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { codeOf, Harness, propertiesOf, WORKSPACE } from "./arm-harness";

describe("the local Azure's jobs", () => {
  const job = `${WORKSPACE}/jobs/quiet_river`;
  const body = (more: JsonObject = {}): JsonObject => ({
    properties: {
      jobType: "Command",
      command: "python train.py",
      environmentId: `${WORKSPACE}/environments/train/versions/1`,
      outputs: { model: { jobOutputType: "mlflow_model", uri: "azureml://datastores/a/paths/b" } },
      ...more,
    },
  });

  let arm: Harness;
  before(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
  });
  after(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });

  it("are records where they are put with a status: as whoever put them says they went", async () => {
    const made = await arm.ask("PUT", job, body({ status: "NotStarted" }));
    expect([made.status, propertiesOf(made.body)["status"]]).to.deep.equal([201, "NotStarted"]);
    const done = await arm.ask("PUT", job, body({ status: "Completed", tags: { by: "ci" } }));
    expect([done.status, propertiesOf(done.body)["status"]]).to.deep.equal([200, "Completed"]);
    const outputs = objectAt(propertiesOf((await arm.ask("GET", job)).body), "outputs");
    expect(Object.keys(outputs)).to.deep.equal(["default", "model"]);
    expect(objectAt(outputs, "default")["uri"]).to.contain("ExperimentRun/dcid.quiet_river");
    const { value } = (await arm.ask("GET", `${WORKSPACE}/jobs`)).body;
    expect((value as JsonObject[]).map(({ name }) => name)).to.deep.equal(["quiet_river"]);
  });

  it("keep to Microsoft's models, and don't become other jobs", async () => {
    for (const wrong of [{ command: "rm" }, { jobType: "Cron" }, { status: "Done" }, { outputs: { m: {} } }])
      expect((await arm.ask("PUT", job, body(wrong))).status, JSON.stringify(wrong)).to.equal(400);
    expect((await arm.ask("PUT", `${WORKSPACE}/jobs/quiet.river`, body())).status).to.equal(400);
  });

  it("go", async () => {
    await arm.finish("DELETE", job);
    expect(codeOf(await arm.ask("GET", job))).to.equal("ResourceNotFound");
  });
});
