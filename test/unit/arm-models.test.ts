import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { operationFinder } from "../../local/arm/model-table";
import { checkRequest, checkResponse, withoutReadOnly } from "../../local/arm/models";
import { deploymentBody, ENDPOINT, endpointBody, models, tables, WORKSPACE } from "./arm-harness";

const kinds = (body: JsonObject, model = "OnlineDeployment", existing?: JsonObject): string[] =>
  checkRequest(models, model, body, existing).map(({ kind, path }) => `${kind} ${path}`);

describe("Microsoft's models of the Machine Learning API", () => {
  it("are the whole of 2025-12-01", () => {
    const fields = Object.values(models.models).flatMap((model) => Object.values(model.fields));
    expect([models.apiVersion, Object.keys(models.models).length, fields.length]).to.deep.equal([
      "2025-12-01",
      490,
      2557,
    ]);
    expect(models.operations.length).to.equal(216);
    const named = models.operations.flatMap(({ request, response, item }) => [request, response, item]);
    expect(named.filter((name) => name !== undefined && models.models[name] === undefined)).to.deep.equal([]);
  });

  it("name the bodies of a request by its method and path, in any case", () => {
    const found = operationFinder(tables);
    const find = (method: string, path: string) => found(method, path)?.operation;
    expect(find("PUT", ENDPOINT)?.request).to.equal("OnlineEndpoint");
    expect(find("PATCH", ENDPOINT.toUpperCase())?.request).to.equal(
      "PartialMinimalTrackedResourceWithIdentity",
    );
    expect(find("GET", `${WORKSPACE}/onlineEndpoints`)?.item).to.equal("OnlineEndpoint");
    expect(find("PUT", `${WORKSPACE}/nothings/n`)).to.equal(undefined);
  });

  it("take a right body", () => {
    expect(kinds(deploymentBody())).to.deep.equal([]);
    expect(kinds(endpointBody(), "OnlineEndpoint")).to.deep.equal([]);
  });

  it("find an unknown property, however deep", () => {
    expect(kinds(deploymentBody({}, { propertys: {} }))).to.deep.equal(["unknown propertys"]);
    expect(kinds(deploymentBody({ requestSettings: { timeout: "PT5S" } }))).to.deep.equal([
      "unknown properties.requestSettings.timeout",
    ]);
  });

  it("find a value of a wrong type", () => {
    expect(kinds(deploymentBody({ appInsightsEnabled: "yes" }))).to.deep.equal([
      "type properties.appInsightsEnabled",
    ]);
    expect(kinds(deploymentBody({}, { sku: { name: "Default", capacity: 1.5 } }))).to.deep.equal([
      "type sku.capacity",
    ]);
    expect(kinds(deploymentBody({ environmentVariables: { A: 1 } }))).to.deep.equal([
      "type properties.environmentVariables.A",
    ]);
    expect(kinds(deploymentBody({ requestSettings: { requestTimeout: "5s" } }))).to.deep.equal([
      "type properties.requestSettings.requestTimeout",
    ]);
    expect(kinds(deploymentBody({ requestSettings: [] }))).to.deep.equal(["type properties.requestSettings"]);
    expect(kinds(deploymentBody({ requestSettings: { requestTimeout: "PT1M5.5S" } }))).to.deep.equal([]);
  });

  it("find what is missing, null included", () => {
    expect(kinds({ location: "westeurope" })).to.deep.equal(["missing properties"]);
    expect(kinds(endpointBody({ authMode: null }), "OnlineEndpoint")).to.deep.equal([
      "missing properties.authMode",
    ]);
    expect(kinds(deploymentBody({ endpointComputeType: undefined }))).to.deep.equal([
      "missing properties.endpointComputeType",
    ]);
  });

  it("find a value that is none of the allowed", () => {
    expect(kinds(endpointBody({ authMode: "Password" }), "OnlineEndpoint")).to.deep.equal([
      "enum properties.authMode",
    ]);
    expect(kinds(deploymentBody({ endpointComputeType: "Toaster" }))).to.deep.equal([
      "enum properties.endpointComputeType",
    ]);
    expect(kinds(deploymentBody({ scaleSettings: { scaleType: "Never" } }))).to.deep.equal([
      "enum properties.scaleSettings.scaleType",
    ]);
  });

  it("find a change of what only creation sets, and none in what is as before", () => {
    const existing = deploymentBody({ instanceType: "Standard_DS2_v2" });
    expect(kinds(deploymentBody(), "OnlineDeployment", existing)).to.deep.equal([
      "createOnly properties.instanceType",
    ]);
    expect(kinds(existing, "OnlineDeployment", existing)).to.deep.equal([]);
  });

  it("leave read-only properties alone in a request, and take them out of it", () => {
    const body = { ...endpointBody({ scoringUri: "https://elsewhere" }), id: "x" };
    expect(kinds(body, "OnlineEndpoint")).to.deep.equal([]);
    const taken = withoutReadOnly(models, "OnlineEndpoint", body);
    expect(taken).to.deep.equal(endpointBody());
  });

  it("find what a response must never show, and what it lacks", () => {
    const shown = checkResponse(models, "OnlineEndpoint", endpointBody({ keys: { primaryKey: "secret" } }));
    expect(shown.map(({ kind, path }) => `${kind} ${path}`)).to.deep.equal(["writeOnly properties.keys"]);
    expect(
      checkResponse(models, "OnlineEndpoint", { properties: {} }).map(({ path }) => path),
    ).to.have.members(["properties.authMode", "location"]);
    expect(checkResponse(models, "OnlineEndpoint", "text").map(({ kind }) => kind)).to.deep.equal(["type"]);
  });
});
