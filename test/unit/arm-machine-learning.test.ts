import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import {
   ENDPOINT, endpointBody, Harness, IDENTITY, ML, MODEL, propertiesOf, type Response, STORAGE, WORKSPACE, workspaceBody,
} from "./arm-harness"; // prettier-ignore

describe("Machine Learning in the local ARM", () => {
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

  it("refuses a body that breaks Microsoft's model, all its problems at once, and changes nothing", async () => {
    const body = { location: "westeurope", properties: { authMode: "Password", traffics: {} } };
    const response = await arm.ask("PUT", ENDPOINT, body);
    expect(response.status).to.equal(400);
    const error = response.body["error"] as JsonObject;
    expect(error["code"]).to.equal("BadArgument");
    expect(
      (error["details"] as JsonObject[]).map(({ code, target }) => `${String(code)} ${String(target)}`),
    ).to.deep.equal(["InvalidPropertyValue properties.authMode", "UnknownProperty properties.traffics"]);
    expect((await arm.ask("GET", ENDPOINT)).status).to.equal(404);
  });

  it("ignores what only Azure sets", async () => {
    await arm.make(ENDPOINT, endpointBody({ scoringUri: "https://elsewhere", provisioningState: "Failed" }));
    const { scoringUri, provisioningState } = propertiesOf((await arm.ask("GET", ENDPOINT)).body);
    expect([scoringUri, provisioningState]).to.deep.equal([
      "https://churn.westeurope.inference.ml.azure.com/score",
      "Succeeded",
    ]);
  });

  it("makes no workspace on what is not there", async () => {
    const other = WORKSPACE.replace("mlws", "other");
    const without = (property: string): JsonObject => ({
      ...workspaceBody,
      properties: { ...propertiesOf(workspaceBody), [property]: `${STORAGE}x` },
    });
    expect(told(await arm.ask("PUT", other, without("storageAccount")))).to.equal(
      "400 BadArgument properties.storageAccount",
    );
    expect(told(await arm.ask("PUT", other, without("applicationInsights")))).to.equal(
      "400 BadArgument properties.applicationInsights",
    );
    expect(
      told(
        await arm.ask("PUT", other, {
          ...workspaceBody,
          identity: { type: "UserAssigned", userAssignedIdentities: { [`${IDENTITY}x`]: {} } },
        }),
      ),
    ).to.equal("400 BadArgument identity.userAssignedIdentities");
    const { identity } = (await arm.ask("GET", WORKSPACE)).body;
    const assigned = (identity as JsonObject)["userAssignedIdentities"] as Record<string, JsonObject>;
    expect(assigned[IDENTITY]).to.have.keys("principalId", "clientId");
  });

  it("keeps a deleted workspace's name for 14 days, or until it is purged", async () => {
    await arm.finish("DELETE", WORKSPACE);
    expect(arm.effects.calls.at(-1)).to.equal(`workspaceDeleted ${WORKSPACE}`);
    const refused = await arm.ask("PUT", WORKSPACE, workspaceBody);
    expect(told(refused)).to.match(/^400 BadRequest/);
    expect((refused.body["error"] as JsonObject)["message"]).to.contain("Soft-deleted workspace exists");
    arm.now = new Date("2026-01-15T00:00:01Z");
    await arm.make(WORKSPACE, workspaceBody);
    await arm.finish("DELETE", WORKSPACE);
    expect((await arm.ask("DELETE", `${WORKSPACE}?forceToPurge=true`)).status).to.equal(204);
    await arm.make(WORKSPACE, workspaceBody);
  });

  it("gives a workspace its datastores, and their secrets to who asks for them", async () => {
    const { value } = (await arm.ask("GET", `${WORKSPACE}/datastores?isDefault=true`)).body;
    expect((value as JsonObject[]).map(({ name }) => name)).to.deep.equal(["workspaceblobstore"]);
    const ask = async (body: JsonObject) =>
      (await arm.ask("POST", `${WORKSPACE}/datastores/workspaceblobstore/listSecrets`, body)).body;
    expect(await ask({})).to.include({ secretsType: "AccountKey" });
    const sas = await ask({ expirableSecret: true, expireAfterHours: 1 });
    expect(sas["secretsType"]).to.equal("Sas");
    expect(new URLSearchParams(String(sas["sasToken"])).get("se")).to.equal("2026-01-01T01:00:00Z");
    expect(JSON.stringify((await arm.ask("GET", `${WORKSPACE}/datastores`)).body)).not.to.contain("key1");
  });

  it("deletes a compute only when told what becomes of its machines, and changes nothing but its scale", async () => {
    const compute = `${WORKSPACE}/computes/cpu`;
    const body = (vmSize: string): JsonObject => ({
      location: "westeurope",
      properties: { computeType: "AmlCompute", properties: { vmSize, scaleSettings: { maxNodeCount: 2 } } },
    });
    await arm.make(compute, body("Standard_DS3_v2"));
    expect(told(await arm.ask("PUT", compute, body("Standard_F2s_v2")))).to.equal(
      "400 BadArgument properties.properties.vmSize",
    );
    expect(told(await arm.ask("DELETE", compute))).to.equal("400 BadArgument underlyingResourceAction");
    const patched = await arm.finish("PATCH", compute, {
      properties: { properties: { scaleSettings: { maxNodeCount: 7 } } },
    });
    expect(patched.status).to.equal(200);
    const inner = propertiesOf(propertiesOf((await arm.ask("GET", compute)).body));
    expect(inner["scaleSettings"]).to.include({ maxNodeCount: 7, minNodeCount: 0 });
  });

  it("numbers model versions, keeps them as they are and never gives a number twice", async () => {
    await arm.makeModel();
    await arm.makeModel(MODEL.replace(/1$/, "2"));
    const container = async () => propertiesOf((await arm.ask("GET", `${WORKSPACE}/models/churn`)).body);
    expect(await container()).to.include({ latestVersion: "2", nextVersion: "3" });
    const changed = propertiesOf((await arm.ask("GET", MODEL)).body);
    expect(
      told(await arm.ask("PUT", MODEL, { properties: { ...changed, modelUri: "runs:/another/model" } })),
    ).to.match(/^409 UserError properties\.modelUri/);
    const tagged = await arm.ask("PUT", MODEL, { properties: { ...changed, tags: { champion: "true" } } });
    expect([tagged.status, propertiesOf(tagged.body)["tags"]]).to.deep.equal([200, { champion: "true" }]);
    expect((await arm.ask("DELETE", MODEL.replace(/1$/, "2"))).status).to.equal(200);
    expect(await container()).to.include({ latestVersion: "1", nextVersion: "3" });
    expect(
      told(await arm.ask("PUT", MODEL.replace(/1$/, "0"), { properties: { modelUri: "runs:/r/m" } })),
    ).to.match(/^400 BadArgument version/);
    expect(
      told(await arm.ask("PUT", MODEL.replace(/1$/, "9"), { properties: { modelUri: "/tmp/model" } })),
    ).to.match(/^400 BadArgument properties.modelUri/);
  });

  it("lists versions newest first, by pages, without archived ones", async () => {
    for (const version of [1, 2, 3, 10]) {
      arm.now = new Date(arm.now.getTime() + 1000);
      await arm.makeModel(`${WORKSPACE}/models/churn/versions/${version}`);
    }
    await arm.ask("PUT", `${WORKSPACE}/models/churn/versions/2`, { properties: { isArchived: true } });
    const names: unknown[] = [];
    let url: string | undefined =
      `${WORKSPACE}/models/churn/versions?$orderBy=createdtime desc&$top=2&api-version=${ML}`;
    while (url !== undefined) {
      const { body } = await arm.ask("GET", url);
      names.push((body["value"] as JsonObject[]).map(({ name }) => name));
      url = (body["nextLink"] as string | undefined)?.replace("https://management.azure.com", "");
    }
    expect(names).to.deep.equal([["10", "3"], ["1"]]);
    expect((await arm.ask("GET", `${WORKSPACE}/models/nothing/versions`)).body).to.deep.equal({ value: [] });
  });

  it("gives a container of its own for the files of code that is not registered yet", async () => {
    const code = `${WORKSPACE}/codes/5c7f/versions/1`;
    const upload = async (id: string): Promise<JsonObject> =>
      (await arm.ask("POST", `${id}/startPendingUpload`, {})).body[
        "blobReferenceForConsumption"
      ] as JsonObject;
    const { blobUri, credential } = await upload(code);
    const [, container] = /^https:\/\/mlstore\.blob\.core\.windows\.net\/([a-z0-9-]{3,63})$/.exec(
      String(blobUri),
    ) as unknown as [string, string];
    expect(arm.effects.calls).to.include(`containerCreated mlstore ${container}`);
    expect((await upload(code))["blobUri"]).to.equal(blobUri);
    expect((await upload(code.replace("5c7f", "5c80")))["blobUri"]).to.not.equal(blobUri);
    expect((credential as JsonObject)["credentialType"]).to.equal("SAS");
    const made = await arm.ask("PUT", code, {
      properties: { codeUri: blobUri, properties: { hash_sha256: "abc", hash_version: "202208" } },
    });
    expect(made.status).to.equal(201);
    const list = async (hash: string) =>
      (await arm.ask("GET", `${WORKSPACE}/codes/5c7f/versions?hash=${hash}&hashVersion=202208`)).body[
        "value"
      ];
    expect([
      ((await list("abc")) as unknown[]).length,
      ((await list("other")) as unknown[]).length,
    ]).to.deep.equal([1, 0]);
  });
});
