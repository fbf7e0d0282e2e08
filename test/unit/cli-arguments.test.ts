import { expect } from "chai";
import { endpointIdOf } from "../../cli/endpoint";
import { exitOf, exitOfEnding } from "../../cli/exit-codes";
import { explain } from "../../cli/explain";
import { ArmError } from "../../providers/clients/arm-error";
import { ProviderError } from "../../providers/clients/errors";
import { versionIdOf } from "../../providers/clients/arm-id";
import { dataVersionIdOf } from "../../providers/lineage/trace";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

describe("the endpoint that a command names", () => {
  const name = ENDPOINT_ID.slice(ENDPOINT_ID.lastIndexOf("/") + 1);

  it("is an ARM id, or a name beside its workspace", () => {
    expect(endpointIdOf(ENDPOINT_ID, {})).to.equal(ENDPOINT_ID);
    expect(endpointIdOf(name, { workspace: WORKSPACE_ID })).to.equal(ENDPOINT_ID);
  });

  it("is refused with what would be right where it is neither", () => {
    expect(() => endpointIdOf(name, {})).to.throw(ProviderError, "a name alone says not in which workspace");
    expect(() => endpointIdOf(name, { workspace: "mlw" })).to.throw(ProviderError, "not the ARM id");
    for (const id of [
      WORKSPACE_ID,
      `${WORKSPACE_ID}/models/churn`,
      `${ENDPOINT_ID}/deployments/blue`,
      "/nonsense",
    ])
      expect(() => endpointIdOf(id, {}), id).to.throw(ProviderError, "is not the ARM id");
  });
});

describe("how a command ends", () => {
  it("is an exit code for each phase", () => {
    expect([
      exitOf("Serving"),
      exitOf(undefined),
      exitOf("Paused"),
      exitOf("Advancing"),
      exitOf("RolledBack"),
    ]).to.deep.equal([0, 0, 3, 4, 5]);
    expect(exitOfEnding({ kind: "fail", reason: "a gate" })).to.equal(5);
  });

  it("is explained in one line, whatever went wrong", () => {
    const signIn = Object.assign(new Error("no account\nat somewhere"), {
      name: "CredentialUnavailableError",
    });
    expect(explain(signIn)).to.equal(
      "Azure does not sign this command in: no account. Try: `az login`, or the environment variables of a service principal.",
    );
    expect(explain(new ArmError(403, "Forbidden", "GET /x: 403"))).to.contain("AzureML Data Scientist");
    expect(explain(new Error("first\nsecond"))).to.equal("first");
  });
});

describe("what a deployment and a run name", () => {
  it("is an asset of the workspace by ARM id or short name, and else none of its", () => {
    const id = `${WORKSPACE_ID}/models/churn/versions/3`;
    expect(versionIdOf(WORKSPACE_ID, id)).to.equal(id);
    expect(versionIdOf(WORKSPACE_ID, "azureml:churn:3")).to.equal(id);
    expect(versionIdOf(WORKSPACE_ID, "azureml://registries/org/models/churn/versions/3")).to.equal(undefined);
    const data = `${WORKSPACE_ID}/data/rows/versions/7`;
    expect(dataVersionIdOf(WORKSPACE_ID, "azureml:rows:7")).to.equal(data);
    expect(dataVersionIdOf(WORKSPACE_ID, `{"uri":"azureml:/${WORKSPACE_ID}/data/rows/versions/7"}`)).to.equal(
      data,
    );
    expect(dataVersionIdOf(WORKSPACE_ID, `{"uri":"https://data.example/rows.csv"}`)).to.equal(undefined);
  });
});
