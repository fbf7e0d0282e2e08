import { expect } from "chai";
import fc from "fast-check";
import { azureName, computeName, deploymentName, type AzureNameKind } from "../../components/naming";

/** What Azure takes: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules. */
const legal: Record<AzureNameKind, RegExp> = {
  resourceGroup: /^[\w.()-]{1,89}[\w()-]$/,
  storageAccount: /^[a-z0-9]{3,24}$/,
  keyVault: /^(?=.{3,24}$)[a-zA-Z]([a-zA-Z0-9]|-(?!-))*[a-zA-Z0-9]$/,
  logAnalytics: /^(?=.{4,63}$)[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/,
  applicationInsights: /^[^%&\\?/]{0,254}[^%&\\?/. ]$/,
  containerRegistry: /^[a-zA-Z0-9]{5,50}$/,
  userAssignedIdentity: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
  workspace: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
  actionGroup: /^[^:<>+/&%\\?]{0,259}[^:<>+/&%\\?. ]$/,
  metricAlert: /^[^*#&+:<>?@%{}\\/|]{0,259}[^*#&+:<>?@%{}\\/|. ]$/,
  budget: /^[A-Za-z0-9_-]{1,63}$/,
  onlineEndpoint: /^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
};
const kind = fc.constantFrom(...(Object.keys(legal) as AzureNameKind[]));
const suffix = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const plain = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}$/);

describe("names of Azure resources", () => {
  it("read as Azure's abbreviation, what they are for, and the stack's suffix", () => {
    expect(azureName("workspace", "churn-dev", "x7k2p")).to.equal("mlw-churn-dev-x7k2p");
    expect(azureName("storageAccount", "churn-dev", "x7k2p")).to.equal("stchurndevx7k2p");
  });

  it("are legal whatever they are made of", () => {
    fc.assert(
      fc.property(
        kind,
        fc.string({ maxLength: 200 }),
        fc.option(suffix, { nil: undefined }),
        (type, purpose, end) => {
          expect(azureName(type, purpose, end)).to.match(legal[type]);
        },
      ),
    );
  });

  it("end in the suffix", () => {
    fc.assert(
      fc.property(kind, fc.string(), suffix, (type, purpose, end) => {
        expect(azureName(type, purpose, end).endsWith(end)).to.equal(true);
      }),
    );
  });

  it("of two purposes differ, unless a type without dashes leaves no difference", () => {
    fc.assert(
      fc.property(kind, plain, plain, suffix, (type, one, other, end) => {
        fc.pre(one.replace(/-/g, "") !== other.replace(/-/g, ""));
        expect(azureName(type, one, end)).to.not.equal(azureName(type, other, end));
      }),
    );
  });

  it("of computes are legal, and what is fixed in another way has another", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), fc.constantFrom(16, 24), (purpose, most) => {
        const name = (vmSize: string): string => computeName(purpose, vmSize, most);
        expect(name("Standard_DS3_v2")).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*-[a-p]{6}$/);
        expect(name("Standard_DS3_v2").length).to.be.at.most(most);
        expect(name("Standard_DS3_v2")).to.not.equal(name("Standard_F4s_v2"));
      }),
    );
  });

  it("of deployments are legal, and another machine type has another", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (purpose) => {
        expect(deploymentName(purpose, "Standard_DS3_v2")).to.match(legal.onlineEndpoint);
        expect(deploymentName(purpose, "Standard_DS3_v2")).to.not.equal(
          deploymentName(purpose, "Standard_F4s_v2"),
        );
      }),
    );
  });
});
