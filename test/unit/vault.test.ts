import { expect } from "chai";
import { createExclusive } from "../../local/arm/exclusive";
import { TENANT_ID } from "../../local/cloud";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { createVaultFront } from "../../local/vault/front";
import { fakeVerifier, Harness, propertiesOf, VAULT } from "./arm-harness";

const SECRET = `${VAULT}/secrets/storage-key`;

/** The data plane of a vault, and ARM's way to place a secret in it. */
describe("secrets of a vault", () => {
  let arm: Harness;
  let roles: readonly string[];
  const ask = async (
    method: "GET" | "PUT" | "POST",
    path: string,
    body?: JsonObject,
    authorization: string | undefined = "Bearer good",
  ): Promise<{ status: number; body: JsonObject; headers: Record<string, unknown> }> => {
    const app = createVaultFront({
      store: arm.store,
      verifier: fakeVerifier,
      access: { hasRole: (_who, wanted) => wanted.some((role) => roles.includes(role)) },
      exclusive: createExclusive(),
      now: () => arm.now,
    });
    const response = await app.inject({
      method,
      url: path.includes("api-version") ? path : `${path}?api-version=7.6`,
      headers: { host: "mlvault.vault.azure.net", ...(authorization === "" ? {} : { authorization }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.json<JsonObject>(), headers: response.headers };
  };
  const code = ({ status, body }: { status: number; body: JsonObject }): string => {
    const error = body["error"] as { code: string; innererror?: { code: string } };
    return `${status} ${error.code} ${error.innererror?.code ?? ""}`.trim();
  };

  beforeEach(async () => {
    arm = new Harness();
    roles = [ROLES["Key Vault Secrets Officer"]];
    await arm.makeWorkspace();
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations).to.deep.equal([]);
  });

  it("are written and read there; the newest version is the one that is meant, the older ones stay", async () => {
    const first = await ask("PUT", "/secrets/storage-key", { value: "one", tags: { team: "risk" } });
    const second = await ask("PUT", "/secrets/storage-key", { value: "two" });
    expect([first.status, second.status]).to.deep.equal([200, 200]);
    const newest = await ask("GET", "/secrets/storage-key");
    expect(newest.body).to.include({ value: "two", id: second.body["id"] });
    expect(newest.body["id"]).to.match(
      /^https:\/\/mlvault\.vault\.azure\.net\/secrets\/storage-key\/[0-9a-f]{32}$/,
    );
    expect((await ask("GET", new URL(String(first.body["id"])).pathname)).body).to.include({ value: "one" });
    expect((await ask("GET", "/secrets/storage-key/")).body).to.include({ value: "two" });
    const versions = (await ask("GET", "/secrets/storage-key/versions")).body["value"] as JsonObject[];
    expect(versions.map(({ id }) => id)).to.deep.equal([first.body["id"], second.body["id"]]);
    const listed = JSON.stringify((await ask("GET", "/secrets")).body);
    expect(listed).to.contain("secrets/storage-key").and.not.contain("two");
  });

  it("are placed by ARM, which never shows a value", async () => {
    await arm.make(SECRET, { properties: { value: "placed" }, tags: { team: "risk" } });
    const shown = (await arm.ask("GET", SECRET)).body;
    expect(JSON.stringify(shown)).not.to.contain("placed");
    expect(propertiesOf(shown)["secretUri"]).to.equal("https://mlvault.vault.azure.net/secrets/storage-key");
    const { body } = await ask("GET", "/secrets/storage-key");
    expect(body).to.include({ value: "placed", id: propertiesOf(shown)["secretUriWithVersion"] });
    await arm.make(SECRET, { properties: { value: "again" } });
    expect((await ask("GET", "/secrets/storage-key")).body).to.include({ value: "again" });
    expect((await arm.ask("PUT", `${SECRET}2`, { properties: {} })).status).to.equal(400);
    expect((await arm.ask("DELETE", SECRET)).status).to.equal(200);
    expect(code(await ask("GET", "/secrets/storage-key"))).to.equal("404 SecretNotFound");
  });

  it("are for whoever has the role: Secrets User reads, Secrets Officer writes, the owner of the vault neither", async () => {
    await ask("PUT", "/secrets/storage-key", { value: "one" });
    roles = [ROLES["Key Vault Secrets User"]];
    expect((await ask("GET", "/secrets/storage-key")).status).to.equal(200);
    expect(code(await ask("PUT", "/secrets/storage-key", { value: "x" }))).to.equal(
      "403 Forbidden ForbiddenByRbac",
    );
    roles = [ROLES.Owner];
    expect(code(await ask("GET", "/secrets/storage-key"))).to.equal("403 Forbidden ForbiddenByRbac");
  });

  it("are for nobody without a token: the challenge says where to get one", async () => {
    const refused = await ask("GET", "/secrets/storage-key", undefined, "");
    expect(code(refused)).to.equal("401 Unauthorized");
    expect(refused.headers["www-authenticate"]).to.equal(
      `Bearer authorization="https://login.microsoftonline.com/${TENANT_ID}", resource="https://vault.azure.net"`,
    );
  });

  it("a name that is none, a secret without a value, a disabled one and a missing API version are refused", async () => {
    expect(code(await ask("PUT", "/secrets/storage_key", { value: "x" }))).to.equal("400 BadParameter");
    expect(code(await ask("PUT", "/secrets/storage-key", {}))).to.equal("400 BadParameter");
    await ask("PUT", "/secrets/storage-key", { value: "x", attributes: { enabled: false } });
    expect(code(await ask("GET", "/secrets/storage-key"))).to.equal("403 Forbidden SecretDisabled");
    expect(code(await ask("GET", "/secrets/storage-key?x-api-version="))).to.equal("400 BadParameter");
  });

  describe("and its keys", () => {
    const KEY = `${VAULT}/keys/state`;
    const value = Buffer.from("a data key").toString("base64url");
    const work = (how: string, body: JsonObject): ReturnType<typeof ask> =>
      ask("POST", `/keys/state/${how}`, { alg: "RSA-OAEP-256", ...body });

    beforeEach(async () => {
      roles = [ROLES["Key Vault Crypto User"]];
      await arm.make(KEY, { properties: { kty: "RSA" } });
    });

    it("encrypt what they alone decrypt, by either digest and by their version", async () => {
      for (const alg of ["RSA-OAEP", "RSA-OAEP-256"]) {
        const encrypted = await work("encrypt", { alg, value });
        expect(encrypted.body["value"]).to.be.a("string").and.not.equal(value);
        const path = `${new URL(String(encrypted.body["kid"])).pathname}/decrypt`;
        const decrypted = await ask("POST", path, { alg, value: encrypted.body["value"] ?? "" });
        expect(decrypted.body).to.deep.equal({ kid: encrypted.body["kid"], value });
      }
      const encrypted = await work("encrypt", { value });
      await arm.make(`${VAULT}/keys/other`, { properties: { kty: "RSA" } });
      const other = { alg: "RSA-OAEP-256", value: encrypted.body["value"] ?? "" };
      expect(code(await ask("POST", "/keys/other/decrypt", other))).to.equal("400 BadParameter");
    });

    it("are shown by ARM without what is secret", async () => {
      await work("encrypt", { value });
      expect(JSON.stringify((await arm.ask("GET", KEY)).body)).not.to.match(/private/i);
      await arm.make(KEY, { properties: { kty: "RSA" } });
      expect((await work("encrypt", { value })).status, "a PUT changes none").to.equal(200);
    });

    it("are refused without the role, and what they are not for", async () => {
      expect(code(await work("encrypt", { alg: "A256GCM", value }))).to.equal("400 BadParameter");
      expect(code(await work("encrypt", {}))).to.equal("400 BadParameter");
      expect(code(await work("decrypt", { value }))).to.equal("400 BadParameter");
      expect(code(await ask("POST", "/keys/none/encrypt", { alg: "RSA-OAEP", value }))).to.equal(
        "404 KeyNotFound",
      );
      expect(
        code(await ask("POST", `/keys/state/${"0".repeat(32)}/encrypt`, { alg: "RSA-OAEP", value })),
      ).to.equal("404 KeyNotFound");
      await arm.make(`${VAULT}/keys/signs`, { properties: { kty: "RSA", keyOps: ["sign"] } });
      expect(code(await ask("POST", "/keys/signs/encrypt", { alg: "RSA-OAEP", value }))).to.equal(
        "403 Forbidden KeyOperationForbidden",
      );
      await arm.make(`${VAULT}/keys/off`, { properties: { kty: "RSA", attributes: { enabled: false } } });
      expect(code(await ask("POST", "/keys/off/encrypt", { alg: "RSA-OAEP", value }))).to.equal(
        "403 Forbidden KeyDisabled",
      );
      roles = [ROLES["Key Vault Secrets Officer"]];
      expect(code(await work("encrypt", { value }))).to.equal("403 Forbidden ForbiddenByRbac");
    });
  });
});
