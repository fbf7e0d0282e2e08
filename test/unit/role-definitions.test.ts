import { expect } from "chai";
import { DEPLOYER } from "../../local/cloud";
import { createAccessControl } from "../../local/identity/access";
import { BUILT_IN, covers } from "../../local/identity/role-actions";
import { rolesAllowing } from "../../local/identity/role-definitions";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { actionOf } from "../../local/mlflow/actions";
import { MemoryStore } from "../helpers/memory-store";
import { codeOf, GROUP, Harness, propertiesOf, SUBSCRIPTION, WORKSPACE } from "./arm-harness";

const ML = "Microsoft.MachineLearningServices/workspaces";
const GUID = "0000aaaa-0000-4000-8000-000000000001";
const OTHER = "0000aaaa-0000-4000-8000-000000000002";
const someone = { objectId: "0000aaaa-0000-4000-8000-00000000000f", clientId: "", tenantId: "" };

const definition = (properties: JsonObject = {}): JsonObject => ({
  properties: {
    roleName: "Tracks runs",
    type: "CustomRole",
    assignableScopes: [GROUP],
    permissions: [
      { actions: [`${ML}/read`, `${ML}/experiments/*`], notActions: [`${ML}/experiments/delete`] },
    ],
    ...properties,
  },
});
const at = (guid: string, scope = GROUP): string =>
  `${scope}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const assignment = (role: string, scope = GROUP): [string, JsonObject] => [
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${OTHER}`,
  { properties: { principalId: someone.objectId, roleDefinitionId: at(role, SUBSCRIPTION) } },
];

describe("what a role allows", () => {
  const store = new MemoryStore();
  const who = (action: string): string[] => {
    const guids = rolesAllowing(store, action);
    return Object.entries(ROLES).flatMap(([name, guid]) => (guids.includes(guid) ? [name] : []));
  };

  it("is decided by Microsoft's own lists of actions", () => {
    expect(who(`${ML}/write`)).to.deep.equal(["Owner", "Contributor"]);
    expect(who(`${ML}/computes/write`)).to.deep.equal(["Owner", "Contributor", "AzureML Compute Operator"]);
    expect(who(`${ML}/onlineEndpoints/write`)).to.deep.equal([
      "Owner",
      "Contributor",
      "AzureML Data Scientist",
    ]);
    expect(who(`${ML}/listkeys/action`)).to.deep.equal(["Owner", "Contributor"]);
    expect(who(`${ML}/read`)).to.include.members(["Reader", "AzureML Data Scientist"]);
    expect(who("Microsoft.Authorization/roleAssignments/write")).to.deep.equal([
      "Owner",
      "User Access Administrator",
    ]);
    expect(who("Microsoft.Storage/storageAccounts/write")).to.deep.equal(["Owner", "Contributor"]);
    expect(who("Microsoft.MachineLearningServices/registries/assets/write")).to.include(
      "AzureML Registry User",
    );
    expect(Object.keys(BUILT_IN)).to.deep.equal(Object.keys(ROLES));
  });

  it("is named with '*' for any pieces, without regard to case", () => {
    expect(covers("*", "A.B/c/read")).to.equal(true);
    expect(covers("*/read", "A.B/c/READ")).to.equal(true);
    expect(covers("A.B/c/*/write", "a.b/c/d/e/write")).to.equal(true);
    expect(covers("A.B/c/*/write", "A.B/c/write")).to.equal(true);
    expect(covers("A.B/c/*/write", "A.B/cd/write")).to.equal(false);
    expect(covers("A.B/c/read", "AxB/c/read")).to.equal(false);
    expect(covers("A.B/c/*", "A.B/c")).to.equal(false);
    expect(covers("A.B/c/read", "A.B/c/reader")).to.equal(false);
  });
});

describe("what an MLflow request needs", () => {
  const mlflow = (call: string, method = "POST"): string =>
    actionOf(method, `/mlflow/v1.0${WORKSPACE}/api/2.0/mlflow/${call}`);
  it("is what Microsoft's page on workspace access has", () => {
    for (const [call, method, action] of [
      ["experiments/create", "POST", "experiments/write"],
      ["experiments/set-experiment-tag", "POST", "experiments/write"],
      ["experiments/delete", "POST", "experiments/delete"],
      ["experiments/get-by-name?experiment_name=delete", "GET", "experiments/read"],
      ["experiments/search", "POST", "experiments/read"],
      ["runs/create", "POST", "experiments/runs/write"],
      ["runs/log-batch", "POST", "experiments/runs/write"],
      ["runs/delete", "POST", "experiments/runs/write"],
      ["runs/search", "POST", "experiments/runs/read"],
      ["runs/get", "GET", "experiments/runs/read"],
      ["metrics/get-history", "GET", "experiments/runs/read"],
      ["artifacts/list", "GET", "experiments/runs/read"],
      ["registered-models/create", "POST", "models/write"],
      ["registered-models/get-latest-versions", "POST", "models/read"],
      ["registered-models/delete", "DELETE", "models/delete"],
      ["registered-models/delete-tag", "DELETE", "models/write"],
      ["model-versions/create", "POST", "models/write"],
      ["model-versions/delete", "DELETE", "models/delete"],
      ["model-versions/search", "GET", "models/read"],
    ] as const)
      expect(mlflow(call, method), call).to.equal(action);
    const artifacts = `/history/v1.0${WORKSPACE}/experiments/e/runs/r/artifacts`;
    expect(actionOf("POST", `${artifacts}/batch/metadata`)).to.equal("metadata/artifacts/write");
    expect(actionOf("GET", `${artifacts}/contentinfo?path=a`)).to.equal("metadata/artifacts/read");
  });
});

describe("custom roles", () => {
  let azure: Harness;
  beforeEach(async () => {
    azure = new Harness();
    await azure.make(GROUP, { location: "westeurope" });
  });
  afterEach(async () => await azure.close());
  const refused = async (id: string, body: JsonObject): Promise<string> => {
    const response = await azure.ask("PUT", id, body);
    return `${response.status} ${String(codeOf(response))}`;
  };

  it("are put at any scope, known by one id, changed, listed by name and deleted", async () => {
    const made = await azure.ask("PUT", at(GUID), definition());
    expect(made.status).to.equal(201);
    expect(made.body["id"]).to.equal(at(GUID, SUBSCRIPTION));
    const changed = await azure.ask("PUT", at(GUID, SUBSCRIPTION), definition({ description: "x" }));
    expect(changed.status).to.equal(201);
    expect(propertiesOf((await azure.ask("GET", at(GUID))).body)).to.include({
      roleName: "Tracks runs",
      description: "x",
    });
    const list = `${GROUP}/providers/Microsoft.Authorization/roleDefinitions`;
    const found = await azure.ask(
      "GET",
      `${list}?$filter=${encodeURIComponent("roleName eq 'Tracks runs'")}`,
    );
    expect(found.body["value"]).to.have.length(1);
    expect((await azure.ask("DELETE", at(GUID))).status).to.equal(200);
    expect((await azure.ask("GET", at(GUID))).status).to.equal(404);
    expect(azure.arm.violations()).to.deep.equal([]);
  });

  it("allow what their actions name, less what their notActions do, where they are assigned", async () => {
    const access = createAccessControl(azure.store);
    const may = (action: string, scope = WORKSPACE): boolean =>
      access.hasRole(someone, rolesAllowing(azure.store, `${ML}/${action}`), scope);
    await azure.make(at(GUID), definition());
    expect(may("experiments/runs/write")).to.equal(false);
    await azure.make(...assignment(GUID));
    expect(may("experiments/runs/write")).to.equal(true);
    expect(may("experiments/delete")).to.equal(false);
    expect(may("models/write")).to.equal(false);
    expect(may("experiments/runs/write", `${GROUP}2`)).to.equal(false);
    await azure.make(at(GUID), definition({ permissions: [{ actions: [`${ML}/read`] }] }));
    expect(may("experiments/runs/write")).to.equal(false);
  });

  it("are refused when something is wrong with them", async () => {
    await azure.make(at(GUID), definition());
    expect(await refused(at("tracker"), definition())).to.equal("400 InvalidRoleDefinitionId");
    expect(await refused(at(OTHER), definition())).to.equal("409 RoleDefinitionWithSameNameExists");
    expect(await refused(at(OTHER), definition({ roleName: "Reader" }))).to.equal(
      "409 RoleDefinitionWithSameNameExists",
    );
    expect(await refused(at(ROLES.Reader), definition({ roleName: "x" }))).to.equal(
      "403 RoleDefinitionUpdateNotPermitted",
    );
    for (const wrong of [
      { roleName: "x", assignableScopes: [] },
      { roleName: "x", assignableScopes: ["/"] },
      { roleName: "x", assignableScopes: [`${GROUP}/*`] },
      { roleName: "x", permissions: [] },
      { roleName: "x", permissions: [{ actions: ["read things"] }] },
      { roleName: "x", type: "BuiltInRole" },
      { roleName: "" },
    ])
      expect(await refused(at(OTHER), definition(wrong)), JSON.stringify(wrong)).to.equal(
        "400 InvalidRoleDefinition",
      );
  });

  it("are assigned within their scopes only, and stay while they are", async () => {
    await azure.make(at(GUID), definition());
    expect(await refused(...assignment(GUID, SUBSCRIPTION))).to.equal("404 RoleDefinitionDoesNotExist");
    expect(await refused(...assignment(OTHER))).to.equal("404 RoleDefinitionDoesNotExist");
    const [id, body] = assignment(GUID);
    await azure.make(id, body);
    expect(codeOf(await azure.ask("DELETE", at(GUID)))).to.equal("RoleDefinitionHasAssignments");
    await azure.ask("DELETE", id);
    expect((await azure.ask("DELETE", at(GUID))).status).to.equal(200);
  });

  it("are not needed by the subscription's owner", async () => {
    const owner = { ...someone, objectId: DEPLOYER.objectId };
    const roles = rolesAllowing(azure.store, `${ML}/write`);
    expect(createAccessControl(azure.store).hasRole(owner, roles, WORKSPACE)).to.equal(true);
  });
});
