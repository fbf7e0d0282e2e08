import { expect } from "chai";
import fc from "fast-check";
import { removedRules, ruleChanges } from "../../providers/managed-network/rules";
import type { RuleProperties } from "../../providers/managed-network/types";

const fqdn = (destination: string): RuleProperties => ({
  type: "FQDN",
  category: "UserDefined",
  destination,
});
const toVault: RuleProperties = {
  type: "PrivateEndpoint",
  category: "UserDefined",
  destination: { serviceResourceId: "/vaults/kv", subresourceTarget: "vault", sparkEnabled: false },
};
const live = (rules: Readonly<Record<string, RuleProperties>>) =>
  Object.entries(rules).map(([name, properties]) => ({ name, properties }));

const names = fc.constantFrom("pypi", "conda", "factory", "vault", "theirs");
const rules = fc.dictionary(names, fc.constantFrom(fqdn("pypi.org"), fqdn("*.anaconda.org"), toVault));

describe("the outbound rules of a managed network", () => {
  it("are let be where Azure has only added keys of its own", () => {
    const actual = {
      vault: {
        ...toVault,
        status: "Active",
        destination: { ...(toVault["destination"] as object), sparkStatus: "Inactive" },
      },
    };
    expect(ruleChanges(live(actual), { vault: toVault }, [])).to.deep.equal({ remove: [], write: [] });
  });

  it("are put back where they are lost or differ, and taken away where they came back", () => {
    const actual = {
      pypi: fqdn("evil.example.org"),
      factory: fqdn("b.example.org"),
      theirs: fqdn("c.example.org"),
    };
    const declared = { pypi: fqdn("pypi.org"), conda: fqdn("*.anaconda.org") };
    expect(ruleChanges(live(actual), declared, ["factory", "gone"])).to.deep.equal({
      remove: ["factory"],
      write: ["pypi", "conda"],
    });
  });

  it("remember what was removed until it is declared again", () => {
    const first = removedRules({ rules: { a: fqdn("a"), b: fqdn("b") } }, { rules: { a: fqdn("a") } });
    expect(first).to.deep.equal(["b"]);
    const second = removedRules({ rules: { a: fqdn("a") }, removed: first }, { rules: {} });
    expect(second).to.deep.equal(["a", "b"]);
    expect(removedRules({ rules: {}, removed: second }, { rules: { b: fqdn("b") } })).to.deep.equal(["a"]);
  });

  it("end as declared, whatever a stale write left, and somebody else's stay as they are", () => {
    fc.assert(
      fc.property(rules, rules, rules, (actual, olds, declared) => {
        const removed = removedRules({ rules: olds }, { rules: declared });
        const { remove, write } = ruleChanges(live(actual), declared, removed);
        const after = Object.fromEntries([
          ...Object.entries(actual).filter(([name]) => !remove.includes(name)),
          ...write.map((name) => [name, declared[name] ?? {}] as const),
        ]);
        for (const [name, properties] of Object.entries(after))
          expect(properties).to.deep.equal(declared[name] ?? actual[name]);
        expect(Object.keys(after)).to.include.members(Object.keys(declared));
        for (const name of Object.keys(olds))
          if (!(name in declared)) expect(after).to.not.have.property(name);
        for (const name of Object.keys(actual))
          if (!(name in olds) && !(name in declared)) expect(after).to.have.property(name);
      }),
    );
  });
});
