import { expect } from "chai";
import type { StoredResource } from "../../local/arm/store";
import { TokenRefused, type TokenVerifier } from "../../local/identity/principal";
import { bearer, isKey, refusal } from "../../local/scoring/authorize";
import { issueEndpointToken } from "../../local/scoring/endpoint-token";

const endpoint = (authMode: string, primaryKey = "first"): StoredResource => ({
  id: "/subscriptions/S/onlineEndpoints/churn",
  body: { properties: { authMode } },
  internal: { keys: { primaryKey, secondaryKey: "second" } },
});

const principal = { objectId: "o", clientId: "c", tenantId: "t" };
const verifier: TokenVerifier = {
  verify: async (authorization, audiences) => {
    if (authorization === "Bearer entra" && audiences.includes("https://ml.azure.com")) return principal;
    throw new TokenRefused("InvalidAuthenticationToken", "The token is not one of ours.");
  },
};

describe("who may score", () => {
  it("either key opens an endpoint with keys, nothing else does", async () => {
    const ask = (header: string | undefined): Promise<string | undefined> =>
      refusal(endpoint("Key"), header, verifier, () => false);
    expect(await ask("Bearer first")).to.equal(undefined);
    expect(await ask("bearer second")).to.equal(undefined);
    expect(await ask("Bearer entra")).to.equal("key_auth_access_denied");
    expect(await ask("first")).to.equal("key_auth_bad_header_forbidden");
    expect(await ask(undefined)).to.equal("key_auth_bad_header_forbidden");
  });

  it("an endpoint without keys stored takes none", () => {
    expect(isKey("", [undefined, undefined])).to.equal(false);
    expect(isKey("undefined", [undefined])).to.equal(false);
  });

  it("keys of any length are compared whole", () => {
    expect(isKey("firs", ["first", "second"])).to.equal(false);
    expect(isKey("first ", ["first"])).to.equal(false);
    expect(isKey("second", ["first", "second"])).to.equal(true);
  });

  it("an endpoint for Entra takes a token whose principal may score, and no key", async () => {
    const ask = (header: string, allowed: boolean): Promise<string | undefined> =>
      refusal(endpoint("AADToken"), header, verifier, () => allowed);
    expect(await ask("Bearer entra", true)).to.equal(undefined);
    expect(await ask("Bearer entra", false)).to.contain("onlineEndpoints/score/action");
    expect(await ask("Bearer first", true)).to.equal("The token is not one of ours.");
  });

  it("an endpoint with its own tokens takes those it gave out, until its key changes or they expire", async () => {
    const token = await issueEndpointToken(endpoint("AMLToken").id, "first");
    const old = await issueEndpointToken(endpoint("AMLToken").id, "first", new Date(Date.now() - 7_200_000));
    const ask = (given: string, key?: string): Promise<string | undefined> =>
      refusal(endpoint("AMLToken", key), `Bearer ${given}`, verifier, () => false);
    expect(await ask(token)).to.equal(undefined);
    expect(await ask(token, "changed")).to.equal("token_auth_access_denied");
    expect(await ask(old)).to.equal("token_auth_access_denied");
    expect(await ask("first")).to.equal("token_auth_access_denied");
  });

  it("a header with more than a token is none", () => {
    expect(bearer("Bearer a b")).to.equal(undefined);
    expect(bearer("Basic a")).to.equal(undefined);
    expect(bearer("Bearer a")).to.equal("a");
  });
});
