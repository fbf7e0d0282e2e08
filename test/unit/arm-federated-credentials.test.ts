import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { codeOf, GROUP, Harness, IDENTITY, propertiesOf } from "./arm-harness";

const AUDIENCE = "api://AzureADTokenExchange";
const GITHUB = "https://token.actions.githubusercontent.com";
const at = (name: string): string => `${IDENTITY}/federatedIdentityCredentials/${name}`;
const body = (subject: string, more: JsonObject = {}): JsonObject => ({
  properties: { issuer: GITHUB, subject, audiences: [AUDIENCE], ...more },
});

describe("a user-assigned identity's federated credentials", () => {
  let azure: Harness;
  before(async () => {
    azure = new Harness();
    await azure.make(GROUP, { location: "westeurope" });
    await azure.make(IDENTITY, { location: "westeurope" });
  });
  after(async () => await azure.close());

  const refused = async (name: string, wanted: JsonObject): Promise<string> => {
    const response = await azure.ask("PUT", at(name), wanted);
    return `${response.status} ${String(codeOf(response))}`;
  };

  it("are made, changed, listed and deleted", async () => {
    expect(propertiesOf(await azure.make(at("main"), body("repo:o/r:ref:refs/heads/main")))).to.deep.equal({
      issuer: GITHUB,
      subject: "repo:o/r:ref:refs/heads/main",
      audiences: [AUDIENCE],
    });
    const changed = await azure.ask("PUT", at("main"), body("repo:o/r:environment:prod"));
    expect(changed.status).to.equal(200);
    expect(propertiesOf(changed.body)["subject"]).to.equal("repo:o/r:environment:prod");
    expect((await azure.ask("GET", IDENTITY + "/federatedIdentityCredentials")).body["value"]).to.have.length(
      1,
    );
    expect((await azure.ask("DELETE", at("main"))).status).to.equal(200);
  });

  it("have names of 3 to 120, one audience, an https issuer, nothing longer than 600", async () => {
    for (const name of ["ab", "-abc", "a b", "a.bc", "a".repeat(121)])
      expect(await refused(encodeURIComponent(name), body("s")), name).to.equal("400 BadRequest");
    for (const more of [
      { audiences: [] },
      { audiences: [AUDIENCE, "another"] },
      { issuer: "http://issuer.example.com" },
      { issuer: "https://*.example.com" },
      { issuer: " https://issuer.example.com" },
      { subject: "" },
      { subject: "s".repeat(601) },
    ])
      expect(await refused("abc", body("s", more)), JSON.stringify(more)).to.equal("400 BadRequest");
  });

  it("are unique by issuer and subject, and at most twenty", async () => {
    for (let count = 0; count < 20; count++) await azure.make(at(`c-${count}`), body(`s${count}`));
    expect(await refused("again", body("s3"))).to.equal("409 Conflict");
    expect(await refused("too-many", body("s20"))).to.equal("400 BadRequest");
    expect((await azure.ask("PUT", at("c-3"), body("S3"))).status).to.equal(200);
    await azure.ask("DELETE", at("c-0"));
    expect((await azure.ask("PUT", at("fits-again"), body("s20"))).status).to.equal(201);
  });
});
