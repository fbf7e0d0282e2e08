import { expect } from "chai";
import fc from "fast-check";
import { azureName, computeName, deploymentName, type AzureNameKind } from "../../components/naming";

/** What Azure takes: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, but where another source is named. */
const legal: Record<AzureNameKind, RegExp> = {
  resourceGroup: /^[\w.()-]{1,89}[\w()-]$/,
  storageAccount: /^[a-z0-9]{3,24}$/,
  keyVault: /^(?=.{3,24}$)[a-zA-Z]([a-zA-Z0-9]|-(?!-))*[a-zA-Z0-9]$/,
  logAnalytics: /^(?=.{4,63}$)[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/,
  applicationInsights: /^[^%&\\?/]{0,254}[^%&\\?/. ]$/,
  containerRegistry: /^[a-zA-Z0-9]{5,50}$/,
  userAssignedIdentity: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
  privateEndpoint: /^[a-zA-Z0-9]([\w.-]{0,62}\w)?$/,
  // The pattern of `workspaceName` in Microsoft.MachineLearningServices/stable/2025-12-01/openapi.json.
  workspace: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
  actionGroup: /^[^:<>+/&%\\?]{0,259}[^:<>+/&%\\?. ]$/,
  metricAlert: /^[^*#&+:<>?@%{}\\/|]{0,259}[^*#&+:<>?@%{}\\/|. ]$/,
  budget: /^[A-Za-z0-9_-]{1,63}$/,
  // https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas, of endpoints and of deployments.
  onlineEndpoint: /^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
  batchEndpoint: /^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
  // REST API 2025-12-01, Schedules: the pattern of `name`.
  schedule: /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/,
};
/** Names that stacks have, by a short purpose and by one that had to be cut. */
const released = {
  resourceGroup: [
    "rg-churn-dev-x7k2p",
    "rg-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-l-ff7f-x7k2p",
  ],
  storageAccount: ["stchurndevx7k2p", "stverylongverylff7fx7k2p"],
  keyVault: ["kv-churn-dev-x7k2p", "kv-very-long-ff7f-x7k2p"],
  logAnalytics: ["log-churn-dev-x7k2p", "log-very-long-very-long-very-long-very-long-very-lon-ff7f-x7k2p"],
  applicationInsights: [
    "appi-churn-dev-x7k2p",
    "appi-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-ff7f-x7k2p",
  ],
  containerRegistry: ["crchurndevx7k2p", "crverylongverylongverylongverylongverylonff7fx7k2p"],
  userAssignedIdentity: [
    "id-churn-dev-x7k2p",
    "id-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-ff7f-x7k2p",
  ],
  workspace: ["mlw-churn-dev-x7k2p", "mlw-very-long-very-lon-ff7f-x7k2p"],
  onlineEndpoint: ["oe-churn-dev-x7k2p", "oe-very-long-very-lon-ff7f-x7k2p"],
  batchEndpoint: ["be-churn-dev-x7k2p", "be-very-long-very-lon-ff7f-x7k2p"],
};

function takesDashes(type: AzureNameKind): boolean {
  return legal[type].test("name-of-it");
}

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

  it("stay what they are: a resource under another name is another resource", () => {
    const names = (Object.keys(released) as (keyof typeof released)[]).map((type) => [
      type,
      [azureName(type, "churn-dev", "x7k2p"), azureName(type, `${"Very long ".repeat(30)}name`, "x7k2p")],
    ]);
    expect(Object.fromEntries(names)).to.deep.equal(released);
    expect(deploymentName("mlflow-deployment", "Standard_DS3_v2")).to.equal("mlflow-deployment-d689");
  });

  it("of any two purposes differ where the type takes dashes", () => {
    const withDashes = fc.constantFrom(...(Object.keys(legal) as AzureNameKind[]).filter(takesDashes));
    fc.assert(
      fc.property(withDashes, fc.string(), fc.string(), suffix, (type, one, other, end) => {
        fc.pre(one !== other);
        expect(azureName(type, one, end)).to.not.equal(azureName(type, other, end));
      }),
      // Four digits of a digest tell most purposes apart, not all that there could be.
      { seed: 1, numRuns: 1000 },
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
