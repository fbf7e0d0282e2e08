import { expect } from "chai";
import { ROLES } from "../../local/identity/roles";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import {
  codeOf,
  GROUP,
  Harness,
  IDENTITY,
  propertiesOf,
  STORAGE,
  SUBSCRIPTION,
  VAULT,
  WORKSPACE,
} from "./arm-harness";

const ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments";
const FIRST = "6f4fd6e5-9ee4-4bd6-a05d-5fa3ad8bfba4";
const SECOND = "0b7b7b6a-3c06-4e4b-a5c8-4c2f7a1f4a11";
const vaultBody: JsonObject = {
  location: "westeurope",
  properties: { tenantId: TENANT_ID, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
};

describe("a request to the local ARM", () => {
  let arm: Harness;
  beforeEach(() => {
    arm = new Harness();
  });
  afterEach(async () => {
    await arm.close();
    expect(arm.logged).to.deep.equal([]);
  });

  const codes = async (
    ...asked: (readonly [Parameters<Harness["ask"]>[0], string, JsonObject?])[]
  ): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (const [method, id, body] of asked) {
      const response = await arm.ask(method, id, body);
      found.push(`${response.status} ${String(codeOf(response))}`);
    }
    return found;
  };

  it("without a token is answered 401 with where to get one", async () => {
    const response = await arm.arm.app.inject({ url: `${GROUP}?api-version=2024-03-01` });
    expect(response.statusCode).to.equal(401);
    expect(response.json<JsonObject>()["error"]).to.include({ code: "AuthenticationFailed" });
    expect(response.headers["www-authenticate"]).to.match(
      /^Bearer authorization_uri="https:\/\/login\.microsoftonline\.com\//,
    );
  });

  it("bears ids that a log can be searched by", async () => {
    const { headers } = await arm.ask("GET", SUBSCRIPTION);
    expect(headers["x-ms-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(headers["x-ms-correlation-request-id"]).to.match(/^[0-9a-f-]{36}$/);
  });

  it("without or with an unknown API version is refused in Azure's words", async () => {
    await arm.make(GROUP, { location: "westeurope" });
    expect(
      await codes(
        ["GET", `${GROUP}?api-version=`],
        ["GET", `${GROUP}?api-version=1999-01-01`],
        ["GET", `${SUBSCRIPTION}?api-version=1999-01-01`],
        ["GET", `${STORAGE}?api-version=1999-01-01`],
      ),
    ).to.deep.equal([
      "400 MissingApiVersionParameter",
      "400 InvalidApiVersionParameter",
      "400 InvalidApiVersionParameter",
      "400 NoRegisteredProviderFound",
    ]);
  });

  it("about something that is not there says what is not there", async () => {
    const other = SUBSCRIPTION.replace("0002", "0009");
    expect(
      await codes(
        ["GET", `${other}/resourceGroups/rg`],
        ["GET", STORAGE],
        ["PUT", STORAGE, { location: "westeurope" }],
      ),
    ).to.deep.equal(["404 SubscriptionNotFound", "404 ResourceGroupNotFound", "404 ResourceGroupNotFound"]);
    await arm.make(GROUP, { location: "westeurope" });
    expect(
      await codes(
        ["GET", STORAGE],
        ["GET", `${WORKSPACE}/computes/c`],
        ["PUT", `${WORKSPACE}/onlineEndpoints/e`, { location: "westeurope" }],
        ["GET", `${GROUP}/providers/Microsoft.Nothing/things/t?api-version=2024-01-01`],
        ["GET", `${GROUP}/providers/Microsoft.Storage/things/t`],
        ["GET", "/nowhere?api-version=2024-01-01"],
        ["PUT", `${SUBSCRIPTION}`, { location: "westeurope" }],
        ["DELETE", `${SUBSCRIPTION}/resourceGroups/none`],
      ),
    ).to.deep.equal([
      "404 ResourceNotFound",
      "404 ParentResourceNotFound",
      "404 ParentResourceNotFound",
      "404 InvalidResourceNamespace",
      "404 InvalidResourceType",
      "404 NotFound",
      "404 NotFound",
      "404 ResourceGroupNotFound",
    ]);
    expect((await arm.ask("DELETE", STORAGE)).status).to.equal(204);
  });

  it("tells whether a resource group is there", async () => {
    expect((await arm.ask("HEAD", GROUP)).status).to.equal(404);
    expect((await arm.ask("PUT", GROUP, { location: "West Europe" })).status).to.equal(201);
    expect((await arm.ask("HEAD", GROUP)).status).to.equal(204);
    expect((await arm.ask("PUT", GROUP, { location: "westeurope", tags: { a: "b" } })).status).to.equal(200);
    expect((await arm.ask("GET", GROUP.toUpperCase())).body).to.deep.include({
      id: GROUP,
      location: "westeurope",
      tags: { a: "b" },
    });
    expect(await codes(["PUT", GROUP, { location: "northeurope" }], ["PUT", GROUP, {}])).to.deep.equal([
      "409 InvalidResourceGroupLocation",
      "400 LocationRequired",
    ]);
  });

  it("that is no JSON object, or too large, is refused", async () => {
    const send = (payload: string) =>
      arm.arm.app.inject({
        method: "PUT",
        url: `${GROUP}?api-version=2024-03-01`,
        headers: { authorization: "Bearer good" },
        payload,
      });
    expect((await send("{")).json<JsonObject>()["error"]).to.include({ code: "InvalidRequestContent" });
    expect((await send("[]")).statusCode).to.equal(400);
    expect((await send(`{"a":"${"x".repeat(5_000_000)}"}`)).statusCode).to.equal(413);
  });

  it("lists subscriptions, tenants, providers, groups and resources", async () => {
    await arm.makeWorkspace();
    const list = async (url: string): Promise<unknown[]> =>
      (await arm.ask("GET", url)).body["value"] as unknown[];
    expect(await list("/subscriptions")).to.have.length(1);
    expect(((await list("/tenants"))[0] as JsonObject)["tenantId"]).to.equal(TENANT_ID);
    expect(await list(`${SUBSCRIPTION}/resourcegroups`)).to.have.length(1);
    expect(await list(`${SUBSCRIPTION}/providers`)).to.have.length.greaterThan(7);
    expect(await list(`${GROUP}/resources?api-version=2021-04-01`)).to.have.length(6);
    expect(await list(`${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`)).to.have.length(1);
    const provider = (
      await arm.ask("GET", `${SUBSCRIPTION}/providers/Microsoft.KeyVault?api-version=2021-04-01`)
    ).body;
    expect(provider["registrationState"]).to.equal("Registered");
  });

  it("tells clients the cloud's endpoints in both of their forms, without a token", async () => {
    const ask = async (version: string) =>
      (await arm.arm.app.inject({ url: `/metadata/endpoints?api-version=${version}` })).json<JsonObject>();
    expect(await ask("2022-09-01")).to.include({
      resourceManager: "https://management.azure.com/",
      name: "AzureCloud",
    });
    expect(await ask("2019-05-01"))
      .to.be.an("array")
      .with.length(1);
  });

  it("is refused with 403 to who has no role for it", async () => {
    await arm.close();
    arm = new Harness({ access: { hasRole: (_principal, roles) => roles.includes(ROLES.Reader) } });
    expect(await codes(["PUT", GROUP, { location: "westeurope" }], ["GET", GROUP])).to.deep.equal([
      "403 AuthorizationFailed",
      "404 ResourceGroupNotFound",
    ]);
  });

  it("refuses storage accounts that are taken, misnamed, moved or incomplete", async () => {
    await arm.make(GROUP, { location: "westeurope" });
    await arm.make(`${GROUP}2`, { location: "westeurope" });
    const body = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    const created = await arm.ask("PUT", STORAGE, body);
    expect([created.status, created.headers["location"]]).to.satisfy(
      ([status, location]: unknown[]) => status === 202 && location !== undefined,
    );
    const account = await arm.make(STORAGE, body);
    expect(propertiesOf(account)["primaryEndpoints"]).to.include({
      blob: "https://mlstore.blob.core.windows.net/",
    });
    const of = (name: string, group = GROUP): string =>
      `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
    expect(
      await codes(
        ["PUT", of("mlstore", `${GROUP}2`), body],
        ["PUT", of("No_Good"), body],
        ["PUT", STORAGE, { ...body, location: "northeurope" }],
        ["PUT", of("another"), { location: "westeurope", kind: "StorageV2" }],
      ),
    ).to.deep.equal([
      "409 StorageAccountAlreadyTaken",
      "400 AccountNameInvalid",
      "409 InvalidResourceLocation",
      "400 InvalidRequestPropertyValue",
    ]);
    const keys = (await arm.ask("POST", `${STORAGE}/listKeys`)).body["keys"] as JsonObject[];
    expect(keys.map(({ keyName }) => keyName)).to.deep.equal(["key1", "key2"]);
    const container = await arm.ask("PUT", `${STORAGE}/blobServices/default/containers/data`, {});
    expect(container.status).to.equal(201);
    expect(arm.effects.calls).to.include("containerCreated mlstore data");
    expect((await arm.ask("GET", `${STORAGE}/blobServices/default`)).status).to.equal(200);
  });

  it("keeps a deleted vault's name until it is purged, and purge protection holds", async () => {
    await arm.make(GROUP, { location: "westeurope" });
    const vault = await arm.make(VAULT, vaultBody);
    expect(propertiesOf(vault)["vaultUri"]).to.equal("https://mlvault.vault.azure.net/");
    expect((await arm.ask("DELETE", VAULT)).status).to.equal(200);
    expect((await arm.ask("GET", VAULT)).status).to.equal(404);
    const deleted = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/mlvault`;
    expect(propertiesOf((await arm.ask("GET", deleted)).body)["vaultId"]).to.equal(VAULT);
    expect(await codes(["PUT", VAULT, vaultBody])).to.deep.equal(["409 ConflictError"]);
    expect((await arm.ask("POST", `${deleted}/purge`)).status).to.equal(200);
    expect((await arm.ask("GET", deleted)).status).to.equal(404);
    const protectedBody = {
      ...vaultBody,
      properties: { ...propertiesOf(vaultBody), enablePurgeProtection: true },
    };
    await arm.make(VAULT, protectedBody);
    expect(await codes(["PUT", VAULT, vaultBody])).to.deep.equal(["400 BadRequest"]);
    await arm.ask("DELETE", VAULT);
    expect(await codes(["POST", `${deleted}/purge`])).to.deep.equal(["405 MethodNotAllowed"]);
    const recover = {
      ...protectedBody,
      properties: { ...propertiesOf(protectedBody), createMode: "recover" },
    };
    expect((await arm.ask("PUT", VAULT, recover)).status).to.equal(201);
    expect((await arm.ask("GET", deleted)).status).to.equal(404);
  });

  it("gives a role once, to a principal, and never changes it", async () => {
    await arm.make(GROUP, { location: "westeurope" });
    const identity = await arm.make(IDENTITY, { location: "westeurope" });
    const body = (role: string): JsonObject => ({
      properties: {
        principalId: propertiesOf(identity)["principalId"],
        principalType: "ServicePrincipal",
        roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    });
    const first = await arm.ask("PUT", `${GROUP}/${ASSIGNMENTS}/${FIRST}`, body(ROLES.AcrPull));
    expect(first.status).to.equal(201);
    expect(propertiesOf(first.body)["scope"]).to.equal(GROUP);
    expect(
      await codes(
        ["PUT", `${GROUP}/${ASSIGNMENTS}/${FIRST}`, body(ROLES.AcrPush)],
        ["PUT", `${GROUP}/${ASSIGNMENTS}/${SECOND}`, body(ROLES.AcrPull)],
        ["PUT", `${GROUP}/${ASSIGNMENTS}/mine`, body(ROLES.AcrPush)],
        ["PUT", `${GROUP}/${ASSIGNMENTS}/${SECOND}`, body(FIRST)],
      ),
    ).to.deep.equal([
      "400 RoleAssignmentUpdateNotPermitted",
      "409 RoleAssignmentExists",
      "400 InvalidRoleAssignmentId",
      "404 RoleDefinitionDoesNotExist",
    ]);
    expect((await arm.ask("PUT", `${GROUP}/${ASSIGNMENTS}/${FIRST}`, body(ROLES.AcrPull))).status).to.equal(
      200,
    );
    const listed = (
      await arm.ask("GET", `${IDENTITY}/${ASSIGNMENTS}?$filter=atScope()&api-version=2022-04-01`)
    ).body["value"];
    expect(listed).to.have.length(1);
    const roles = await arm.ask(
      "GET",
      `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName%20eq%20'AcrPull'&api-version=2022-04-01`,
    );
    expect((roles.body["value"] as JsonObject[]).map(({ name }) => name)).to.deep.equal([ROLES.AcrPull]);
    expect((await arm.ask("DELETE", `${GROUP}/${ASSIGNMENTS}/${FIRST}`)).status).to.equal(200);
    expect((await arm.ask("DELETE", `${GROUP}/${ASSIGNMENTS}/${FIRST}`)).status).to.equal(204);
  });

  it("asks Azure Monitor for what was measured", async () => {
    await arm.close();
    arm = new Harness({ metrics: (id, query) => Promise.resolve({ id, asked: query["metricnames"] }) });
    const metrics = `${IDENTITY}/providers/microsoft.insights/metrics?metricnames=RequestLatency`;
    expect(await codes(["GET", metrics])).to.deep.equal(["404 ResourceNotFound"]);
    await arm.ask("PUT", GROUP, { location: "westeurope" });
    await arm.make(IDENTITY, { location: "westeurope" });
    expect((await arm.ask("GET", metrics)).body).to.deep.equal({ id: IDENTITY, asked: "RequestLatency" });
    expect(SUBSCRIPTION).to.contain(SUBSCRIPTION_ID);
  });
});
