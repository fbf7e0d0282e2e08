import { expect } from "chai";
import { TENANT_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { codeOf, GROUP, Harness, STORAGE, SUBSCRIPTION, VAULT } from "./arm-harness";

const STORAGE_PROVIDER = `${SUBSCRIPTION}/providers/Microsoft.Storage`;

describe("what the local ARM tells before anything is made", () => {
  let arm: Harness;
  let held: readonly string[];
  beforeEach(() => {
    held = [ROLES.Owner];
    arm = new Harness({
      access: { hasRole: (_principal, roles) => roles.some((role) => held.includes(role)) },
    });
  });
  afterEach(async () => {
    await arm.close();
  });

  const registration = async (verb: "register" | "unregister"): Promise<unknown> =>
    (await arm.ask("POST", `${STORAGE_PROVIDER}/${verb}?api-version=2021-04-01`)).body["registrationState"];
  const account: JsonObject = {
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  };

  it("is whether a provider is registered; of one that is not, nothing can be made", async () => {
    await arm.make(GROUP, { location: "westeurope" });
    expect(await registration("unregister")).to.equal("NotRegistered");
    const refused = await arm.ask("PUT", STORAGE, account);
    expect([refused.status, codeOf(refused)]).to.deep.equal([409, "MissingSubscriptionRegistration"]);
    expect(await registration("register")).to.equal("Registered");
    expect((await arm.ask("PUT", STORAGE, account)).status).to.be.lessThan(300);
    const nobody = await arm.ask(
      "POST",
      `${SUBSCRIPTION}/providers/Microsoft.Nonsense/register?api-version=2021-04-01`,
    );
    expect([nobody.status, codeOf(nobody)]).to.deep.equal([404, "InvalidResourceNamespace"]);
    held = [ROLES.Reader];
    const reader = await arm.ask("POST", `${STORAGE_PROVIDER}/unregister?api-version=2021-04-01`);
    expect([reader.status, codeOf(reader)]).to.deep.equal([403, "AuthorizationFailed"]);
  });

  it("is what the caller's roles allow", async () => {
    held = [ROLES.Reader, ROLES["Storage Blob Data Reader"]];
    const { status, body } = await arm.ask(
      "GET",
      `${GROUP}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    );
    expect(status).to.equal(200);
    const permissions = body["value"] as { actions: string[]; dataActions: string[] }[];
    expect(permissions.map(({ actions }) => actions[0])).to.include("*/read");
    expect(permissions.flatMap(({ dataActions }) => dataActions)).to.deep.equal([
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
    ]);
  });

  it("is whether a name is free: that of a deleted vault is not", async () => {
    const ask = async (
      namespace: string,
      type: string,
      name: string,
      version: string,
    ): Promise<unknown[]> => {
      const id = `${SUBSCRIPTION}/providers/${namespace}/checkNameAvailability?api-version=${version}`;
      const { body } = await arm.ask("POST", id, { name, type: `${namespace}/${type}` });
      return [body["nameAvailable"], body["reason"]];
    };
    const storage = async (name: string): Promise<unknown[]> =>
      await ask("Microsoft.Storage", "storageAccounts", name, "2024-01-01");
    const vault = async (name: string): Promise<unknown[]> =>
      await ask("Microsoft.KeyVault", "vaults", name, "2024-11-01");
    await arm.make(GROUP, { location: "westeurope" });
    expect(await storage("mlstore")).to.deep.equal([true, undefined]);
    await arm.make(STORAGE, account);
    expect(await storage("mlstore")).to.deep.equal([false, "AlreadyExists"]);
    expect(await storage("ML-store")).to.deep.equal([false, "AccountNameInvalid"]);
    expect(await vault("mlvault")).to.deep.equal([true, undefined]);
    await arm.make(VAULT, {
      location: "westeurope",
      properties: {
        tenantId: TENANT_ID,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    await arm.ask("DELETE", VAULT);
    expect(await vault("mlvault")).to.deep.equal([false, "AlreadyExists"]);
    expect(await ask("Microsoft.ContainerRegistry", "registries", "mlregistry", "2023-07-01")).to.deep.equal([
      true,
      undefined,
    ]);
  });
});
