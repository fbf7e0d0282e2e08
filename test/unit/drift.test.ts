import { expect } from "chai";
import { driftLines, driftMarkdown } from "../../cli/view/drift";
import { driftIn } from "../../providers/drift/drift";
import type { SeenResource, SeenState } from "../../providers/drift/events";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const group = "/subscriptions/1/resourceGroups/rg/providers";
const STORAGE = "azure-native:storage:StorageAccount";
const ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint";
const own = (type: string): string => `pulumi-nodejs:dynamic/pulumi-azureml:${type}`;

interface Change {
  readonly type?: string;
  readonly id?: string;
  readonly op?: string;
  readonly declared?: object;
  readonly live?: object;
  /** What the state has beyond what is declared. */
  readonly known?: object;
  /** What is there beyond that. */
  readonly outputs?: object;
}

/** A resource as a refresh tells it; a storage account where nothing else is said. */
function seen({
  type = STORAGE,
  id = `${group}/Microsoft.Storage/storageAccounts/stcredit`,
  op = "update",
  declared = {},
  live,
  known = {},
  outputs = {},
}: Change): SeenResource {
  const state = (inputs: object, more: object): SeenState => ({
    id,
    inputs: { ...inputs },
    outputs: { ...inputs, ...more },
  });
  return {
    op,
    urn: `urn:pulumi:dev::credit::pulumi-azureml:index:Workspace$${type}::credit-it`,
    type,
    old: state(declared, known),
    ...(live === undefined ? {} : { new: state(live, { ...known, ...outputs }) }),
  };
}

const sentences = (...changes: Change[]): string[] =>
  driftIn(changes.map(seen)).map(({ sentence }) => sentence);

const inputs = {
  endpointId: ENDPOINT_ID,
  prefix: "credit",
  generation: "credit-2",
  deployment: { location: "westeurope", sku: { name: "Default", capacity: 1 }, properties: {} },
  steps: [
    { weight: 20, bakeSeconds: 60, pause: true },
    { weight: 100, bakeSeconds: 0 },
  ],
  smokeRequests: [],
  gates: [],
  judgement: { intervalSeconds: 60, failureLimit: 0, consecutiveErrorLimit: 4, inconclusiveLimit: 0 },
  minRequests: 0,
  retireAfterSeconds: 0,
  keepGenerations: 0,
  maxHoldSeconds: 3600,
  foreignTraffic: "take",
  onDrift: "putBack",
};

/** A Rollout whose state has `known`, with the live map and the endpoint's journal. */
function rollout(known: object, traffic: object, journal: object, more: object = {}): Change[] {
  const declared = { ...inputs, ...more };
  const tags = { "pulumi-azureml.rollout.0": JSON.stringify({ refused: [], old: [], ...journal }) };
  return [
    {
      type: own("Rollout"),
      id: ENDPOINT_ID,
      declared,
      live: declared,
      known: { phase: "Serving", traffic: known },
      outputs: { traffic },
    },
    {
      type: ENDPOINT,
      id: ENDPOINT_ID,
      op: "same",
      live: {},
      outputs: { tags, properties: { traffic, mirrorTraffic: {} } },
    },
  ];
}
const moving = { step: 0, since: 0, saved: { "credit-1": 100 }, failures: 0, errors: 0, inconclusive: 0 };
const halfWay = {
  serving: "credit-1",
  old: [],
  moving: { ...moving, generation: "credit-2", paused: "step 1 waits for promote" },
};

describe("what drifted", () => {
  const cases: readonly (readonly [string, readonly Change[], readonly string[]])[] = [
    [
      "traffic between a program's own deployments",
      [
        {
          type: own("OnlineEndpointSettings"),
          id: ENDPOINT_ID,
          declared: { traffic: { blue: 90, green: 10 } },
          live: { traffic: { blue: 70, green: 30 } },
        },
      ],
      [
        "endpoint `oe-test`: blue has 70 % by hand, declared 90 %",
        "endpoint `oe-test`: green has 30 % by hand, declared 10 %",
      ],
    ],
    [
      "traffic of a rollout",
      rollout({ "credit-2": 100 }, { "credit-2": 70, green: 30 }, { serving: "credit-2" }),
      [
        "endpoint `oe-test`: credit-2 has 70 % by hand, the rollout gives it 100 %",
        "endpoint `oe-test`: green has 30 % by hand, the rollout gives it 0 %",
      ],
    ],
    [
      "traffic of a paused rollout that somebody moved",
      rollout({ "credit-1": 80, "credit-2": 20 }, { "credit-1": 50, "credit-2": 50 }, halfWay),
      [
        "endpoint `oe-test`: credit-1 has 50 % by hand, the rollout gives it 80 %",
        "endpoint `oe-test`: credit-2 has 50 % by hand, the rollout gives it 20 %",
      ],
    ],
    [
      "a model version that was deleted",
      [{ type: own("MlflowModel"), id: `${group}/x/workspaces/w/models/credit/versions/7`, op: "delete" }],
      ["model `credit` version 7 was deleted"],
    ],
    [
      "an alias that leads elsewhere now",
      [
        {
          type: own("MlflowModel"),
          id: `${group}/x/workspaces/w/models/credit/versions/7`,
          declared: { aliases: ["champion", "audited"] },
          live: { aliases: ["audited"] },
        },
      ],
      ["model `credit` version 7: alias `champion` was moved away or deleted"],
    ],
    [
      "a tag that was changed, and one that was taken away",
      [{ declared: { tags: { owner: "risk", cost: "7" } }, live: { tags: { owner: "Risk" } } }],
      [
        'storage account `stcredit`: tag `owner` is "Risk", declared "risk"',
        'storage account `stcredit`: tag `cost` was taken away, declared "7"',
      ],
    ],
    [
      "a role assignment that was removed",
      [
        {
          type: "azure-native:authorization:RoleAssignment",
          id: `${group}/Microsoft.Storage/storageAccounts/stcredit/providers/Microsoft.Authorization/roleAssignments/1`,
          op: "delete",
        },
      ],
      ["role assignment `credit-it` of `stcredit` was removed"],
    ],
    [
      "a lock that was removed",
      [
        {
          type: "azure-native:authorization:ManagementLockByScope",
          id: `${group}/Microsoft.Storage/storageAccounts/stcredit/providers/Microsoft.Authorization/locks/l`,
          op: "delete",
        },
      ],
      ["management lock `credit-it` of `stcredit` was removed"],
    ],
    [
      "a network that was opened",
      [{ declared: { publicNetworkAccess: "Disabled" }, live: { publicNetworkAccess: "Enabled" } }],
      ["storage account `stcredit`: it was opened: publicNetworkAccess is Enabled, declared Disabled"],
    ],
    [
      "a network that was opened where the program says nothing",
      [{ live: { networkRuleSet: { ipRules: [{ value: "0.0.0.0/0" }] } } }],
      [
        'storage account `stcredit`: it was opened: networkRuleSet.ipRules is [{"value":"0.0.0.0/0"}], not declared',
      ],
    ],
    [
      "a cluster's size",
      [
        {
          type: "azure-native:machinelearningservices:Compute",
          id: `${group}/x/workspaces/w/computes/train`,
          declared: { properties: { properties: { scaleSettings: { maxNodeCount: 2 } } } },
          live: { properties: { properties: { scaleSettings: { maxNodeCount: 7 } } } },
        },
      ],
      ["compute `train`: properties.properties.scaleSettings.maxNodeCount is 7, declared 2"],
    ],
    [
      "how callers sign in",
      [
        {
          type: own("OnlineEndpointSettings"),
          id: ENDPOINT_ID,
          declared: { authMode: "AADToken" },
          live: { authMode: "Key" },
        },
      ],
      ["endpoint `oe-test`: callers sign in by Key, declared AADToken"],
    ],
    [
      "an autoscale that was deleted",
      [
        {
          type: own("Rollout"),
          id: ENDPOINT_ID,
          declared: { autoscale: { instances: { least: 1, most: 3 } } },
          live: {},
        },
      ],
      ["endpoint `oe-test`: its autoscale was deleted"],
    ],
    [
      "what the program says nothing of, where the state has another value",
      [{ live: { minimumTlsVersion: "TLS1_0" }, known: { minimumTlsVersion: "TLS1_2" } }],
      ["storage account `stcredit`: minimumTlsVersion is TLS1_0, not declared"],
    ],
  ];
  for (const [what, changes, expected] of cases)
    it(`is said: ${what}`, () => expect(sentences(...changes)).to.deep.equal(expected));
});

describe("no false alarm", () => {
  const setting = {
    type: "azure-native:monitor:AutoscaleSetting",
    op: "same",
    live: {
      targetResourceUri: `${ENDPOINT_ID}/deployments/blue`
        .toUpperCase()
        .replace("/SUBSCRIPTIONS", "/subscriptions"),
      profiles: [{ capacity: { minimum: "1", maximum: "4", default: "1" } }],
    },
  };
  const scaled = (capacity: number): Change => ({
    type: "azure-native:machinelearningservices:OnlineDeployment",
    id: `${ENDPOINT_ID}/deployments/blue`,
    declared: { sku: { capacity: 1 } },
    live: { sku: { capacity } },
  });
  const cases: readonly (readonly [string, readonly Change[]])[] = [
    ["on what is the same", [{ op: "same", declared: { kind: "a" }, live: { kind: "a" } }]],
    ["on what Azure reads back beside what is declared", [{ live: {}, outputs: { modifiedOn: "later" } }]],
    [
      "on tags that a policy of the subscription adds",
      [{ declared: { tags: { a: "1" } }, live: { tags: { a: "1", costCenter: "7" } } }],
    ],
    [
      "on defaults that Azure fills in",
      [
        {
          declared: { encryption: { keySource: "s" } },
          live: { encryption: { keySource: "s", requireInfrastructureEncryption: false } },
        },
      ],
    ],
    [
      "on an id in other letters",
      [{ declared: { workspaceId: `${group}/A/b/c` }, live: { workspaceId: `${group}/a/B/c` } }],
    ],
    ["on a duration in another unit", [{ declared: { idle: "PT900S" }, live: { idle: "PT15M" } }]],
    ["on a list in another order", [{ declared: { zones: ["1", "2"] }, live: { zones: ["2", "1"] } }]],
    ["on an empty map in place of none", [{ live: { tags: {}, networkRuleSet: { ipRules: [] } } }]],
    [
      "on a secret, which can't be compared",
      [{ declared: { adminPassword: "[secret]" }, live: { adminPassword: "x" } }],
    ],
    [
      "on a rollout that pauses",
      rollout({ "credit-1": 80, "credit-2": 20 }, { "credit-1": 80, "credit-2": 20 }, halfWay),
    ],
    [
      "on a rollout that a command promoted since",
      rollout({ "credit-1": 80, "credit-2": 20 }, { "credit-2": 100 }, { serving: "credit-2" }),
    ],
    [
      "on moved traffic that was adopted",
      rollout(
        { "credit-2": 70, "credit-1": 30 },
        { "credit-2": 70, "credit-1": 30 },
        { serving: "credit-2", old: [{ generation: "credit-1", since: 0 }] },
        { onDrift: "adopt" },
      ),
    ],
    ["on machines that an autoscale gave", [scaled(4), setting]],
  ];
  for (const [what, changes] of cases) it(what, () => expect(sentences(...changes)).to.deep.equal([]));

  it("but on machines beyond what the autoscale may give", () => {
    expect(sentences(scaled(9), setting)).to.have.length(1);
  });
});

describe("what is shown of drift", () => {
  it("has no secret in it", () => {
    const secrets = sentences({
      declared: { connectionString: "a", url: "https://x/?sv=1&sig=abc", settings: { password: "old" } },
      live: {
        connectionString: "Pwd=hunter2",
        url: "https://x/?sv=1&sig=hunter2",
        settings: { password: "hunter2" },
      },
    });
    expect(secrets).to.have.length(3);
    for (const sentence of secrets) expect(sentence).to.contain("[secret]").and.to.not.contain("hunter2");
  });

  it("is text with what to do about it, or that there is nothing", () => {
    const findings = driftIn([seen({ declared: { kind: "a" }, live: { kind: "b" } })]);
    expect(driftLines([{ stack: "dev", findings: [] }])).to.deep.equal(["dev: nothing diverged"]);
    expect(driftLines([{ stack: "dev", findings }])).to.deep.equal([
      "dev: 1 thing diverged",
      "  storage account `stcredit`: kind is b, declared a",
      "",
      "`pulumi up` puts back what is declared; `pulumi refresh` takes what is there into the state.",
    ]);
  });

  it("is Markdown in which a value of somebody's is neither link, mention nor heading", () => {
    const value = "`x` <img> [a](b)\n# @team";
    const findings = driftIn([seen({ declared: { kind: "a" }, live: { kind: value } })]);
    const [text = ""] = driftMarkdown([{ stack: "dev", findings }]);
    expect(text).to.match(/^### dev: 1 thing diverged\n\n- storage account `stcredit`: kind is /);
    expect(text).to.not.match(/[^\\][<[]|@team|^#[^#]/m);
    expect(text.split("\n")).to.have.length(5);
  });
});
