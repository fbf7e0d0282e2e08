import {
  BlobSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { askAdmin } from "../../local/running";
import { ARM, refusalScene, SCORING, STORAGE, VAULT } from "../helpers/refusal-scene";
import type { Received, Service } from "../helpers/refused-requests";
import { refusedRoles } from "../helpers/refused-roles";
import { addServicePrincipal, certificateAssertion, makeCertificate } from "../helpers/service-principal";
import { FEDERATED_AUDIENCE, openTokenIssuer, type TokenIssuer } from "../helpers/token-issuer";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

describe("who may not", function () {
  this.timeout(180_000);
  const scene = refusalScene();
  const { settle, unchanged, refused, taken, send, token, as, give, person, people, run, targets } = scene;
  const { blob, mlflow, model, score, endpointId, identityId, azure, another, forger } = scene;
  let issuer: TokenIssuer;

  before(async () => {
    await scene.open();
    issuer = await openTokenIssuer(azure().paths);
  });
  after(async () => {
    await issuer?.close();
    await scene.close();
  });
  /** After the last of a group: nothing is other than the group's own doings, in any service. */
  const nothingElse = (): void => {
    it("and nothing else has changed, in any service", async () => await unchanged());
  };

  describe("a token that isn't right", () => {
    const otherAudience = { [ARM]: STORAGE, [STORAGE]: VAULT, [VAULT]: SCORING, [SCORING]: ARM };
    for (const service of ["arm", "mlflow", "blobs", "vault", "scoring"] as const) {
      it(`a token with nothing wrong is taken by ${service} (so that the others fail for their own reason)`, async () => {
        const { audience, sent } = targets[service];
        const good = await send(sent(), await forger().sign(audience));
        // No deployment stands behind the endpoint.
        if (service === "scoring") expect(good.status, good.text).to.equal(404);
        else expect(good.status, good.text).to.be.lessThan(300);
        await settle();
      });
    }
    const wrong = [
      ...["no token", "an empty token", "another scheme", "an expired token", "a token of later"],
      ...["a token without an end", "a token for another service", "another tenant's token"],
      ...["another issuer's token", "an altered payload", "an altered signature", "no signature (alg none)"],
      ...["HS256 under the public key", "an unknown key's name", "somebody else's key"],
    ];
    for (const what of wrong) {
      for (const service of ["arm", "mlflow", "blobs", "vault", "scoring"] as const)
        it(`${what} is refused by ${service}`, async () => {
          const { audience, sent } = targets[service];
          const forged = forger().wrong(audience, otherAudience[audience as typeof ARM]);
          const header = await forged[what]?.();
          const { status } = await refused(service, send(sent(), header));
          expect(status).to.equal(401);
        });
    }
    nothingElse();
  });

  describe("a principal whose roles don't reach", () => {
    it("those whose do reach are taken", async () => {
      await taken(as("scientist", { method: "PUT", url: model("scientists"), body: '{"properties":{}}' }));
      await taken(as("tracker", targets.mlflow.sent()));
      await taken(as("neighbour", { ...targets.mlflow.sent(), url: mlflow("runs/create", another()) }));
      expect((await as("reader", { method: "GET", url: model("planted") })).status).to.equal(200);
    });
    const audiences: Record<Service, string> = {
      arm: ARM,
      mlflow: ARM,
      blobs: STORAGE,
      vault: VAULT,
      scoring: SCORING,
      entra: ARM,
    };
    for (const [what, service, name, sent] of refusedRoles(scene))
      it(`${what}: refused by ${service}`, async () => {
        await refused(service, as(name, sent(), audiences[service]));
      });

    it("whose role was taken away, deleted as a service principal, or deleted as an identity, is refused while its token lives", async () => {
      const passing = await addServicePrincipal(azure().paths, "passing");
      people.set("passing", passing);
      const id = await give(passing.objectId, ROLES["AzureML Data Scientist"], azure().id);
      await settle();
      await taken(as("passing", targets.arm.sent()));
      await azure().arm("DELETE", id, "2022-04-01");
      await settle();
      for (const service of ["arm", "mlflow"] as const)
        expect((await refused(service, as("passing", targets[service].sent()))).status).to.equal(403);
      await give(passing.objectId, ROLES["AzureML Data Scientist"], azure().id);
      await settle();
      await taken(as("passing", targets.mlflow.sent()));
      await askAdmin(azure().paths, run(), "service-principals", { name: "passing", delete: true });
      for (const service of ["arm", "mlflow"] as const)
        expect((await refused(service, as("passing", targets[service].sent()))).status).to.equal(401);
    });
    nothingElse();
  });

  describe("an endpoint's keys and tokens", () => {
    const keysOf = async (name: string): Promise<{ primaryKey: string; secondaryKey: string }> =>
      (await azure().ml("POST", `${endpointId(name)}/listKeys`)) as never;
    const tokenOf = async (name: string): Promise<string> =>
      String((await azure().ml("POST", `${endpointId(name)}/token`))["accessToken"]);
    const scored = async (name: string, key: string): Promise<Received> =>
      await send({ method: "POST", url: score(name), body: "{}" }, `Bearer ${key}`);

    it("open their own endpoint (behind which nothing is deployed)", async () => {
      const { primaryKey, secondaryKey } = await keysOf("maynot-key");
      for (const key of [primaryKey, secondaryKey])
        expect((await scored("maynot-key", key)).status).to.equal(404);
      expect((await scored("maynot-aml", await tokenOf("maynot-aml"))).status).to.equal(404);
    });
    for (const [what, to, given] of [
      ["another endpoint's key", "maynot-key", async () => (await keysOf("maynot-key2")).primaryKey],
      ["a key cut short", "maynot-key", async () => (await keysOf("maynot-key")).primaryKey.slice(0, -1)],
      ["another endpoint's AMLToken", "maynot-aml", () => tokenOf("maynot-aml2")],
      ["a key where AMLTokens are wanted", "maynot-aml", async () => (await keysOf("maynot-key")).primaryKey],
      ["an AMLToken where keys are wanted", "maynot-key", () => tokenOf("maynot-aml")],
      [
        "a key where Entra's tokens are wanted",
        "maynot-aad",
        async () => (await keysOf("maynot-key")).primaryKey,
      ],
      [
        "Entra's token where keys are wanted",
        "maynot-key",
        async () => (await forger().sign(SCORING)).slice(7),
      ],
    ] as const)
      it(`${what} is refused`, async () => {
        expect((await refused("scoring", scored(to, await given()))).status).to.equal(401);
      });
    it("that were rotated are refused, and the other key goes on", async () => {
      const { primaryKey, secondaryKey } = await keysOf("maynot-key");
      await azure().ml("POST", `${endpointId("maynot-key")}/regenerateKeys`, { keyType: "Primary" });
      await settle();
      await refused("scoring", scored("maynot-key", primaryKey));
      expect((await scored("maynot-key", secondaryKey)).status).to.equal(404);
    });
    nothingElse();
  });

  describe("a shared access signature", () => {
    const minute = 60_000;
    const sas = async (
      permissions: string,
      containerName: string,
      blobName: string,
      minutes = 10,
      key = 0,
    ): Promise<string> => {
      const id = `${azure().group}/providers/Microsoft.Storage/storageAccounts/stmaynot`;
      const { keys } = (await azure().arm("POST", `${id}/listKeys`, "2024-01-01")) as {
        keys: { value: string }[];
      };
      return generateBlobSASQueryParameters(
        {
          ...{ containerName, blobName, permissions: BlobSASPermissions.parse(permissions) },
          startsOn: new Date(Date.now() - 60 * minute),
          expiresOn: new Date(Date.now() + minutes * minute),
        },
        new StorageSharedKeyCredential("stmaynot", keys[key]?.value ?? ""),
      ).toString();
    };
    const rotate = async (keyName: string): Promise<void> => {
      const id = `${azure().group}/providers/Microsoft.Storage/storageAccounts/stmaynot`;
      await azure().arm("POST", `${id}/regenerateKey`, "2024-01-01", { keyName });
    };
    const get = (path: string, query: string): Promise<Received> =>
      send({ method: "GET", url: blob(`${path}?${query}`), headers: { "x-ms-version": "2024-11-04" } });
    const put = (path: string, query: string): Promise<Received> =>
      send({ ...targets.blobs.sent(), url: blob(`${path}?${query}`) });

    it("is taken for what it was signed for", async () => {
      expect((await get("one/there", await sas("r", "one", "there"))).text).to.equal("there");
      await taken(put("one/signed", await sas("w", "one", "signed")));
    });
    for (const [what, request] of [
      ["that has run out", async () => await get("one/there", await sas("r", "one", "there", -5))],
      ["of another container", async () => await get("one/there", await sas("r", "two", "there"))],
      ["of another blob", async () => await get("one/there", await sas("r", "one", "signed"))],
      ["to read, for a write", async () => await put("one/there", await sas("r", "one", "there"))],
      [
        "made wider afterwards",
        async () => await put("one/there", (await sas("r", "one", "there")).replace("sp=r", "sp=rw")),
      ],
      [
        "made longer afterwards",
        async () =>
          await get(
            "one/there",
            (await sas("r", "one", "there", -5)).replace(/se=[^&]+/, "se=2099-01-01T00%3A00%3A00Z"),
          ),
      ],
      [
        "without its signature",
        async () => await get("one/there", (await sas("r", "one", "there")).replace(/sig=[^&]+/, "sig=")),
      ],
    ] as const)
      it(`${what} is refused`, async () => {
        await refused("blobs", request());
      });
    it("of a key that was rotated is refused, and the other key's goes on", async () => {
      const [first, second] = [await sas("r", "one", "there"), await sas("r", "one", "there", 10, 1)];
      for (const query of [first, second]) expect((await get("one/there", query)).text).to.equal("there");
      await rotate("key1");
      await settle();
      await refused("blobs", get("one/there", first));
      expect((await get("one/there", second)).text).to.equal("there");
      expect((await get("one/there", await sas("r", "one", "there"))).text).to.equal("there");
    });
    nothingElse();
  });

  describe("the token endpoint", () => {
    let trainer = "";
    const assertion = (value: string, by = trainer): Promise<Received> =>
      token({ client_id: by, client_assertion: value, client_assertion_type: JWT_BEARER });
    const credential = (name: string): string => `${identityId()}/federatedIdentityCredentials/${name}`;
    const federate = async (name: string, subject: string): Promise<void> => {
      const properties = { issuer: issuer.issuer, subject, audiences: [FEDERATED_AUDIENCE] };
      await azure().arm("PUT", credential(name), "2023-01-31", { properties });
    };

    before(async () => {
      const { properties } = await azure().arm("PUT", identityId(), "2023-01-31", { location: "westeurope" });
      trainer = String((properties as JsonObject)["clientId"]);
      await federate("cluster", "system:serviceaccount:ml:trainer");
      const made = await makeCertificate();
      people.set("certified", await addServicePrincipal(azure().paths, "certified", made.certificate));
      await settle();
    });

    it("takes a right secret and a right federated token", async () => {
      const { clientId, secret: password = "" } = person("nobody");
      await taken(token({ client_id: clientId, client_secret: password }));
      await taken(assertion(await issuer.sign("system:serviceaccount:ml:trainer")));
    });
    const password = (name: string): string => person(name).secret ?? "";
    for (const [what, request] of [
      ["a wrong secret", () => token({ client_id: person("nobody").clientId, client_secret: "wrong" })],
      [
        "somebody else's secret",
        () => token({ client_id: person("nobody").clientId, client_secret: password("reader") }),
      ],
      [
        "the secret's hash",
        () =>
          token({
            client_id: person("nobody").clientId,
            client_secret: createHash("sha256").update(password("nobody")).digest("hex"),
          }),
      ],
      ["no secret", () => token({ client_id: person("nobody").clientId })],
      [
        "an unknown application",
        () => token({ client_id: "00000000-0000-0000-0000-000000000001", client_secret: "x" }),
      ],
      [
        "a deleted service principal",
        () => token({ client_id: person("passing").clientId, client_secret: password("passing") }),
      ],
      [
        "another tenant",
        () =>
          token(
            { client_id: person("nobody").clientId, client_secret: password("nobody") },
            "00000000-0000-0000-0000-000000000001",
          ),
      ],
      [
        "a secret for a managed identity",
        () => token({ client_id: trainer, client_secret: "" + password("nobody") }),
      ],
      [
        "another certificate",
        async () =>
          assertion(
            await certificateAssertion(await makeCertificate(), person("certified").clientId),
            person("certified").clientId,
          ),
      ],
      [
        "a federated token of another subject",
        async () => assertion(await issuer.sign("system:serviceaccount:ml:another")),
      ],
      [
        "a federated token of another issuer",
        async () =>
          assertion(await issuer.sign("system:serviceaccount:ml:trainer", { iss: "https://localhost:1" })),
      ],
      [
        "a federated token for another audience",
        async () =>
          assertion(
            await issuer.sign("system:serviceaccount:ml:trainer", { aud: "https://management.azure().com" }),
          ),
      ],
      [
        "an expired federated token",
        async () => assertion(await issuer.sign("system:serviceaccount:ml:trainer", { exp: 1 })),
      ],
      [
        "an unsigned federated token",
        async () =>
          assertion(
            `${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await issuer.sign("system:serviceaccount:ml:trainer")).split(".")[1]}.`,
          ),
      ],
      [
        "Entra's own token as a federated one",
        async () => assertion((await forger().sign(FEDERATED_AUDIENCE)).slice(7)),
      ],
      [
        "a federated token for a service principal",
        async () =>
          assertion(await issuer.sign("system:serviceaccount:ml:trainer"), person("nobody").clientId),
      ],
    ] as const)
      it(`refuses ${what}`, async () => {
        await refused("entra", request());
      });
    it("refuses a rotated secret", async () => {
      await askAdmin(azure().paths, run(), "service-principals", { name: "nobody", rotate: true });
      await refused(
        "entra",
        token({ client_id: person("nobody").clientId, client_secret: password("nobody") }),
      );
    });
    it("refuses a token whose federated credential is gone; and the deleted identity's own token ends", async () => {
      await federate("other", "system:serviceaccount:ml:other");
      const foreign = await issuer.sign("system:serviceaccount:ml:other");
      const { text } = await taken(assertion(foreign));
      const own = `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}`;
      expect((await refused("arm", send(targets.arm.sent(), own))).status).to.equal(403);
      await azure().arm("DELETE", credential("other"), "2023-01-31");
      await settle();
      await refused("entra", assertion(foreign));
      await azure().arm("DELETE", identityId(), "2023-01-31");
      await settle();
      expect((await refused("arm", send(targets.arm.sent(), own))).status).to.equal(401);
    });
    nothingElse();
  });
});
