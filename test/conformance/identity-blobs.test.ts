import { expect } from "chai";
import { SignJWT } from "jose";
import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, STORAGE_AUDIENCE, TENANT_ID } from "../../local/cloud";
import { orderApplication } from "../../local/identity/applications";
import { deployer } from "../../local/identity/principals";
import { ROLES } from "../../local/identity/roles";
import { python } from "../../tools/paths";
import { addStorageAccount, assignRole, resourceGroup, storageAccountId } from "../helpers/azure-fixture";
import { blobRequests } from "../helpers/blob-requests";
import { openFrontDoor, type FrontDoor } from "../helpers/front-door";
import { makeCertificate } from "../helpers/service-principal";
import { FEDERATED_AUDIENCE, openTokenIssuer } from "../helpers/token-issuer";

const account = "mlstore1";

describe("sign-in and blobs, by Azure's own names through the proxy", function () {
  this.timeout(120_000);
  let azure: FrontDoor;
  /** Counts what is made, so that each has a name of its own. */
  let made = 0;

  before(async () => {
    azure = await openFrontDoor();
    const id = await addStorageAccount(azure.store, account, { allowSharedKeyAccess: true });
    await assignRole(azure.store, DEPLOYER.objectId, ROLES["Storage Blob Data Contributor"], id);
  });
  after(async () => {
    await azure.close();
  });

  const { ask, blobs, bearer, newVersion, put } = blobRequests(() => azure, account);

  const clients = {
    "@azure/identity and @azure/storage-blob": [
      process.execPath,
      "-r",
      "ts-node/register/transpile-only",
      "test/conformance/clients/blob-client.ts",
    ],
    "Python's azure-identity and azure-storage-blob": [python, "test/conformance/clients/blob_client.py"],
  } as const;
  for (const [name, [command, ...args]] of Object.entries(clients)) {
    describe(`${name}, unmodified`, () => {
      const client = async (
        of: string,
        kind: "secret" | "default" | "key",
        env: NodeJS.ProcessEnv = {},
      ): Promise<Record<string, unknown>> => {
        const { stdout, stderr } = await azure.run(command, [...args, of, kind], env);
        expect(stdout, stderr).to.match(/^\{.*\}$/);
        return JSON.parse(stdout) as Record<string, unknown>;
      };

      for (const kind of ["secret", "default", "key"] as const) {
        it(`sign in (${kind}), upload, copy or sign for, read back and list`, async () => {
          const result = await client(account, kind, { ACCOUNT_KEY: azure.keys.accessKeys(account)[0] });
          expect(result, JSON.stringify(result)).to.include({ text: "hello" });
          expect(result["names"]).to.include("folder/grüße & more.txt");
          if (result["copySource"] !== undefined)
            expect(result["copySource"]).to.match(/^https:\/\/mlstore1\.blob\.core\.windows\.net\/[^?]+$/);
        });
      }

      it("sign in by a certificate, as another service principal", async () => {
        const own = await makeCertificate();
        const file = join(azure.paths.folder, "certificate.pem");
        writeFileSync(file, `${own.certificate}\n${own.privateKey}\n`, { mode: 0o600 });
        const { clientId, objectId } = await orderApplication(azure.store, {
          ...{ name: `certified-${made++}`, certificate: own.certificate },
        });
        await assignRole(
          azure.store,
          objectId,
          ROLES["Storage Blob Data Contributor"],
          storageAccountId(account),
        );
        const result = await client(account, "default", {
          ...{
            AZURE_CLIENT_ID: clientId,
            AZURE_CLIENT_SECRET: undefined,
            AZURE_CLIENT_CERTIFICATE_PATH: file,
          },
        });
        expect(result, JSON.stringify(result)).to.include({ text: "hello" });
      });

      it("sign in by a federated token, as a user-assigned identity", async () => {
        const issuer = await openTokenIssuer(azure.paths);
        const id = `${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/trainer-${made++}`;
        const [clientId, principalId] = [randomUUID(), randomUUID()];
        const type = "Microsoft.ManagedIdentity/userAssignedIdentities";
        await azure.store.add(id, type, { clientId, principalId });
        await azure.store.add(
          `${id}/federatedIdentityCredentials/one`,
          `${type}/federatedIdentityCredentials`,
          {
            ...{
              issuer: issuer.issuer,
              subject: "system:serviceaccount:ml:trainer",
              audiences: [FEDERATED_AUDIENCE],
            },
          },
        );
        await assignRole(
          azure.store,
          principalId,
          ROLES["Storage Blob Data Contributor"],
          storageAccountId(account),
        );
        const file = join(azure.paths.folder, "federated-token");
        const settings = {
          ...{ AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: undefined, AZURE_FEDERATED_TOKEN_FILE: file },
        };
        try {
          writeFileSync(file, await issuer.sign("system:serviceaccount:ml:trainer"));
          const result = await client(account, "default", settings);
          expect(result, JSON.stringify(result)).to.include({ text: "hello" });
          writeFileSync(file, await issuer.sign("system:serviceaccount:ml:another"));
          expect(JSON.stringify(await client(account, "default", settings))).to.contain("AADSTS700213");
        } finally {
          await issuer.close();
        }
      });

      it("are told that a role is missing", async () => {
        await addStorageAccount(azure.store, "norole");
        expect(await client("norole", "secret")).to.include({ code: "AuthorizationPermissionMismatch" });
      });

      it("are told that an account allows no keys", async () => {
        await addStorageAccount(azure.store, "nokeys", { allowSharedKeyAccess: false });
        const result = await client("nokeys", "key", { ACCOUNT_KEY: azure.keys.accessKeys("nokeys")[0] });
        expect(result).to.include({ code: "KeyBasedAuthenticationNotPermitted" });
      });

      it("are told that a key is wrong", async () => {
        const result = await client(account, "key", { ACCOUNT_KEY: randomBytes(64).toString("base64") });
        expect(result).to.include({ code: "AuthenticationFailed" });
      });

      it("are told that the secret is wrong, and which application it is for", async () => {
        const result = await client(account, "secret", { AZURE_CLIENT_SECRET: "wrong" });
        expect(result["message"]).to.contain("AADSTS7000215").and.to.contain(DEPLOYER.clientId);
      });

      it("are told that there is no such account", async () => {
        const result = await client("nosuchaccount", "secret");
        expect(result).to.include({ code: "ResourceNotFound" });
        expect(result["message"]).to.contain("nosuchaccount");
      });
    });
  }

  describe("curl, with --proxy and --cacert", () => {
    const plain = { HTTPS_PROXY: "", https_proxy: "", CURL_CA_BUNDLE: "", SSL_CERT_FILE: "" };
    const curl = async (url: string, ...more: string[]): Promise<{ status: number; body: string }> => {
      const door = [
        "--proxy",
        String(azure.environment["HTTPS_PROXY"]),
        "--cacert",
        azure.paths.authorityCertificate,
      ];
      const { stdout } = await azure.run(
        "curl",
        ["-sS", "-w", "\n%{http_code}", ...door, ...more, url],
        plain,
      );
      const [, body = "", status = "0"] = /^(.*)\n(\d+)$/s.exec(stdout) ?? [];
      return { status: Number(status), body };
    };

    it("gets a token and lists with it, and no address of Azurite's shows", async () => {
      const form = {
        grant_type: "client_credentials",
        client_id: DEPLOYER.clientId,
        client_secret: azure.secrets.clientSecret,
        scope: `${STORAGE_AUDIENCE}/.default`,
      };
      const token = await curl(
        `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
        ...Object.entries(form).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`]),
      );
      expect(token.status, token.body).to.equal(200);
      const { access_token } = JSON.parse(token.body) as { access_token: string };
      const list = await curl(blobs("/?comp=list"), "-H", `authorization: Bearer ${access_token}`);
      expect(list.status, list.body).to.equal(200);
      expect(list.body)
        .to.contain(`ServiceEndpoint="${blobs("")}`)
        .and.not.to.contain("127.0.0.1");
    });

    it("is refused by the proxy for other names", async () => {
      const other = await azure.run("curl", ["-sS", "https://example.com/"]);
      expect(other.stderr).to.contain("403");
      expect(azure.log).to.include("refused a connection to example.com:443");
    });

    it("trusts nothing here without being told to", async () => {
      const proxy = ["--proxy", String(azure.environment["HTTPS_PROXY"])];
      const { exitCode } = await azure.run("curl", ["-sS", ...proxy, blobs("/")], plain);
      expect(exitCode).to.equal(60);
    });
  });

  it("refuse who isn't signed in, in Azure's shapes", async () => {
    expect(await ask("GET", blobs("/c/b"))).to.equal("409 PublicAccessNotPermitted");
    expect(await ask("GET", blobs("/c/b"), ...newVersion)).to.equal("401 NoAuthenticationInformation");
    expect(await ask("GET", blobs("/c/b"), "-H", "authorization: Basic eDp5")).to.equal(
      "401 InvalidAuthenticationInfo",
    );
  });

  it("refuse a token for another audience, and one that somebody else signed", async () => {
    const wrong = await bearer("https://management.azure.com");
    expect(await ask("GET", blobs("/c/b"), "-H", wrong)).to.equal("401 InvalidAuthenticationInfo");
    const others = await bearer(blobs("", "another1"));
    expect(await ask("GET", blobs("/c/b"), "-H", others)).to.equal("401 InvalidAuthenticationInfo");
    const forged = await new SignJWT({ oid: DEPLOYER.objectId, aud: STORAGE_AUDIENCE })
      .setProtectedHeader({ alg: "HS256" })
      .sign(randomBytes(32));
    expect(await ask("GET", blobs("/c/b"), "-H", `authorization: Bearer ${forged}`)).to.equal(
      "401 InvalidAuthenticationInfo",
    );
    expect(await ask("GET", blobs("/?comp=list"), "-H", await bearer(blobs("")))).to.equal("200");
  });

  it("hold a reader to reading, and to the container that the role is for", async () => {
    const id = await addStorageAccount(azure.store, "readeronly");
    const reader = { ...deployer, objectId: "aaaaaaaa-0000-4000-8000-00000000000a" };
    await assignRole(
      azure.store,
      reader.objectId,
      ROLES["Storage Blob Data Reader"],
      `${id}/blobServices/default/containers/seen`,
    );
    for (const name of ["seen", "unseen"]) {
      const container = azure.blobs.containerClient("readeronly", name);
      await container.create();
      await container.getBlockBlobClient("b").upload("x", 1);
    }
    const token = ["-H", await bearer(STORAGE_AUDIENCE, reader), ...newVersion];
    const at = (path: string): string => blobs(path, "readeronly");
    expect(await ask("GET", at("/seen/b"), ...token)).to.equal("200");
    expect(await ask("GET", at("/seen?restype=container&comp=list"), ...token)).to.equal("200");
    const mismatch = "403 AuthorizationPermissionMismatch";
    expect(await ask("PUT", at("/seen/c"), ...token, ...put)).to.equal(mismatch);
    expect(await ask("DELETE", at("/seen/b"), ...token)).to.equal(mismatch);
    expect(await ask("DELETE", at("/seen?restype=container"), ...token)).to.equal(mismatch);
    expect(await ask("GET", at("/unseen/b"), ...token)).to.equal(mismatch);
    expect(await ask("GET", at("/?comp=list"), ...token)).to.equal(mismatch);
    expect(await ask("GET", at("/seen/../unseen/b"), ...token)).to.equal("404 BlobNotFound");
    expect(await ask("GET", at("/seen%2F..%2Funseen%2Fb"), ...token)).to.equal("404 BlobNotFound");
  });

  it("refuse batches by name", async () => {
    expect(await ask("POST", blobs("/?comp=batch"), "-H", await bearer(), "-d", "x")).to.equal(
      "501 NotImplemented",
    );
  });
});
