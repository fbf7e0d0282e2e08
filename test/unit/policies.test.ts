import * as proxy from "@pulumi/policy/proxy";
import { expect } from "chai";
import { exemptionOf, exemptionProblems } from "../../policies/exemptions";
import { policiesOf, profileIn } from "../../policies/pack";
import type { Properties } from "../../policies/plain";
import type { ResourceRule } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { judged } from "../../policies/seen";
import { exportsOf } from "../helpers/case-files";
import type { PolicyCase } from "../helpers/policy-cases";
import { prodProgram } from "../helpers/prod-program";

/** What the SDK has for such tests and leaves out of its declarations. */
const { unknownCheckingProxy, unknownStringValue, UnknownValueError } = proxy as unknown as {
  unknownCheckingProxy: (properties: Properties) => Properties;
  unknownStringValue: string;
  UnknownValueError: new (...args: never[]) => Error;
};
const cases = exportsOf("test/policies") as readonly (readonly PolicyCase[])[];

/** What a resource rule says of a resource, as the pack asks it; undefined where it isn't of the rule's kinds. */
function say(
  rule: ResourceRule,
  type: string,
  properties: Properties,
  parameters: Properties = {},
): readonly string[] {
  const seen = judged(type, unknownCheckingProxy(properties) as Properties);
  return rule.of.includes(seen.kind) ? rule.check(seen.properties(), { parameters }) : [];
}

function ruleNamed(id: string): ResourceRule {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined || !("check" in rule)) throw new Error(`no resource rule is named ${id}`);
  return rule;
}

/** The properties with another value at a path. */
function changed(properties: Properties, path: string, value: unknown): Properties {
  const [name = "", ...rest] = path.split(".");
  const inner = (properties[name] ?? {}) as Properties;
  return { ...properties, [name]: rest.length === 0 ? value : changed(inner, rest.join("."), value) };
}

describe("the policies", () => {
  it("are at least forty, each by an id of its own", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length).and.to.be.at.least(40);
  });

  it("each have their cases", () => {
    const tried = cases.flat().map(({ rule }) => rule);
    const resourceRules = rules.filter((rule) => "check" in rule).map(({ id }) => id);
    expect([...new Set(tried)].sort()).to.deep.equal([...resourceRules].sort());
  });

  for (const { rule: id, type, right, wrong, unknown, parameters } of cases.flat())
    describe(id, () => {
      const rule = ruleNamed(id);
      it("passes what is right, with a version in the type and without", () => {
        expect(say(rule, type, right, parameters)).to.deep.equal([]);
      });
      it("tells what is wrong", () => {
        expect(say(rule, type, wrong, parameters)).to.have.length(1);
        expect(say(rule, type.replace(/:(?=\w+$)/, "/v20251201:"), wrong, parameters)).to.have.length(1);
      });
      it("can't be told while it is unknown", () => {
        expect(() => say(rule, type, changed(right, unknown, unknownStringValue), parameters)).to.throw(
          UnknownValueError,
        );
      });
    });
});

describe("a resource of this package", () => {
  const ours = "pulumi-nodejs:dynamic/pulumi-azureml:";
  it("is judged as the deployment that a rollout makes", () => {
    const rule = ruleNamed("deployment-instances");
    expect(say(rule, `${ours}Rollout`, { deployment: { sku: { capacity: 1 } } })).to.deep.equal([
      "sku.capacity is below 3",
    ]);
    expect(say(rule, `${ours}Rollout`, { deployment: { sku: { capacity: 3 } } })).to.deep.equal([]);
  });

  it("is judged as the batch deployment that a rollout makes", () => {
    const rule = ruleNamed("deployment-pinned-model");
    const rollout = (assetId: string): Properties => ({
      deployment: { properties: { model: { referenceType: "Id", assetId } } },
    });
    expect(say(rule, `${ours}BatchRollout`, rollout("azureml:churn@latest"))).to.deep.equal([
      "properties.model has no version",
    ]);
    expect(say(rule, `${ours}BatchRollout`, rollout("azureml:churn:3"))).to.deep.equal([]);
    expect(say(ruleNamed("deployment-instances"), `${ours}BatchRollout`, rollout(""))).to.deep.equal([]);
  });

  it("is judged as the endpoint whose settings it has", () => {
    const rule = ruleNamed("endpoint-entra-id");
    expect(say(rule, `${ours}OnlineEndpointSettings`, { authMode: "Key" })).to.have.length(1);
    expect(say(rule, `${ours}OnlineEndpointSettings`, { traffic: { first: 100 } })).to.deep.equal([]);
  });
});

describe("an exemption", () => {
  const now = Date.parse("2027-03-01T00:00:00Z");
  const whole = { resource: "lake*", reason: "moves in April", until: "2027-03-31" };
  it("names resources by URN or name", () => {
    expect(exemptionOf([whole], { urn: "urn:x", name: "lake-two" })).to.equal(whole);
    expect(exemptionOf([whole], { urn: "urn:x", name: "other" })).to.equal(undefined);
    expect(exemptionOf([{ ...whole, resource: "urn:*::a.b" }], { urn: "urn:x::a.b", name: "" })).to.not.equal(
      undefined,
    );
    expect(exemptionOf([{ ...whole, resource: "urn:*::a.b" }], { urn: "urn:x::acb", name: "" })).to.equal(
      undefined,
    );
  });

  it("is an error without reason, resource or date, or when it has ended", () => {
    expect(exemptionProblems("r", [whole], now)).to.deep.equal([]);
    expect(exemptionProblems("r", [{}], now)).to.have.length(3);
    expect(exemptionProblems("r", [{ ...whole, reason: " " }], now)).to.deep.equal([
      "exemptions[0] of r has no reason",
    ]);
    expect(exemptionProblems("r", [{ ...whole, until: "2027-02-28" }], now)).to.deep.equal([
      "exemptions[0] of r ended on 2027-02-28: mend lake*, or decide anew",
    ]);
  });
});

describe("a profile", () => {
  it("advises in dev and refuses in prod, which is the default", () => {
    expect(policiesOf("dev").every(({ enforcementLevel }) => enforcementLevel === "advisory")).to.equal(true);
    expect(
      policiesOf("prod").filter(({ enforcementLevel }) => enforcementLevel === "mandatory"),
    ).to.have.length.above(35);
    expect(profileIn({})).to.equal("prod");
    expect(() => profileIn({ PULUMI_AZUREML_POLICY_PROFILE: "test" })).to.throw("it must be dev or prod");
  });
});

describe("the prod fixture", () => {
  let resources: readonly { type: string; name: string; inputs: Properties }[];
  before(async () => (resources = await prodProgram()));

  const mandatory = rules.filter(
    (rule): rule is ResourceRule => "check" in rule && rule.levels.prod === "mandatory",
  );
  const broken = (type: string, inputs: Properties): readonly string[] =>
    mandatory.filter((rule) => say(rule, type, inputs).length > 0).map(({ id }) => id);

  it("passes profile prod", () => {
    const found = resources.flatMap(({ type, name, inputs }) =>
      broken(type, inputs).map((id) => `${name}: ${id}`),
    );
    expect(found).to.deep.equal([]);
  });

  const weakenings: readonly (readonly [resource: string, path: string, value: unknown, rule: string])[] = [
    ["churn", "publicNetworkAccess", "Enabled", "workspace-public-access"],
    ["churn", "managedNetwork.isolationMode", "AllowInternetOutbound", "workspace-outbound"],
    ["churn", "encryption", undefined, "workspace-customer-managed-key"],
    ["churn", "identity.type", "SystemAssigned", "workspace-user-assigned-identity"],
    ["churn", "v1LegacyMode", true, "workspace-no-legacy-mode"],
    ["churn", "systemDatastoresAuthMode", "AccessKey", "workspace-datastore-identity"],
    ["trainer", "properties.disableLocalAuth", false, "compute-no-local-auth"],
    ["trainer", "properties.properties.enableNodePublicIp", true, "compute-no-public-ip"],
    ["trainer", "properties.properties.enableNodePublicIp", true, "compute-in-network"],
    ["trainer", "properties.properties.scaleSettings.minNodeCount", 1, "cluster-scale-to-zero"],
    ["trainer", "properties.properties.remoteLoginPortPublicAccess", "Enabled", "cluster-no-remote-login"],
    ["desk", "properties.properties.idleTimeBeforeShutdown", undefined, "compute-instance-idle-shutdown"],
    ["desk", "properties.properties.sshSettings.sshPublicAccess", "Enabled", "compute-instance-no-ssh"],
    ["desk", "properties.properties.applicationSharingPolicy", "Shared", "compute-instance-personal"],
    ["churn-storage", "enableHttpsTrafficOnly", false, "storage-https"],
    ["churn-storage", "minimumTlsVersion", "TLS1_0", "storage-tls"],
    ["churn-storage", "allowBlobPublicAccess", true, "storage-no-public-blobs"],
    ["churn-storage", "networkRuleSet.defaultAction", "Allow", "storage-firewall"],
    ["churn-storage", "networkRuleSet.bypass", "None", "storage-trusted-services"],
    ["churn-storage", "publicNetworkAccess", "Enabled", "storage-public-access"],
    ["lake", "publicNetworkAccess", undefined, "storage-public-access"],
    ["lake", "networkRuleSet", undefined, "storage-firewall"],
    ["lake", "allowSharedKeyAccess", true, "storage-no-shared-key"],
    ["churn-storage", "allowCrossTenantReplication", true, "storage-no-cross-tenant-replication"],
    ["churn-vault", "properties.enableSoftDelete", false, "vault-soft-delete"],
    ["keys", "properties.enablePurgeProtection", false, "vault-purge-protection"],
    ["keys", "properties.networkAcls.defaultAction", "Allow", "vault-firewall"],
    ["keys", "properties.publicNetworkAccess", "Enabled", "vault-public-access"],
    ["keys", "properties.enableRbacAuthorization", false, "vault-rbac"],
    ["churn-registry", "adminUserEnabled", true, "registry-no-admin"],
    ["churn-registry", "anonymousPullEnabled", true, "registry-no-anonymous-pull"],
    ["churn-registry", "publicNetworkAccess", "Enabled", "registry-public-access"],
    ["churn-registry", "sku.name", "Basic", "registry-sku"],
    ["scorer", "properties.authMode", "Key", "endpoint-entra-id"],
    ["scorer-settings", "authMode", "Key", "endpoint-entra-id"],
    ["scorer-traffic", "traffic", { first: 90 }, "endpoint-traffic-total"],
    ["scorer-first", "properties.model", "azureml:churn@latest", "deployment-pinned-model"],
    ["scorer-first", "sku.capacity", 2, "deployment-instances"],
    ["scorer-first", "properties.requestSettings.requestTimeout", "PT4M", "deployment-timeout"],
  ];
  for (const [name, path, value, rule] of weakenings)
    it(`without ${path} of ${name} fails ${rule}`, () => {
      const found = resources.find((each) => each.name === name && !each.type.includes(":index:"));
      if (found === undefined) throw new Error(`the fixture has no resource ${name}`);
      expect(broken(found.type, changed(found.inputs, path, value))).to.include(rule);
    });
});
