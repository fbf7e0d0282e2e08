import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { objectAt } from "../../local/arm/objects";
import {
  codeOf, deploymentBody, ENDPOINT, endpointBody, Harness, propertiesOf, STORAGE, VAULT, WORKSPACE, workspaceBody,
} from "./arm-harness"; // prettier-ignore

const rule = (name: string): string => `${WORKSPACE}/outboundRules/${name}`;
const fqdn = (destination: string): JsonObject => ({ properties: { type: "FQDN", destination } });
const toVault: JsonObject = {
  properties: {
    type: "PrivateEndpoint",
    destination: { serviceResourceId: `${VAULT}2`, subresourceTarget: "vault", sparkEnabled: false },
  },
};
const body = (managedNetwork: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...workspaceBody,
  properties: { ...propertiesOf(workspaceBody), managedNetwork, ...more },
});
const cluster = (inner: JsonObject): JsonObject => ({
  location: "westeurope",
  properties: {
    computeType: "AmlCompute",
    properties: { vmSize: "Standard_DS3_v2", scaleSettings: { maxNodeCount: 1 }, ...inner },
  },
});

describe("managed networks in the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });
  const isolate = (isolationMode: string): Promise<JsonObject> =>
    arm.make(WORKSPACE, body({ isolationMode }));
  const network = async (): Promise<JsonObject> =>
    objectAt(propertiesOf((await arm.ask("GET", WORKSPACE)).body), "managedNetwork");
  const rulesShown = async (): Promise<string[]> => Object.keys(objectAt(await network(), "outboundRules"));
  const provision = () => arm.finish("POST", `${WORKSPACE}/provisionManagedNetwork`, {});
  const refused = async (id: string, wanted: JsonObject): Promise<unknown> =>
    codeOf(await arm.finish("PUT", id, wanted));

  it("stands inactive until it is provisioned, and is provisioned once", async () => {
    expect(codeOf(await provision())).to.equal("BadArgument");
    await isolate("AllowInternetOutbound");
    expect((await network())["status"]).to.deep.equal({ status: "Inactive", sparkReady: false });
    const provisioned = await provision();
    expect(provisioned.body).to.deep.equal({ status: "Active", sparkReady: false });
    expect((await arm.ask("POST", `${WORKSPACE}/provisionManagedNetwork`, {})).status).to.equal(200);
    expect(objectAt(await network(), "status")["status"]).to.equal("Active");
  });

  it("never goes back to a lesser isolation", async () => {
    await isolate("AllowInternetOutbound");
    expect(await refused(WORKSPACE, body({ isolationMode: "Disabled" }))).to.equal("BadArgument");
    await isolate("AllowOnlyApprovedOutbound");
    expect(await refused(WORKSPACE, body({ isolationMode: "AllowInternetOutbound" }))).to.equal(
      "BadArgument",
    );
    await arm.finish("PATCH", WORKSPACE, { tags: { a: "b" } });
    expect((await network())["isolationMode"]).to.equal("AllowOnlyApprovedOutbound");
  });

  it("no deployment comes before it; a compute brings it up", async () => {
    await isolate("AllowInternetOutbound");
    await arm.makeModel();
    await arm.make(ENDPOINT, endpointBody());
    expect(await refused(`${ENDPOINT}/deployments/first`, deploymentBody())).to.equal(
      "WorkspaceManagedNetworkNotReady",
    );
    await arm.make(`${WORKSPACE}/computes/cpu`, cluster({ enableNodePublicIp: false }));
    expect(objectAt(await network(), "status")["status"]).to.equal("Active");
    await arm.make(`${ENDPOINT}/deployments/first`, deploymentBody());
  });

  it("shows its rules in the workspace too, with those that Azure ML needs once it is up", async () => {
    await isolate("AllowOnlyApprovedOutbound");
    await arm.make(rule("pypi"), fqdn("pypi.org"));
    expect(await rulesShown()).to.deep.equal(["pypi"]);
    expect(propertiesOf((await arm.ask("GET", rule("pypi"))).body)).to.deep.equal({
      type: "FQDN",
      destination: "pypi.org",
      category: "UserDefined",
      status: "Inactive",
    });
    await provision();
    expect(await rulesShown()).to.include.members([
      "pypi",
      "__SYS_PE_mlstore_blob",
      "__SYS_ST_AzureActiveDirectory_TCP",
    ]);
    const { value } = (await arm.ask("GET", `${WORKSPACE}/outboundRules`)).body;
    expect((value as JsonObject[]).map(({ name }) => name)).to.have.members(await rulesShown());
    expect(codeOf(await arm.finish("DELETE", rule("__SYS_PE_mlstore_blob")))).to.equal("BadArgument");
  });

  it("opens to the internet needs private endpoints only to what is closed", async () => {
    await isolate("AllowInternetOutbound");
    await provision();
    expect(await rulesShown()).to.deep.equal([]);
    await arm.finish("PATCH", STORAGE, { properties: { publicNetworkAccess: "Disabled" } });
    expect(await rulesShown()).to.deep.equal(["__SYS_PE_mlstore_blob", "__SYS_PE_mlstore_file"]);
  });

  it("refuses rules that its mode does not have, that another has, that a storage account takes otherwise", async () => {
    expect(await refused(rule("pypi"), fqdn("pypi.org"))).to.equal("BadArgument");
    await isolate("AllowInternetOutbound");
    expect(await refused(rule("pypi"), fqdn("pypi.org"))).to.equal("BadArgument");
    await arm.make(rule("vault"), toVault);
    expect(await refused(rule("again"), toVault)).to.equal("BadArgument");
    await isolate("AllowOnlyApprovedOutbound");
    await arm.make(rule("pypi"), fqdn("pypi.org"));
    expect(await refused(rule("again"), fqdn("PyPI.org"))).to.equal("BadArgument");
    expect(await refused(rule("blob"), fqdn("mlstore.blob.core.windows.net"))).to.equal("BadArgument");
  });

  it("rules are changed one at a time", async () => {
    await isolate("AllowOnlyApprovedOutbound");
    const both = await Promise.all([
      arm.ask("PUT", rule("a"), fqdn("a.org")),
      arm.ask("PUT", rule("b"), fqdn("b.org")),
    ]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([202, 409]);
    await arm.finish("PUT", WORKSPACE, body({ isolationMode: "AllowOnlyApprovedOutbound" }));
  });

  it("a workspace's PUT keeps the rules, unless it brings its own", async () => {
    await isolate("AllowOnlyApprovedOutbound");
    await arm.make(rule("pypi"), fqdn("pypi.org"));
    await isolate("AllowOnlyApprovedOutbound");
    expect(await rulesShown()).to.deep.equal(["pypi"]);
    const outboundRules = { conda: { type: "FQDN", destination: "conda.io" } };
    await arm.make(WORKSPACE, body({ isolationMode: "AllowOnlyApprovedOutbound", outboundRules }));
    expect(await rulesShown()).to.deep.equal(["conda"]);
  });
});
