import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TENANT_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { operationFinder } from "../../local/arm/model-table";
import { objectAt } from "../../local/arm/objects";
import { checkRequest, checkResponse, withoutReadOnly } from "../../local/arm/models";
import { armId, sdkResourceOf } from "../../local/plugins/azure-native/body";
import { isScope, knownRows, pathInputs, type Row } from "../../local/plugins/azure-native/table";
import { packageRoot } from "../../tools/paths";
import { codeOf, GROUP, Harness, IDENTITY, INSIGHTS, STORAGE, tableOf, tables, VAULT } from "./arm-harness";

const ROLE_DEFINITIONS = `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/mlregistry`;
const ASSIGNMENT = `${GROUP}/providers/Microsoft.Authorization/roleAssignments/6f4fd6e5-9ee4-4bd6-a05d-5fa3ad8bfba4`;
const CREDENTIAL = `${IDENTITY}/federatedIdentityCredentials/main`;
const CONTAINER = `${STORAGE}/blobServices/default/containers/data`;
const BLOBS = `${STORAGE}/blobServices/default`;

const LOCK = `${VAULT}/providers/Microsoft.Authorization/locks/keep`;
const SETTING = `${VAULT}/providers/Microsoft.Insights/diagnosticSettings/logs`;

const location = "westeurope";
const account = (properties: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  location,
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  properties,
  ...more,
});
const vault = (properties: JsonObject = {}): JsonObject => ({
  location,
  properties: {
    tenantId: TENANT_ID,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    ...properties,
  },
});
const principalId = "10ca1a2e-0000-4000-8000-00000000000a";
const assignment = (properties: JsonObject = {}): JsonObject => ({
  properties: { principalId, roleDefinitionId: `${ROLE_DEFINITIONS}/${ROLES.AcrPull}`, ...properties },
});

/** A right body of each type that a package vouches for. */
const bodies: readonly (readonly [id: string, body: JsonObject])[] = [
  [STORAGE, account({ minimumTlsVersion: "TLS1_2", networkAcls: { defaultAction: "Deny", ipRules: [] } })],
  [BLOBS, { properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } }],
  [CONTAINER, { properties: { publicAccess: "None", metadata: { a: "b" } } }],
  [VAULT, vault({ networkAcls: { bypass: "AzureServices", defaultAction: "Allow" } })],
  [`${VAULT}/secrets/storage-key`, { properties: { value: "v", attributes: { enabled: true } } }],
  [`${VAULT}/keys/cmk`, { properties: { kty: "RSA", keySize: 3072, keyOps: ["wrapKey", "unwrapKey"] } }],
  [
    SETTING,
    { properties: { storageAccountId: STORAGE, logs: [{ categoryGroup: "allLogs", enabled: true }] } },
  ],
  [LOCK, { properties: { level: "CanNotDelete", notes: "production" } }],
  [INSIGHTS, { location, kind: "web", properties: { Application_Type: "web", RetentionInDays: 90 } }],
  [REGISTRY, { location, sku: { name: "Premium" }, properties: { adminUserEnabled: true } }],
  [IDENTITY, { location, tags: { a: "b" } }],
  [CREDENTIAL, { properties: { issuer: "https://i", subject: "s", audiences: ["a"] } }],
  [ASSIGNMENT, assignment({ principalType: "ServicePrincipal" })],
];

const found = operationFinder(tables);

function kinds(id: string, body: JsonObject, method = "PUT"): string[] {
  const { operation, table } = found(method, id) ?? expect.fail(`no operation ${method} ${id}`);
  return checkRequest(table, operation.request ?? "", body).map(({ kind, path }) => `${kind} ${path}`);
}

describe("Microsoft's models of the other types", () => {
  it("are those of one API version each, whole, with limits that can be checked", () => {
    expect(tables.map((table) => `${table.package} ${table.apiVersion}`)).to.deep.equal([
      "azure-ai-ml 1.35.2 2025-12-01",
      "azure-mgmt-applicationinsights 4.0.0 2020-02-02",
      "azure-mgmt-authorization 4.0.0 2022-04-01",
      "azure-mgmt-consumption 11.0.0 2024-08-01",
      "azure-mgmt-containerregistry 14.0.0 2023-01-01-preview",
      "azure-mgmt-keyvault 12.0.0 2024-11-01",
      "azure-mgmt-monitor 6.0.2 2018-03-01",
      "azure-mgmt-monitor 6.0.2 2021-05-01-preview",
      "azure-mgmt-msi 7.0.0 2023-01-31",
      "azure-mgmt-network 28.1.0 2024-05-01",
      "azure-mgmt-privatedns 2.0.0 2024-06-01",
      "azure-mgmt-resource-locks 1.0.0 2020-05-01",
      "azure-mgmt-storage 22.2.0 2024-01-01",
    ]);
    for (const { package: name, models, enums, operations } of tables) {
      const fields = Object.values(models).flatMap((model) => Object.values(model.fields));
      const named = JSON.stringify(fields).match(/(model|enum):[\w.]+/g) ?? [];
      const bodyNames = operations.flatMap(({ request, response, item }) => [request, response, item]);
      const lacking = [
        ...named.filter(
          (each) => (each.startsWith("model:") ? models : enums)[each.replace(/^.*?:/, "")] === undefined,
        ),
        ...bodyNames.filter((each) => each !== undefined && models[each] === undefined),
      ];
      expect(lacking, name).to.deep.equal([]);
      expect(
        operations.every(({ codes }) => codes.length > 0),
        name,
      ).to.equal(true);
      for (const { limits } of fields) expect(() => new RegExp(limits?.pattern ?? ""), name).not.to.throw();
    }
  });

  it("cover every type of the azure-native plugin's table, at the version that it sends, or the ledger says why not", () => {
    const ledger = readFileSync(join(packageRoot(), "local", "LEDGER.md"), "utf8");
    for (const row of knownRows()) {
      const { apiVersion } = sdkResourceOf(row);
      const models = found("PUT", idOf(row))?.table;
      const vouching = models?.apiVersion === apiVersion ? models.package : "none:";
      if (models === tableOf("azure-ai-ml") && vouching !== "none:") continue; // All of them, in a row of their own.
      expect(ledger, row.token).to.include(`\n| ${typeOf(row)} | ${apiVersion} | ${vouching}`);
    }
  });

  for (const [id, body] of bodies) {
    it(`take a right body of ${id.split("/providers/").at(-1) ?? ""}, and find what is not in them`, () => {
      expect(kinds(id, body)).to.deep.equal([]);
      expect(kinds(id, { ...body, colour: "red" })).to.deep.equal(["unknown colour"]);
    });
  }

  it("find a property that is unknown below a flattened `properties`", () => {
    expect(kinds(STORAGE, account({ minimalTlsVersion: "TLS1_2" }))).to.deep.equal([
      "unknown properties.minimalTlsVersion",
    ]);
    expect(kinds(VAULT, vault({ networkAcls: { ipRule: [] } }))).to.deep.equal([
      "unknown properties.networkAcls.ipRule",
    ]);
  });

  it("find a value of a wrong type", () => {
    expect(kinds(STORAGE, account({ allowBlobPublicAccess: "no" }))).to.deep.equal([
      "type properties.allowBlobPublicAccess",
    ]);
    expect(kinds(VAULT, vault({ softDeleteRetentionInDays: "7" }))).to.deep.equal([
      "type properties.softDeleteRetentionInDays",
    ]);
    expect(kinds(IDENTITY, { location, tags: { a: 1 } })).to.deep.equal(["type tags.a"]);
    expect(kinds(REGISTRY, { location, sku: { name: "Premium" }, properties: [] })).to.deep.equal([
      "type properties",
    ]);
  });

  it("find what is missing, also where the client flattens it", () => {
    expect(kinds(STORAGE, { location })).to.have.members(["missing sku", "missing kind"]);
    expect(kinds(ASSIGNMENT, {})).to.deep.equal(["missing properties"]);
    expect(kinds(ASSIGNMENT, { properties: { principalId } })).to.deep.equal([
      "missing properties.roleDefinitionId",
    ]);
    expect(kinds(VAULT, vault({ tenantId: null }))).to.deep.equal(["missing properties.tenantId"]);
    expect(kinds(INSIGHTS, { location, properties: {} })).to.deep.equal(["missing kind"]);
  });

  it("find a value that is none of the allowed", () => {
    expect(kinds(STORAGE, account({ minimumTlsVersion: "TLS9" }))).to.deep.equal([
      "enum properties.minimumTlsVersion",
    ]);
    expect(kinds(STORAGE, account({}, { sku: { name: "Gold" } }))).to.deep.equal(["enum sku.name"]);
    expect(kinds(ASSIGNMENT, assignment({ principalType: "Robot" }))).to.deep.equal([
      "enum properties.principalType",
    ]);
  });

  it("find a value outside its limits", () => {
    const days = (count: number): JsonObject => ({
      properties: { deleteRetentionPolicy: { enabled: true, days: count } },
    });
    expect(kinds(BLOBS, days(365))).to.deep.equal([]);
    expect(kinds(BLOBS, days(366))).to.deep.equal(["limit properties.deleteRetentionPolicy.days"]);
    expect(kinds(BLOBS, days(0))).to.deep.equal(["limit properties.deleteRetentionPolicy.days"]);
    const names = `${GROUP.split("/resourceGroups")[0] ?? ""}/providers/Microsoft.ContainerRegistry/checkNameAvailability`;
    const asked = (name: string): JsonObject => ({ name, type: "Microsoft.ContainerRegistry/registries" });
    expect(kinds(names, asked("good1"), "POST")).to.deep.equal([]);
    expect(kinds(names, asked("bad_name"), "POST")).to.deep.equal(["limit name"]);
    expect(kinds(names, asked("four"), "POST")).to.deep.equal(["limit name"]);
  });

  it("leave read-only properties alone in a request, and take them out of it", () => {
    const body = account({ provisioningState: "Failed", accessTier: "Hot" }, { id: "x" });
    const storage = tableOf("azure-mgmt-storage");
    expect(kinds(STORAGE, body)).to.deep.equal([]);
    expect(kinds(REGISTRY, { location, sku: { name: "Basic", tier: "Premium" }, id: "x" })).to.deep.equal([]);
    expect(withoutReadOnly(storage, "StorageAccountCreateParameters", body)).to.deep.equal(
      account({ accessTier: "Hot" }),
    );
  });

  it("find what an answer of ours would get wrong", () => {
    const keyVault = tableOf("azure-mgmt-keyvault");
    const answer = checkResponse(keyVault, "Vault", { properties: { tenantId: "t", sku: { name: "gold" } } });
    expect(answer.map(({ kind, path }) => `${kind} ${path}`)).to.have.members([
      "enum properties.sku.name",
      "missing properties.sku.family",
    ]);
  });
});

describe("a request of another type that breaks Microsoft's model", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.make(GROUP, { location });
  });
  afterEach(async () => {
    await arm.close();
    expect(arm.logged).to.deep.equal([]);
  });

  it("is refused with 400, its provider's code and a detail for each problem, and changes nothing", async () => {
    const refused = await arm.ask(
      "PUT",
      STORAGE,
      account({ accessTier: "Warm", minimalTlsVersion: "TLS1_2" }),
    );
    expect([refused.status, codeOf(refused)]).to.deep.equal([400, "InvalidRequestPropertyValue"]);
    const details = objectAt(refused.body, "error")["details"] as JsonObject[];
    expect(details.map(({ code, target }) => `${String(code)} ${String(target)}`)).to.have.members([
      "InvalidPropertyValue properties.accessTier",
      "UnknownProperty properties.minimalTlsVersion",
    ]);
    expect((await arm.ask("GET", STORAGE)).status).to.equal(404);
    expect(codeOf(await arm.ask("PUT", VAULT, vault({ createMode: "guess" })))).to.equal("BadRequest");
    expect(codeOf(await arm.ask("PUT", IDENTITY, { location, colour: "red" }))).to.equal(
      "InvalidRequestContent",
    );
  });

  it("is taken at an API version that no package vouches for", async () => {
    const body = { location, tags: {}, colour: "red" };
    expect((await arm.ask("PUT", `${IDENTITY}?api-version=2024-11-30`, body)).status).to.equal(201);
  });

  it("aside, every answer keeps to the models: made, read, listed, changed, made again, deleted", async () => {
    for (const [id, body] of bodies) await arm.make(id, body);
    for (const [id, body] of bodies) {
      const list = id.slice(0, id.lastIndexOf("/"));
      expect((await arm.ask("GET", id)).status, id).to.equal(200);
      expect((await arm.ask("GET", list)).status, list).to.equal(200);
      if (found("PATCH", id) !== undefined)
        expect(
          (await arm.finish("PATCH", id, id === CONTAINER ? body : { tags: { c: "d" } })).status,
          id,
        ).to.equal(200);
      expect((await arm.finish("PUT", id, body)).status, id).to.equal(200);
      // `az resource update` sends back what it read.
      expect((await arm.finish("PUT", id, (await arm.ask("GET", id)).body)).status, id).to.equal(200);
    }
    for (const action of [`${STORAGE}/listKeys`, `${REGISTRY}/listCredentials`])
      expect((await arm.ask("POST", action)).status, action).to.equal(200);
    for (const [id] of [...bodies].reverse())
      if (id !== BLOBS) expect((await arm.finish("DELETE", id)).status, id).to.be.oneOf([200, 204]);
    const kept = `${GROUP.split("/resourceGroups")[0] ?? ""}/providers/Microsoft.KeyVault`;
    expect((await arm.ask("GET", `${kept}/deletedVaults`)).status).to.equal(200);
    expect(
      (await arm.ask("POST", `${kept}/locations/${location}/deletedVaults/mlvault/purge`)).status,
    ).to.equal(200);
    expect(arm.arm.violations()).to.deep.equal([]);
  });
});

/** An id of the row's type. */
function idOf(row: Row): string {
  const names = pathInputs(row.path).map((name) => [name, isScope(name) ? "/subscriptions/s" : "n"]);
  return armId(row.path, Object.fromEntries(names) as Record<string, string>, "s");
}

/** `Microsoft.Storage/storageAccounts/blobServices`. */
function typeOf({ path }: Row): string {
  const [namespace, ...rest] = path.split("/providers/").at(-1)?.split("/") ?? [];
  if (!path.includes("/providers/")) return "Microsoft.Resources/resourceGroups";
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}
