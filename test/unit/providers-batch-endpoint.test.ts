import { expect } from "chai";
import fc from "fast-check";
import { merge, observed, withDefault, writable } from "../../providers/batch-endpoint/merge";
import { check, diff } from "../../providers/batch-endpoint/provider";
import type { BatchSettings, LiveBatchEndpoint } from "../../providers/batch-endpoint/types";
import { UNKNOWN } from "../../providers/rules";
import { BATCH_ENDPOINT_ID, IDENTITY_ID } from "../helpers/pulumi-mocks";

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const tags = fc.dictionary(word, word, { maxKeys: 4 });
const live: fc.Arbitrary<LiveBatchEndpoint> = fc.record({
  location: fc.constant("westeurope"),
  tags,
  identity: fc.constant({ type: "SystemAssigned", principalId: "somebody" }),
  properties: fc.record(
    {
      authMode: fc.constant("AADToken"),
      description: word,
      defaults: fc.record({ deploymentName: word }, { requiredKeys: [] }),
      properties: tags,
      scoringUri: word,
      provisioningState: fc.constant("Succeeded"),
    },
    { requiredKeys: ["authMode", "scoringUri", "provisioningState"] },
  ),
});
const settings: fc.Arbitrary<BatchSettings> = fc.record(
  {
    description: word,
    tags,
    identity: fc.constant({ type: "UserAssigned" as const, userAssignedIdentities: [IDENTITY_ID] }),
  },
  { requiredKeys: [] },
);

describe("writing a batch endpoint's settings", () => {
  it("keeps the default deployment that is live, whoever made it the default", () => {
    fc.assert(
      fc.property(live, settings, settings, (endpoint, was, wish) => {
        expect(merge(endpoint, was, wish).properties.defaults).to.deep.equal(endpoint.properties.defaults);
      }),
    );
  });

  it("makes a declared deployment the default, and changes nothing else", () => {
    fc.assert(
      fc.property(live, word, (endpoint, deployment) => {
        const written = merge(endpoint, {}, { defaultDeployment: deployment });
        expect(written.properties.defaults).to.deep.equal({ deploymentName: deployment });
        expect(withDefault(written, undefined)).to.deep.equal(withDefault(writable(endpoint), undefined));
      }),
    );
  });

  it("has nothing to write where all is as declared", () => {
    fc.assert(
      fc.property(live, settings, word, (endpoint, wish, defaultDeployment) => {
        const declared = { ...wish, defaultDeployment };
        const once = merge(endpoint, {}, declared);
        expect(merge(once, declared, declared)).to.deep.equal(once);
        expect(writable(once)).to.deep.equal(once);
      }),
    );
  });

  it("carries nothing that Azure alone writes", () => {
    fc.assert(
      fc.property(live, settings, (endpoint, wish) => {
        const { properties, identity } = merge(endpoint, {}, wish);
        expect(properties).to.not.have.any.keys("scoringUri", "swaggerUri", "provisioningState");
        expect(identity).to.not.have.property("principalId");
      }),
    );
  });

  it("is seen by a refresh where somebody else changed what is declared, and only there", () => {
    fc.assert(
      fc.property(live, settings, word, (endpoint, wish, defaultDeployment) => {
        const declared = { ...wish, defaultDeployment };
        const written = merge(endpoint, {}, declared);
        expect(observed(written, declared)).to.deep.equal(declared);
        const moved = withDefault(written, `${defaultDeployment}2`);
        expect(observed(moved, declared).defaultDeployment).to.equal(`${defaultDeployment}2`);
        expect(observed(withDefault(written, undefined), declared).defaultDeployment).to.equal("");
        expect(observed(moved, wish)).to.deep.equal(wish);
      }),
    );
  });
});

describe("a batch endpoint's settings before they are written", () => {
  const inputs = { endpointId: BATCH_ENDPOINT_ID, defaultDeployment: "churn-1a2b" };

  it("pass while a preview does not know them", async () => {
    const unknown = { ...inputs, endpointId: UNKNOWN, defaultDeployment: UNKNOWN, tags: UNKNOWN };
    expect((await check(inputs, unknown as unknown as typeof inputs)).failures).to.deep.equal([]);
  });

  it("are refused with property and reason, an online endpoint's id among them", async () => {
    const wrong = { endpointId: BATCH_ENDPOINT_ID.replace("batch", "online"), traffic: { churn: 100 } };
    const { failures } = await check(inputs, wrong);
    expect(failures?.map(({ property }) => property)).to.deep.equal(["endpointId", "traffic"]);
  });

  it("change in place, except for which endpoint it is", async () => {
    expect(await diff("", inputs, { ...inputs })).to.deep.include({ changes: false, replaces: [] });
    expect(await diff("", inputs, { ...inputs, defaultDeployment: "churn-2" })).to.deep.include({
      changes: true,
      replaces: [],
    });
    expect(await diff("", inputs, { ...inputs, endpointId: `${BATCH_ENDPOINT_ID}2` })).to.deep.include({
      changes: true,
      replaces: ["endpointId"],
    });
  });
});
