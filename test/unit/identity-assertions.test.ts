import { expect } from "chai";
import { decodeJwt, generateKeyPair, type JWTPayload } from "jose";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TENANT_ID } from "../../local/cloud";
import { orderApplication, type ApplicationReport } from "../../local/identity/applications";
import { exported } from "../../local/commands/service-principal";
import { createIdentity, type Identity } from "../../local/identity/identity";
import { onThisMachine } from "../../local/identity/issuer-keys";
import { statePaths } from "../../local/state";
import { resourceGroup } from "../helpers/azure-fixture";
import { MemoryStore } from "../helpers/memory-store";
import { certificateAssertion, makeCertificate, type TestCertificate } from "../helpers/service-principal";
import {
  FEDERATED_AUDIENCE,
  openGitHubIssuer,
  openTokenIssuer,
  type GitHubIssuer,
  type TokenIssuer,
} from "../helpers/token-issuer";

const clientId = "11111111-0000-4000-8000-000000000001";
const principalId = "11111111-0000-4000-8000-000000000002";
const identityId = `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ci`;
const main = "repo:octo-org/octo-repo:ref:refs/heads/main";
const scope = "https://management.azure.com/.default";

describe("signing in by an assertion", () => {
  const folder = mkdtempSync(join(tmpdir(), "assertions-"));
  const paths = statePaths(folder);
  const store = new MemoryStore();
  let issuer: TokenIssuer;
  let github: GitHubIssuer;
  let identity: Identity;

  before(async () => {
    issuer = await openTokenIssuer(paths);
    github = await openGitHubIssuer();
    identity = await createIdentity({
      ...{ store, paths, secrets: { clientSecret: "deployer", adminSecret: "admin" } },
      standIns: new Map([["token.actions.githubusercontent.com", github.address]]),
    });
    await store.add(identityId, "Microsoft.ManagedIdentity/userAssignedIdentities", {
      clientId,
      principalId,
    });
    await federate("github", github.issuer, main);
    await federate("cluster", issuer.issuer, "system:serviceaccount:ml:trainer");
  });
  after(async () => {
    await identity.close();
    await issuer.close();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const federate = async (name: string, from: string, subject: string): Promise<void> =>
    await store.add(
      `${identityId}/federatedIdentityCredentials/${name}`,
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
      { issuer: from, subject, audiences: [FEDERATED_AUDIENCE] },
    );
  const ask = async (
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await identity.app.inject({
      method: "POST",
      url: `/${TENANT_ID}/oauth2/v2.0/token`,
      headers: { "content-type": "application/x-www-form-urlencoded", host: "login.microsoftonline.com" },
      payload: new URLSearchParams({ grant_type: "client_credentials", scope, ...form }).toString(),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const assert = async (
    assertion: string,
    by = clientId,
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    await ask({
      client_id: by,
      client_assertion: assertion,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
  const taken = async (assertion: string, by = clientId): Promise<string> => {
    const { status, body } = await assert(assertion, by);
    expect(status, JSON.stringify(body)).to.equal(200);
    return String(body["access_token"]);
  };
  const refused = async (assertion: string, code: number, by = clientId): Promise<string> => {
    const { status, body } = await assert(assertion, by);
    expect(body["error_codes"], JSON.stringify(body)).to.deep.equal([code]);
    expect(status).to.be.oneOf([400, 401]);
    return String(body["error_description"]);
  };

  describe("somebody else's token, as a user-assigned identity", () => {
    it("is taken from GitHub and from an issuer on this machine", async () => {
      const token = await taken(await github.sign(main));
      expect(decodeJwt(token)).to.include({ oid: principalId, appid: clientId, tid: TENANT_ID });
      await taken(await issuer.sign("system:serviceaccount:ml:trainer"));
    });
    it("is refused from another issuer, for another subject or audience, letter for letter", async () => {
      await refused(await issuer.sign(main), 700213);
      await refused(await github.sign(main, { iss: "https://elsewhere.example.com" }), 700211);
      await refused(await github.sign(main.replace("main", "Main")), 700213);
      await refused(await github.sign(main, { aud: "https://github.com/octo-org" }), 700212);
    });
    it("is refused out of its time", async () => {
      const now = Math.floor(Date.now() / 1000);
      const old = await refused(await github.sign(main, { exp: now - 10 }), 700024);
      expect(old).to.contain(`expiry time of assertion ${new Date((now - 10) * 1000).toISOString()}`);
      await refused(await github.sign(main, { nbf: now + 600 }), 700024);
      await refused(await github.sign(main, { exp: undefined }), 50027);
    });
    it("is refused under a key that the issuer doesn't publish, unsigned, or altered", async () => {
      const { privateKey } = await generateKeyPair("RS256");
      await refused(await github.sign(main, {}, { key: privateKey }), 700027);
      await refused(await github.sign(main, {}, { kid: "another" }), 700027);
      await refused(await github.sign(main, {}, { alg: "HS256", key: Buffer.alloc(32, "k") }), 700027);
      const [header = "", payload = "", signature = ""] = (await github.sign("repo:evil/evil:ref:x")).split(
        ".",
      );
      const claims = { ...decodeJwt(`${header}.${payload}.${signature}`), sub: main };
      const other = Buffer.from(JSON.stringify(claims)).toString("base64url");
      await refused(`${header}.${other}.${signature}`, 700027);
      const none = Buffer.from('{"alg":"none"}').toString("base64url");
      await refused(`${none}.${other}.`, 700027);
      await refused("no token", 50027);
    });
    it("is refused when its credential is gone, and by an identity without one", async () => {
      const token = await github.sign("repo:octo-org/octo-repo:environment:prod");
      await federate("prod", github.issuer, "repo:octo-org/octo-repo:environment:prod");
      await taken(token);
      await store.delete(`${identityId}/federatedIdentityCredentials/prod`);
      await refused(token, 700213);
    });
    it("is refused from an issuer that isn't on this machine, and the sentence says so", async () => {
      await federate("elsewhere", "https://issuer.example.com", "x");
      const text = await refused(await github.sign("x", { iss: "https://issuer.example.com" }), 90061);
      expect(text).to.contain("nothing of a local run leaves this machine");
      await store.delete(`${identityId}/federatedIdentityCredentials/elsewhere`);
    });
    it("is refused from an issuer that doesn't answer", async () => {
      await federate("gone", "https://localhost:1", "x");
      await refused(await github.sign("x", { iss: "https://localhost:1" }), 90061);
      await store.delete(`${identityId}/federatedIdentityCredentials/gone`);
    });
    it("is not for the deployer", async () => {
      await refused(await github.sign(main), 700027, "10ca1a2e-0000-4000-8000-000000000003");
    });
  });

  it("issuers are asked on loopback over HTTPS, or where something stands in for them; nowhere else", () => {
    const standIns = new Map([["token.actions.githubusercontent.com", "http://127.0.0.1:7"]]);
    expect(onThisMachine("https://localhost:8443/a?b", standIns)).to.equal("https://localhost:8443/a?b");
    expect(onThisMachine("https://token.actions.githubusercontent.com/a?b", standIns)).to.equal(
      "http://127.0.0.1:7/a?b",
    );
    for (const elsewhere of [
      "http://localhost:8443/",
      "https://example.com/",
      "https://localhost.example.com/",
      "https://127.0.0.1.example.com/",
      "https://user@localhost/",
      "https://token.actions.githubusercontent.com:8443/",
      "https://169.254.169.254/",
      "file:///etc/passwd",
      "undefined",
    ])
      expect(onThisMachine(elsewhere, standIns), elsewhere).to.equal(undefined);
  });

  describe("a certificate's, as a service principal", () => {
    let certificate: TestCertificate;
    let application: ApplicationReport;
    before(async () => {
      certificate = await makeCertificate();
      application = await orderApplication(store, {
        name: "certified",
        certificate: certificate.certificate,
      });
    });

    it("is taken with either thumbprint and either algorithm", async () => {
      expect(application.secret).to.equal(undefined);
      const by = application.clientId;
      const token = await taken(await certificateAssertion(certificate, by), by);
      expect(decodeJwt(token)).to.include({ oid: application.objectId, appid: by });
      const newer = { alg: "PS256", by: "x5t#S256" } as const;
      await taken(await certificateAssertion(certificate, by, {}, newer), by);
    });
    it("is refused for another audience, about another, out of its time, and by another certificate", async () => {
      const by = application.clientId;
      const sign = async (claims: JWTPayload): Promise<string> =>
        await certificateAssertion(certificate, by, claims);
      const elsewhere =
        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token";
      await refused(await sign({ aud: elsewhere }), 700023, by);
      await refused(await sign({ aud: "https://management.azure.com" }), 700023, by);
      await refused(await sign({ sub: clientId }), 50027, by);
      await refused(await sign({ iss: clientId }), 50027, by);
      await refused(await sign({ exp: Math.floor(Date.now() / 1000) - 10 }), 700024, by);
      const another = await makeCertificate();
      await refused(await certificateAssertion(another, by), 700027, by);
      const forged = { certificate: certificate.certificate, privateKey: another.privateKey };
      await refused(await certificateAssertion(forged, by), 700027, by);
    });
    it("that has run out, or is none, is not registered", async () => {
      const old = await makeCertificate(-1);
      for (const pem of [old.certificate, "", certificate.privateKey])
        expect(await failure(orderApplication(store, { name: "x", certificate: pem }))).to.match(
          /ran out|no certificate/,
        );
    });
  });

  describe("a service principal with a secret", () => {
    const secretOf = (application: ApplicationReport): string => String(application.secret);
    const signIn = async ({ clientId: by }: ApplicationReport, secret: string): Promise<number> =>
      (await ask({ client_id: by, client_secret: secret })).status;

    it("is told its secret once; the store has only its hash", async () => {
      const made = await orderApplication(store, { name: "ci" });
      expect(made.secret).to.match(/^[\w-]{40}$/);
      expect(await signIn(made, secretOf(made))).to.equal(200);
      const again = await orderApplication(store, { name: "CI" });
      expect(again).to.include({ did: "nothing", clientId: made.clientId });
      expect(again.secret).to.equal(undefined);
      expect(JSON.stringify(store.list("entra/"))).not.to.contain(made.secret);
    });
    it("gets another, and the old one ends", async () => {
      const made = await orderApplication(store, { name: "rotated" });
      const after = await orderApplication(store, { name: "rotated", rotate: true });
      expect(after).to.include({ did: "changed", clientId: made.clientId, objectId: made.objectId });
      expect(await signIn(made, secretOf(made))).to.equal(401);
      expect(await signIn(made, secretOf(after))).to.equal(200);
    });
    it("ends with its tokens when it is deleted", async () => {
      const made = await orderApplication(store, { name: "gone" });
      const { body } = await ask({ client_id: made.clientId, client_secret: secretOf(made) });
      const verify = async (): Promise<unknown> =>
        await identity.verifier.verify(`Bearer ${String(body["access_token"])}`, [
          "https://management.azure.com",
        ]);
      expect(await verify()).to.include({ objectId: made.objectId });
      await orderApplication(store, { name: "gone", delete: true });
      expect(await failure(verify())).to.contain("no longer has");
      expect(await signIn(made, secretOf(made))).to.equal(400);
      expect(await failure(orderApplication(store, { name: "gone", delete: true }))).to.contain(
        "There is no",
      );
    });
    it("is exported to a shell by lines that bash takes as they are", async () => {
      const made = await orderApplication(store, { name: "exported" });
      const bash = (lines: string[], show: string): string =>
        execFileSync("bash", ["-c", `${lines.join("\n")}\nprintf '%s' "${show}"`], { env: {} }).toString();
      const told = exported(made, undefined, undefined);
      expect(bash(told, "$AZURE_CLIENT_ID $ARM_CLIENT_ID $AZURE_CLIENT_SECRET $AZURE_TENANT_ID")).to.equal(
        `${made.clientId} ${made.clientId} ${String(made.secret)} ${TENANT_ID}`,
      );
      const certified = { ...made, secret: undefined };
      const file = "/a 'quoted' place/certificate.pem";
      const settings = [
        "export AZURE_CLIENT_SECRET=old",
        ...exported(certified as never, file, "-----BEGIN PRIVATE KEY-----"),
      ];
      expect(bash(settings, "$AZURE_CLIENT_CERTIFICATE_PATH|$AZURE_CLIENT_SECRET")).to.equal(`${file}|`);
      expect(exported(certified as never, file, "-----BEGIN CERTIFICATE-----").join()).not.to.contain(
        "CERTIFICATE_PATH",
      );
    });
    it("has a name, and not the deployer's", async () => {
      for (const name of ["", "a b", "../x", "local-deployer"])
        expect(await failure(orderApplication(store, { name })), name).to.contain("name");
    });
  });
});

async function failure(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
}
