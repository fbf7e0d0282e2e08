import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import {
  codeOf, deploymentBody, ENDPOINT, endpointBody, GROUP, Harness, MODEL, propertiesOf, type Response, STORAGE, WORKSPACE, workspaceBody,
} from "./arm-harness"; // prettier-ignore

const BLUE = `${ENDPOINT}/deployments/blue`;
const GREEN = `${ENDPOINT}/deployments/green`;

describe("online endpoints in the local ARM", () => {
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

  const told = (response: Response): string => {
    const error = response.body["error"] as JsonObject | undefined;
    return `${response.status} ${String(error?.["code"])} ${String(error?.["target"])}`;
  };
  const state = async (id: string): Promise<unknown> =>
    propertiesOf((await arm.ask("GET", id)).body)["provisioningState"];

  it("takes no traffic for an endpoint that is being created, nor for a deployment it does not have", async () => {
    expect(told(await arm.ask("PUT", ENDPOINT, endpointBody({ traffic: { blue: 100 } })))).to.equal(
      "400 BadArgument properties.traffic",
    );
    await arm.makeEndpoint("blue");
    expect(told(await arm.ask("PUT", ENDPOINT, endpointBody({ traffic: { blue: 90 } })))).to.equal(
      "400 BadArgument properties.traffic",
    );
    expect(told(await arm.ask("PUT", ENDPOINT, endpointBody({ traffic: { green: 100 } })))).to.equal(
      "400 BadArgument properties.traffic",
    );
  });

  it("patches tags and identity alone at a current version, and traffic at the MLflow plug-in's", async () => {
    await arm.makeEndpoint("blue");
    const patched = await arm.finish("PATCH", ENDPOINT, { tags: { team: "churn" } });
    expect(patched.body["tags"]).to.deep.equal({ team: "churn" });
    expect(told(await arm.ask("PATCH", ENDPOINT, { properties: { traffic: { blue: 100 } } }))).to.equal(
      "400 BadArgument properties",
    );
    const old = await arm.ask("PATCH", `${ENDPOINT}?api-version=2022-02-01-preview`, {
      properties: { traffic: { blue: 100 } },
    });
    expect([old.status, propertiesOf((await arm.ask("GET", ENDPOINT)).body)["traffic"]]).to.deep.equal([
      202,
      { blue: 100 },
    ]);
  });

  it("keeps an endpoint's name unique in its region", async () => {
    await arm.makeEndpoint();
    await arm.make(WORKSPACE.replace("mlws", "other"), workspaceBody);
    const elsewhere = ENDPOINT.replace("mlws", "other");
    expect(told(await arm.ask("PUT", elsewhere, endpointBody()))).to.equal("400 BadArgument name");
    for (const name of ["ab", "1churn", "a--b", "a_b", "x".repeat(33), "churn-"]) {
      expect(told(await arm.ask("PUT", ENDPOINT.replace("churn", name), endpointBody())), name).to.equal(
        "400 BadArgument name",
      );
    }
  });

  it("deletes no deployment that has traffic or is mirrored to, and forgets one that is gone", async () => {
    await arm.makeEndpoint("blue", "green");
    await arm.make(
      ENDPOINT,
      endpointBody({ traffic: { blue: 100, green: 0 }, mirrorTraffic: { green: 10 } }),
    );
    for (const id of [BLUE, GREEN]) expect(told(await arm.ask("DELETE", id))).to.match(/^400 BadArgument/);
    await arm.make(ENDPOINT, endpointBody({ traffic: { blue: 100, green: 0 } }));
    expect((await arm.finish("DELETE", GREEN)).status).to.equal(204);
    expect(propertiesOf((await arm.ask("GET", ENDPOINT)).body)["traffic"]).to.deep.equal({ blue: 100 });
  });

  it("never changes a deployment's instance type, but its instances, without another start", async () => {
    await arm.makeEndpoint("blue");
    expect(told(await arm.ask("PUT", BLUE, deploymentBody({ instanceType: "Standard_F2s_v2" })))).to.equal(
      "400 BadArgument properties.instanceType",
    );
    const before = arm.effects.calls.length;
    await arm.make(BLUE, deploymentBody({}, { tags: { a: "b" } }));
    expect(arm.effects.calls).to.have.length(before);
    await arm.finish("PATCH", BLUE, { sku: { name: "Default", capacity: 3 } });
    expect(arm.effects.deployed.get(BLUE)?.instances).to.equal(3);
    expect(told(await arm.ask("PATCH", BLUE, { sku: { capacity: 51 } }))).to.equal(
      "400 BadArgument sku.capacity",
    );
  });

  it("has at most 20 deployments on an endpoint, each with a model that is there", async () => {
    await arm.makeEndpoint(...Array.from({ length: 20 }, (_, index) => `d${index}-x`));
    expect(told(await arm.ask("PUT", BLUE, deploymentBody()))).to.match(/^400 OutOfQuota/);
    await arm.finish("DELETE", `${ENDPOINT}/deployments/d0-x`);
    expect(told(await arm.ask("PUT", BLUE, deploymentBody({ model: `${MODEL}7` })))).to.equal(
      "404 ResourceNotFound properties.model",
    );
    expect((await arm.ask("PUT", BLUE, deploymentBody({ model: `azureml:${MODEL}` }))).status).to.equal(201);
  });

  it("refuses to write to what is being written, and goes on afterwards", async () => {
    await arm.makeEndpoint();
    let release = (): void => undefined;
    arm.effects.deploying = () => new Promise((resolve) => (release = resolve));
    expect((await arm.ask("PUT", BLUE, deploymentBody())).status).to.equal(201);
    expect(await state(BLUE)).to.equal("Creating");
    const busy = await arm.ask("PUT", BLUE, deploymentBody());
    expect(told(busy)).to.match(/^409 Conflict/);
    expect((busy.body["error"] as JsonObject)["message"]).to.contain("Already running method PUT");
    expect(codeOf(await arm.ask("DELETE", BLUE))).to.equal("Conflict");
    release();
    arm.effects.deploying = () => Promise.resolve();
    while ((await state(BLUE)) === "Creating") await new Promise((done) => setTimeout(done, 5));
    expect((await arm.ask("PUT", BLUE, deploymentBody())).status).to.equal(200);
  });

  it("tells pollers where and how soon to look, in milliseconds alone", async () => {
    await arm.makeEndpoint();
    const created = await arm.ask("PUT", BLUE, deploymentBody());
    expect(created.headers["azure-asyncoperation"]).to.match(
      /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/locations\/westeurope\/mfeOperationsStatus\/odidp:[^/:]+:[^/:]+\?api-version=2025-12-01$/,
    );
    expect(created.headers["x-ms-retry-after-ms"]).to.equal("50");
    expect(created.headers["retry-after"]).to.equal(undefined);
    const bag = propertiesOf(propertiesOf(created.body));
    expect(bag["AzureAsyncOperationUri"]).to.equal(created.headers["azure-asyncoperation"]);
    await arm.finish("PUT", ENDPOINT, endpointBody());
    const deleting = await arm.ask("DELETE", ENDPOINT);
    expect([deleting.status, String(deleting.headers["location"])]).to.satisfy(
      ([status, location]: [number, string]) =>
        status === 202 && location.includes("/mfeOperationResults/oeidp:"),
    );
  });

  it("goes on after a kill with what was under way: a deployment, and the deletion of a resource group", async () => {
    await arm.makeEndpoint();
    arm.effects.deploying = () => new Promise(() => undefined);
    await arm.ask("PUT", BLUE, deploymentBody());
    await arm.crash();
    arm.effects.deploying = () => Promise.resolve();
    arm.open();
    expect(await state(BLUE)).to.equal("Creating");
    await arm.arm.resume();
    while ((await state(BLUE)) === "Creating") await new Promise((done) => setTimeout(done, 5));
    expect(await state(BLUE)).to.equal("Succeeded");

    let undeployed = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (undeployed = resolve));
    const { undeploy } = arm.effects;
    arm.effects.undeploy = () => {
      undeployed();
      return new Promise(() => undefined);
    };
    const asked = await arm.ask("DELETE", GROUP);
    await stuck;
    await arm.crash();
    arm.effects.undeploy = undeploy;
    arm.open();
    expect(codeOf(await arm.ask("PUT", STORAGE, { location: "westeurope" }))).to.equal(
      "ResourceGroupBeingDeleted",
    );
    await arm.arm.resume();
    const url = String(asked.headers["location"]).replace("https://management.azure.com", "");
    while ((await arm.ask("GET", url)).status === 202) await new Promise((done) => setTimeout(done, 5));
    expect((await arm.ask("GET", GROUP)).status).to.equal(404);
    expect(arm.store.list(`${GROUP}/`)).to.deep.equal([]);
    expect(arm.effects.deployed.size).to.equal(0);
  });

  it("leaves no process behind when the resource group goes while a deployment starts", async () => {
    await arm.makeEndpoint();
    let release = (): void => undefined;
    arm.effects.deploying = () => new Promise((resolve) => (release = resolve));
    await arm.ask("PUT", BLUE, deploymentBody());
    await arm.finish("DELETE", GROUP);
    release();
    while (
      arm.effects.deployed.size > 0 ||
      arm.effects.calls.filter((call) => call === `undeploy ${BLUE}`).length < 2
    ) {
      await new Promise((done) => setTimeout(done, 5));
    }
    expect(arm.store.list(`${GROUP}/`)).to.deep.equal([]);
  });

  it("has keys for who may ask, and gives tokens where the endpoint is told to", async () => {
    await arm.makeEndpoint();
    const keys = (await arm.ask("POST", `${ENDPOINT}/listKeys`)).body;
    await arm.ask("POST", `${ENDPOINT}/regenerateKeys`, { keyType: "Secondary" });
    const after = (await arm.ask("POST", `${ENDPOINT}/listKeys`)).body;
    expect([
      after["primaryKey"] === keys["primaryKey"],
      after["secondaryKey"] === keys["secondaryKey"],
    ]).to.deep.equal([true, false]);
    expect(told(await arm.ask("POST", `${ENDPOINT}/token`))).to.match(/^400 BadArgument/);
    expect(JSON.stringify((await arm.ask("GET", ENDPOINT)).body)).not.to.contain(String(keys["primaryKey"]));
    const other = ENDPOINT.replace("churn", "tokens");
    await arm.make(other, endpointBody({ authMode: "AMLToken" }));
    const token = (await arm.ask("POST", `${other}/token`)).body;
    expect(token).to.include({ tokenType: "Bearer", expiryTimeUtc: arm.now.getTime() / 1000 + 3600 });
    expect(told(await arm.ask("POST", `${other}/listKeys`))).to.match(/^400 BadArgument/);
  });
});
