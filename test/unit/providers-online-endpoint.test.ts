import { expect } from "chai";
import fc from "fast-check";
import { merge, observed, withdraw, writable } from "../../providers/online-endpoint/merge";
import { check, diff } from "../../providers/online-endpoint/provider";
import type {
  EndpointSettings,
  LiveEndpoint,
  OnlineEndpointInputs,
} from "../../providers/online-endpoint/types";
import { UNKNOWN } from "../../providers/rules";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const tags = fc.dictionary(word, word, { maxKeys: 4 });
/** A traffic map as Azure takes it: 0 or 100 in total. */
const traffic = fc.uniqueArray(word, { maxLength: 4 }).chain((names) =>
  names.length === 0
    ? fc.constant<Record<string, number>>({})
    : fc
        .array(fc.integer({ min: 1, max: 100 }), { minLength: names.length, maxLength: names.length })
        .map((weights) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          const shares = weights.map((weight) => Math.floor((weight * 100) / sum));
          const rest = 100 - shares.reduce((total, share) => total + share, 0);
          return Object.fromEntries(
            names.map((name, index) => [name, (shares[index] ?? 0) + (index === 0 ? rest : 0)]),
          );
        }),
);
const live: fc.Arbitrary<LiveEndpoint> = fc.record({
  location: fc.constant("westeurope"),
  tags,
  identity: fc.constant({ type: "SystemAssigned", principalId: "somebody" }),
  properties: fc.record({
    authMode: fc.constantFrom("Key", "AADToken"),
    publicNetworkAccess: fc.constant("Enabled"),
    traffic,
    mirrorTraffic: fc.constant({}),
    properties: tags,
    scoringUri: word,
    provisioningState: fc.constant("Succeeded"),
  }),
});
const settings: fc.Arbitrary<EndpointSettings> = fc.record(
  {
    authMode: fc.constantFrom("Key", "AADToken"),
    publicNetworkAccess: fc.constant("Disabled"),
    description: word,
    tags,
  },
  { requiredKeys: [] },
);
const nonZero = (map: Readonly<Record<string, number>> = {}): object =>
  Object.fromEntries(Object.entries(map).filter(([, percent]) => percent > 0));
const sum = (map: Readonly<Record<string, number>> = {}): number =>
  Object.values(map).reduce((total, percent) => total + percent, 0);

describe("writing an endpoint's settings", () => {
  it("keeps the traffic that is live, whoever moved it", () => {
    fc.assert(
      fc.property(live, settings, settings, (endpoint, was, wish) => {
        expect(merge(endpoint, was, wish).properties.traffic).to.deep.equal(
          nonZero(endpoint.properties.traffic),
        );
      }),
    );
  });

  it("sets a declared traffic map, and that alone", () => {
    fc.assert(
      fc.property(live, traffic, (endpoint, wish) => {
        const written = merge(endpoint, {}, { traffic: wish });
        expect(written.properties.traffic).to.deep.equal(nonZero(wish));
        expect({ ...written, properties: { ...written.properties, traffic: undefined } }).to.deep.equal({
          ...writable(endpoint),
          properties: { ...writable(endpoint).properties, traffic: undefined },
        });
      }),
    );
  });

  it("keeps tags of others, sets its own, and takes away those it no longer declares", () => {
    const endpoint: LiveEndpoint = {
      location: "westeurope",
      tags: { theirs: "1", mine: "old", gone: "x" },
      properties: { authMode: "Key" },
    };
    expect(
      merge(endpoint, { tags: { mine: "old", gone: "x" } }, { tags: { mine: "new" } }).tags,
    ).to.deep.equal({
      theirs: "1",
      mine: "new",
    });
  });

  it("has nothing to write where all is as declared", () => {
    fc.assert(
      fc.property(live, settings, (endpoint, wish) => {
        const once = merge(endpoint, {}, wish);
        expect(merge(once, wish, wish)).to.deep.equal(once);
        expect(writable(once)).to.deep.equal(once);
      }),
    );
  });

  it("carries nothing that Azure alone writes", () => {
    fc.assert(
      fc.property(live, settings, (endpoint, wish) => {
        const { properties, identity } = merge(endpoint, {}, wish);
        expect(properties).to.not.have.any.keys("scoringUri", "swaggerUri", "provisioningState");
        expect(identity).to.deep.equal({ type: "SystemAssigned" });
      }),
    );
  });

  it("is seen by a refresh where somebody else changed what is declared, and only there", () => {
    fc.assert(
      fc.property(live, settings, traffic, (endpoint, wish, shares) => {
        const declared = { ...wish, traffic: shares };
        const written = merge(endpoint, {}, declared);
        expect(observed(written, declared)).to.deep.equal(declared);
      }),
    );
  });
});

describe("taking traffic away from deployments", () => {
  it("leaves 0 or 100 in total, none on them, and others only where they had some", () => {
    fc.assert(
      fc.property(traffic, fc.array(word, { maxLength: 4 }), (before, gone) => {
        const after = withdraw(before, gone);
        expect([0, 100]).to.include(sum(after));
        for (const name of gone) expect(after).to.not.have.property(name);
        for (const name of Object.keys(after)) expect(before).to.have.property(name);
      }),
    );
  });

  it("keeps the proportion of those that stay", () => {
    expect(withdraw({ old: 60, other: 20, third: 20 }, ["old"])).to.deep.equal({ other: 50, third: 50 });
    expect(withdraw({ old: 100 }, ["old"])).to.deep.equal({});
  });
});

describe("an endpoint's settings before they are written", () => {
  const inputs: OnlineEndpointInputs = { endpointId: ENDPOINT_ID, traffic: { blue: 100 } };

  it("pass while a preview does not know them", async () => {
    const unknown = {
      endpointId: UNKNOWN,
      traffic: UNKNOWN,
      tags: UNKNOWN,
    } as unknown as OnlineEndpointInputs;
    expect((await check(unknown, unknown)).failures).to.deep.equal([]);
    const nested = { endpointId: ENDPOINT_ID, traffic: { blue: UNKNOWN } } as unknown as OnlineEndpointInputs;
    expect((await check(nested, nested)).failures).to.deep.equal([]);
  });

  it("are refused with property and reason, percentages that don't add up among them", async () => {
    const wrong = { endpointId: "here", traffic: { blue: 90 }, authMode: "Password" };
    const { failures } = await check(inputs, wrong);
    expect(failures?.map(({ property }) => property)).to.deep.equal(["endpointId", "authMode", "traffic"]);
    expect(failures?.[2]?.reason).to.equal("its percentages are 90 in total; they must be 0 or 100");
  });

  it("change in place, except for which endpoint it is", async () => {
    expect(await diff("", inputs, { ...inputs })).to.deep.include({ changes: false, replaces: [] });
    expect(await diff("", inputs, { ...inputs, traffic: { green: 100 } })).to.deep.include({
      changes: true,
      replaces: [],
    });
    expect(await diff("", inputs, { ...inputs, endpointId: `${ENDPOINT_ID}2` })).to.deep.include({
      changes: true,
      replaces: ["endpointId"],
    });
    const passed = { ...inputs, __provider: "another text" };
    expect((await diff("", inputs, passed)).changes).to.equal(false);
  });
});
