import { expect } from "chai";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { createAccessControl, scopesFrom } from "../../local/identity/access";
import { deployer } from "../../local/identity/principals";
import { ROLES } from "../../local/identity/roles";
import { assignRole, resourceGroup, storageAccountId } from "../helpers/azure-fixture";
import { MemoryStore } from "../helpers/memory-store";

const someone = { objectId: "AAAAAAAA-0000-4000-8000-000000000001", clientId: "", tenantId: TENANT_ID };

describe("role assignments", () => {
  it("reach everything below their scope and nothing beside it", async () => {
    const store = new MemoryStore();
    const access = createAccessControl(store);
    await assignRole(store, someone.objectId.toLowerCase(), ROLES.Contributor, resourceGroup);
    const has = (scope: string): boolean => access.hasRole(someone, [ROLES.Owner, ROLES.Contributor], scope);
    expect(has(resourceGroup)).to.equal(true);
    expect(has(storageAccountId("one").toUpperCase())).to.equal(true);
    expect(has(`/subscriptions/${SUBSCRIPTION_ID}`)).to.equal(false);
    expect(has(`${resourceGroup}-other`)).to.equal(false);
    expect(access.hasRole(someone, [ROLES.Reader], resourceGroup)).to.equal(false);
    expect(access.hasRole({ ...someone, objectId: "another" }, [ROLES.Contributor], resourceGroup)).to.equal(
      false,
    );
  });

  it("have effect after the delay that the local Azure is told", async () => {
    const store = new MemoryStore();
    const id = await assignRole(store, someone.objectId, ROLES.Reader, resourceGroup);
    const made = (age: number): Promise<void> => {
      const assignment = store.get(id);
      if (assignment === undefined) throw new Error("no assignment");
      const properties = {
        ...(assignment.body["properties"] as object),
        createdOn: new Date(Date.now() - age).toISOString(),
      };
      return store.put({ ...assignment, body: { ...assignment.body, properties } });
    };
    const access = createAccessControl(store, 60_000);
    await made(50_000);
    expect(access.hasRole(someone, [ROLES.Reader], resourceGroup)).to.equal(false);
    await made(70_000);
    expect(access.hasRole(someone, [ROLES.Reader], resourceGroup)).to.equal(true);
  });

  it("end when they are deleted", async () => {
    const store = new MemoryStore();
    const access = createAccessControl(store);
    const id = await assignRole(store, someone.objectId, ROLES.Reader, resourceGroup);
    expect(access.hasRole(someone, [ROLES.Reader], resourceGroup)).to.equal(true);
    await store.delete(id);
    expect(access.hasRole(someone, [ROLES.Reader], resourceGroup)).to.equal(false);
  });

  it("are not needed by the deployer for management, but for data", async () => {
    const store = new MemoryStore();
    const access = createAccessControl(store);
    const scope = storageAccountId("one");
    expect(access.hasRole(deployer, [ROLES.Contributor], scope)).to.equal(true);
    expect(access.hasRole(deployer, [ROLES["Storage Blob Data Contributor"]], scope)).to.equal(false);
    await assignRole(store, DEPLOYER.objectId, ROLES["Storage Blob Data Contributor"], scope);
    expect(access.hasRole(deployer, [ROLES["Storage Blob Data Contributor"]], scope)).to.equal(true);
  });

  it("are looked for from the scope up to the subscription", () => {
    expect(scopesFrom("/a/b/c")).to.deep.equal(["/a/b/c", "/a/b", "/a"]);
  });
});
