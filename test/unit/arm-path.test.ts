import { expect } from "chai";
import * as fc from "fast-check";
import {
  type ArmPath,
  formatArmPath,
  isResource,
  parentOf,
  parseArmPath,
  typeOf,
} from "../../local/arm/path";

const name = fc
  .stringMatching(/^[A-Za-z0-9._-]{1,12}$/)
  .filter((text) => !/^(providers|subscriptions|resourcegroups|\.+)$/i.test(text));
const provider = fc
  .tuple(name, fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 4 }))
  .map(([namespace, pairs]) => ({
    namespace,
    types: pairs.map(([type]) => type),
    names: pairs.map(([, each]) => each),
  }));
const path: fc.Arbitrary<ArmPath> = fc
  .record({
    subscription: fc.option(name, { nil: undefined }),
    resourceGroup: fc.option(name, { nil: undefined }),
    providers: fc.array(provider, { maxLength: 3 }),
  })
  .map((found) => (found.subscription === undefined ? { ...found, resourceGroup: undefined } : found))
  .filter(({ subscription, providers }) => subscription !== undefined || providers.length > 0);

describe("ARM paths", () => {
  it("come out of their parts as they went in", () => {
    fc.assert(
      fc.property(path, (parts) => {
        expect(parseArmPath(formatArmPath(parts))).to.deep.equal(parts);
      }),
    );
  });

  it("name a resource that ends in a name, and a collection or action that ends in a type", () => {
    fc.assert(
      fc.property(path, name, (parts, action) => {
        fc.pre(parts.providers.length > 0);
        const asked = parseArmPath(`${formatArmPath(parts)}/${action}`);
        expect(isResource(parts)).to.equal(true);
        expect(asked && isResource(asked)).to.equal(false);
        expect(asked && typeOf(asked)).to.equal(`${typeOf(parts)}/${action}`);
        expect(asked && parentOf(asked)).to.deep.equal(parts);
      }),
    );
  });

  it("have parents up to the scope, each shorter by a type and a name", () => {
    fc.assert(
      fc.property(path, (parts) => {
        fc.pre(parts.providers.length > 0);
        const parent = parentOf(parts);
        expect(formatArmPath(parts)).to.satisfy((text: string) => text.startsWith(formatArmPath(parent)));
        expect(formatArmPath(parent).length).to.be.lessThan(formatArmPath(parts).length);
      }),
    );
  });

  it("keep the scope of an extension resource", () => {
    const parsed = parseArmPath(
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Authorization/roleAssignments/r",
    );
    expect(parsed?.providers.map(({ namespace }) => namespace)).to.deep.equal([
      "Microsoft.KeyVault",
      "Microsoft.Authorization",
    ]);
    expect(parsed && typeOf(parsed)).to.equal("Microsoft.Authorization/roleAssignments");
    expect(parsed && formatArmPath(parentOf(parsed))).to.match(/vaults\/v$/);
  });

  it("are refused when they are none", () => {
    for (const text of [
      "",
      "/",
      "/subscriptions",
      "/subscriptions/s/nothing",
      "/a//b",
      "/subscriptions/s/providers/N/t/%zz",
      "/subscriptions/s/providers/N/t/a%2fb",
    ]) {
      expect(parseArmPath(text), text).to.equal(undefined);
    }
  });

  it("read keywords in any case", () => {
    const parsed = parseArmPath("/SUBSCRIPTIONS/s/resourcegroups/G/Providers/N/t/a");
    expect(parsed).to.deep.equal({
      subscription: "s",
      resourceGroup: "G",
      providers: [{ namespace: "N", types: ["t"], names: ["a"] }],
    });
  });
});
