import { expect } from "chai";
import {
  codeOf,
  GROUP,
  Harness,
  LOGS,
  propertiesOf,
  STORAGE,
  VAULT,
  WORKSPACE,
  workspaceBody,
} from "./arm-harness";
import type { JsonObject } from "../../local/json";

const lockOf = (scope: string): string => `${scope}/providers/Microsoft.Authorization/locks/keep`;
const settingOf = (scope: string, name: string): string =>
  `${scope}/providers/Microsoft.Insights/diagnosticSettings/${name}`;

describe("what hangs on any resource in the local ARM", () => {
  let azure: Harness;
  before(async () => {
    azure = new Harness();
    await azure.makeWorkspace();
  });
  after(async () => await azure.close());

  const refusal = async (
    method: "PUT" | "DELETE" | "POST",
    id: string,
    body?: JsonObject,
  ): Promise<string> => {
    const response = await azure.ask(method, id, body);
    return `${response.status} ${String(codeOf(response))}`;
  };

  describe("a lock", () => {
    afterEach(async () => {
      for (const scope of [GROUP, STORAGE]) await azure.ask("DELETE", lockOf(scope));
    });

    it("CanNotDelete keeps what it is on and what is below, and lets it be changed", async () => {
      await azure.make(lockOf(GROUP), { properties: { level: "CanNotDelete" } });
      for (const id of [GROUP, STORAGE, VAULT])
        expect(await refusal("DELETE", id), id).to.equal("409 ScopeLocked");
      expect((await azure.ask("PATCH", STORAGE, { tags: { a: "b" } })).status).to.equal(200);
      expect((await azure.ask("DELETE", lockOf(GROUP))).status).to.equal(200);
    });

    it("in a group keeps the group", async () => {
      await azure.make(lockOf(STORAGE), { properties: { level: "CanNotDelete" } });
      expect(await refusal("DELETE", GROUP)).to.equal("409 ScopeLocked");
    });

    it("ReadOnly keeps it from changes and from telling its keys, too", async () => {
      await azure.make(lockOf(STORAGE), { properties: { level: "ReadOnly" } });
      expect(await refusal("POST", `${STORAGE}/listKeys`)).to.equal("409 ScopeLocked");
      expect(
        await refusal("PUT", STORAGE, {
          location: "westeurope",
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
        }),
      ).to.equal("409 ScopeLocked");
    });
  });

  describe("a diagnostic setting", () => {
    const body = (log: JsonObject, more: JsonObject = {}): JsonObject => ({
      properties: { workspaceId: LOGS, logs: [{ enabled: true, ...log }], ...more },
    });

    it("sends a group or categories of the type to a workspace that is there", async () => {
      const made = await azure.make(settingOf(WORKSPACE, "all"), body({ categoryGroup: "allLogs" }));
      expect(propertiesOf(made)["logs"]).to.deep.equal([
        { categoryGroup: "allLogs", enabled: true, retentionPolicy: { enabled: false, days: 0 } },
      ]);
      const wrong: JsonObject[] = [
        body({ category: "AmlMadeUpEvent" }),
        body({ category: "RunEvent", categoryGroup: "audit" }),
        body({ categoryGroup: "everything" }),
        body({ category: "RunEvent" }, { workspaceId: "" }),
      ];
      for (const each of wrong)
        expect(await refusal("PUT", settingOf(WORKSPACE, "other"), each)).to.equal("400 BadRequest");
      expect(
        await refusal(
          "PUT",
          settingOf(WORKSPACE, "other"),
          body({ category: "RunEvent" }, { workspaceId: `${LOGS}x` }),
        ),
      ).to.equal("404 ResourceNotFound");
    });

    it("takes no destination that another has for the category", async () => {
      expect(
        await refusal("PUT", settingOf(WORKSPACE, "twice"), body({ categoryGroup: "allLogs" })),
      ).to.equal("409 Conflict");
    });
  });

  describe("a customer-managed key", () => {
    const KEY = `${VAULT}/keys/cmk`;
    const encrypted = (keyIdentifier: unknown): JsonObject => ({
      ...workspaceBody,
      properties: {
        ...propertiesOf(workspaceBody),
        encryption: {
          status: "Enabled",
          keyVaultProperties: { keyVaultArmId: VAULT, keyIdentifier } as JsonObject,
        },
      },
    });

    it("needs purge protection and a key that is there, and is there from the start", async () => {
      const key = propertiesOf(await azure.make(KEY, { properties: { kty: "RSA", keySize: 3072 } }));
      expect(await refusal("PUT", `${WORKSPACE}4`, encrypted(key["keyUriWithVersion"]))).to.equal(
        "400 BadArgument",
      );
      await azure.ask("PATCH", VAULT, { properties: { enablePurgeProtection: true } });
      expect(await refusal("PUT", `${WORKSPACE}4`, encrypted(`${String(key["keyUri"])}2`))).to.equal(
        "400 BadArgument",
      );
      await azure.make(`${WORKSPACE}4`, encrypted(key["keyUriWithVersion"]));
      expect(await refusal("PUT", `${WORKSPACE}4`, workspaceBody)).to.equal("400 BadArgument");
      expect(await refusal("PUT", WORKSPACE, encrypted(key["keyUriWithVersion"]))).to.equal(
        "400 BadArgument",
      );
    });

    it("is made once: a later PUT changes nothing", async () => {
      const before = (await azure.ask("GET", KEY)).body;
      await azure.make(KEY, { properties: { kty: "RSA", keySize: 4096 } });
      expect(propertiesOf((await azure.ask("GET", KEY)).body)["keyUriWithVersion"]).to.equal(
        propertiesOf(before)["keyUriWithVersion"],
      );
    });
  });

  it("keeps to Microsoft's models", () => expect(azure.arm.violations()).to.deep.equal([]));
});
