import { expect } from "chai";
import fastify from "fastify";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARM_AUDIENCES, DEPLOYER, STORAGE_AUDIENCE, TENANT_ID } from "../../local/cloud";
import { createIdentity, type Identity } from "../../local/identity/identity";
import { identityHeader } from "../../local/identity/identity-header";
import { TokenRefused } from "../../local/identity/principal";
import { deployer } from "../../local/identity/principals";
import { openSigningKey, type SigningKey } from "../../local/identity/signing-key";
import { issuer } from "../../local/identity/tokens";
import { statePaths, type StatePaths } from "../../local/state";
import { resourceGroup } from "../helpers/azure-fixture";
import { MemoryStore } from "../helpers/memory-store";

const secrets = { clientSecret: "right-secret", adminSecret: "admin-secret" };
const arm = "https://management.azure.com";

describe("identity", () => {
  let folder: string;
  let tokenKey: string;
  let paths: StatePaths;
  let store: MemoryStore;
  let identity: Identity;
  let key: SigningKey;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "identity-"));
    paths = statePaths(folder);
    tokenKey = paths.tokenKey;
    store = new MemoryStore();
    identity = await createIdentity({ store, secrets, paths });
    key = await openSigningKey(tokenKey);
  });
  after(async () => {
    await identity.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (
    form: Record<string, string>,
    path = `/${TENANT_ID}/oauth2/v2.0/token`,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await identity.app.inject({
      method: "POST",
      url: path,
      headers: { "content-type": "application/x-www-form-urlencoded", host: "login.microsoftonline.com" },
      payload: new URLSearchParams(form).toString(),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const right = {
    grant_type: "client_credentials",
    client_id: DEPLOYER.clientId,
    client_secret: secrets.clientSecret,
    scope: `${arm}/.default`,
  };

  it("gives the deployer a token for an hour that its own verifier takes", async () => {
    const { status, body } = await ask(right);
    expect(status).to.equal(200);
    expect(body).to.include({ token_type: "Bearer", expires_in: 3600 });
    const claims = decodeJwt(String(body["access_token"]));
    expect(claims).to.include({
      aud: arm,
      iss: issuer,
      oid: DEPLOYER.objectId,
      appid: DEPLOYER.clientId,
      tid: TENANT_ID,
      idtyp: "app",
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).to.equal(3600);
    const principal = await identity.verifier.verify(`Bearer ${String(body["access_token"])}`, ARM_AUDIENCES);
    expect(principal).to.deep.equal({
      objectId: DEPLOYER.objectId,
      clientId: DEPLOYER.clientId,
      tenantId: TENANT_ID,
    });
  });

  it("gives a library that asks for a person's scopes too, as Go's does, the resource's token", async () => {
    const { status, body } = await ask({ ...right, scope: `${arm}/.default openid offline_access profile` });
    expect(status).to.equal(200);
    expect(decodeJwt(String(body["access_token"])).aud).to.equal(arm);
  });

  it("gives tokens at the version 1 endpoint, for a resource", async () => {
    const { status, body } = await ask({ ...right, resource: `${arm}/` }, `/${TENANT_ID}/oauth2/token`);
    expect(status).to.equal(200);
    expect(body["expires_in"]).to.equal("3600");
    expect(decodeJwt(String(body["access_token"])).aud).to.equal(`${arm}/`);
  });

  for (const [what, change, path, status, error, code] of [
    ["a wrong secret", { client_secret: "wrong" }, undefined, 401, "invalid_client", 7000215],
    ["no secret", { client_secret: undefined }, undefined, 401, "invalid_client", 7000218],
    [
      "an unknown application",
      { client_id: "11111111-2222-3333-4444-555555555555" },
      undefined,
      400,
      "unauthorized_client",
      700016,
    ],
    ["an unknown tenant", {}, "/somewhere-else/oauth2/v2.0/token", 400, "invalid_request", 90002],
    [
      "an unknown resource",
      { scope: "https://example.com/.default" },
      undefined,
      400,
      "invalid_resource",
      500011,
    ],
    ["a scope that is none", { scope: "User.Read" }, undefined, 400, "invalid_scope", 1002012],
    [
      "two resources at once",
      { scope: "https://management.azure.com/.default https://storage.azure.com/.default" },
      undefined,
      400,
      "invalid_scope",
      1002012,
    ],
    ["a missing scope", { scope: undefined }, undefined, 400, "invalid_request", 900144],
    ["another grant", { grant_type: "password" }, undefined, 400, "unsupported_grant_type", 70003],
    ["an assertion of no known kind", { client_assertion: "x" }, undefined, 400, "invalid_request", 900144],
  ] as const) {
    it(`refuses ${what} in Entra's words (AADSTS${code})`, async () => {
      const form = Object.fromEntries(
        Object.entries({ ...right, ...change }).filter(([, value]) => value !== undefined),
      ) as Record<string, string>;
      const answer = await ask(form, path);
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ error });
      expect(answer.body["error_codes"]).to.deep.equal([code]);
      expect(answer.body["error_description"]).to.match(new RegExp(`^AADSTS${code}: .* Trace ID: `));
      expect(JSON.stringify(answer.body)).not.to.contain(secrets.clientSecret);
    });
  }

  it("describes itself to MSAL on the host that was asked", async () => {
    for (const tenant of [TENANT_ID, "common", "organizations"]) {
      const { statusCode, body } = await identity.app.inject({
        url: `/${tenant}/v2.0/.well-known/openid-configuration`,
        headers: { host: "login.microsoftonline.com" },
      });
      expect(statusCode).to.equal(200);
      const configuration = JSON.parse(body) as Record<string, string>;
      expect(configuration["token_endpoint"]).to.equal(
        `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      );
      expect(configuration["issuer"]).to.equal(
        `https://login.microsoftonline.com/${tenant === TENANT_ID ? TENANT_ID : "{tenantid}"}/v2.0`,
      );
    }
    const { statusCode } = await identity.app.inject({
      url: "/nobody/v2.0/.well-known/openid-configuration",
    });
    expect(statusCode).to.equal(400);
  });

  it("publishes the public key only", async () => {
    const keys = await identity.app.inject({ url: `/${TENANT_ID}/discovery/v2.0/keys` });
    const [published] = (keys.json() as { keys: Record<string, string>[] }).keys;
    expect(published).to.have.all.keys("kty", "n", "e", "kid", "x5t", "use", "alg");
  });

  it("keeps its signing key, for its owner alone, so that tokens outlive a restart", async () => {
    const { token } = await identity.issueToken(arm, deployer);
    const again = await createIdentity({ store, secrets, paths });
    expect((await again.verifier.verify(`Bearer ${token}`, [arm])).objectId).to.equal(DEPLOYER.objectId);
    expect(statSync(tokenKey).mode & 0o777).to.equal(0o600);
    await again.close();
  });

  describe("a token that isn't right", () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    const sign = async (
      claims: Record<string, unknown> = {},
      options: { alg?: string; with?: Parameters<SignJWT["sign"]>[0] } = {},
    ): Promise<string> =>
      await new SignJWT({
        aud: arm,
        iss: issuer,
        oid: DEPLOYER.objectId,
        appid: DEPLOYER.clientId,
        tid: TENANT_ID,
        nbf: now(),
        exp: now() + 60,
        ...claims,
      })
        .setProtectedHeader({ alg: options.alg ?? "RS256", kid: key.id })
        .sign(options.with ?? key.privateKey);
    const refused = async (authorization: string | undefined): Promise<TokenRefused> => {
      try {
        await identity.verifier.verify(authorization, [arm]);
      } catch (error) {
        expect(error).to.be.instanceOf(TokenRefused);
        return error as TokenRefused;
      }
      throw new Error("the token was taken");
    };

    it("is taken when nothing is wrong with it (so that the others fail for their own reason)", async () => {
      await identity.verifier.verify(`Bearer ${await sign()}`, [arm]);
    });
    it("is refused for another audience", async () => {
      const error = await refused(`Bearer ${await sign({ aud: STORAGE_AUDIENCE })}`);
      expect(error.code).to.equal("InvalidAuthenticationToken");
      expect(error.message).to.contain(STORAGE_AUDIENCE);
    });
    it("is refused when it has run out", async () => {
      const error = await refused(`Bearer ${await sign({ exp: now() - 1 })}`);
      expect(error.code).to.equal("ExpiredAuthenticationToken");
    });
    it("is refused before its time", async () => {
      expect((await refused(`Bearer ${await sign({ nbf: now() + 60 })}`)).code).to.equal(
        "InvalidAuthenticationToken",
      );
    });
    it("is refused without an expiry", async () => {
      await refused(`Bearer ${await sign({ exp: undefined })}`);
    });
    it("is refused from another issuer or tenant", async () => {
      for (const claims of [{ iss: "https://sts.windows.net/x/" }, { tid: "x" }])
        expect((await refused(`Bearer ${await sign(claims)}`)).code).to.equal(
          "InvalidAuthenticationTokenTenant",
        );
    });
    it("is refused when a letter of it was changed", async () => {
      const token = await sign();
      const [header = "", payload = "", signature = ""] = token.split(".");
      const other = Buffer.from(
        Buffer.from(payload, "base64url").toString().replace(DEPLOYER.objectId, "someone"),
      ).toString("base64url");
      await refused(`Bearer ${header}.${other}.${signature}`);
    });
    it("is refused unsigned (alg none)", async () => {
      const [, payload = ""] = (await sign()).split(".");
      const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
      await refused(`Bearer ${header}.${payload}.`);
    });
    it("is refused under a symmetric key made of the public one (HS256)", async () => {
      const { n } = await exportJWK(key.publicKey);
      await refused(`Bearer ${await sign({}, { alg: "HS256", with: Buffer.from(String(n)) })}`);
    });
    it("is refused under somebody else's key", async () => {
      const { privateKey } = await generateKeyPair("RS256");
      await refused(`Bearer ${await sign({}, { with: privateKey })}`);
    });
    it("is refused when there is none", async () => {
      for (const authorization of [undefined, "", "Bearer", "Basic eDp5", "Bearer a b"])
        expect((await refused(authorization)).code).to.equal("AuthenticationFailed");
    });
  });

  describe("the managed-identity endpoint", () => {
    const msi = async (
      query: Record<string, string>,
      header?: string,
    ): Promise<{ status: number; body: Record<string, string> }> => {
      const http = fastify();
      identity.addManagedIdentity(http);
      const answer = await http.inject({
        url: "/msi/token",
        query: { "api-version": "2019-08-01", ...query },
        headers: header === undefined ? {} : { "x-identity-header": header },
      });
      await http.close();
      return { status: answer.statusCode, body: answer.json() };
    };

    it("gives the deployer's token to who knows the header", async () => {
      const { status, body } = await msi({ resource: arm }, identityHeader(secrets));
      expect(status).to.equal(200);
      expect(body).to.include({ resource: arm, token_type: "Bearer", client_id: DEPLOYER.clientId });
      expect(body["expires_on"]).to.match(/^\d+$/);
      await identity.verifier.verify(`Bearer ${body["access_token"]}`, [arm]);
    });
    it("gives a user-assigned identity's token", async () => {
      const id = `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ml`;
      await store.add(id, "Microsoft.ManagedIdentity/userAssignedIdentities", {
        principalId: "aaaaaaaa-0000-4000-8000-000000000001",
        clientId: "aaaaaaaa-0000-4000-8000-000000000002",
      });
      for (const [name, value] of [
        ["client_id", "aaaaaaaa-0000-4000-8000-000000000002"],
        ["mi_res_id", id],
      ] as const) {
        const { body } = await msi({ resource: arm, [name]: value }, identityHeader(secrets));
        expect(decodeJwt(body["access_token"] ?? "").oid).to.equal("aaaaaaaa-0000-4000-8000-000000000001");
      }
    });
    it("refuses without the header, and for an identity that there isn't", async () => {
      expect((await msi({ resource: arm })).status).to.equal(401);
      expect((await msi({ resource: arm }, "wrong")).status).to.equal(401);
      expect((await msi({ resource: arm, client_id: "nobody" }, identityHeader(secrets))).status).to.equal(
        400,
      );
      expect((await msi({ resource: "https://example.com" }, identityHeader(secrets))).status).to.equal(400);
    });
  });
});
