import type {
  PolicyResource,
  ResourceValidation,
  ResourceValidationArgs,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { expect } from "chai";
import { policiesOf } from "../../policies/pack";
import type { Properties } from "../../policies/plain";
import type { Seen, StackRule } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { workspaceLogs } from "../../policies/rules/workspace-logs";
import { seenOf } from "../../policies/seen";
import { prodProgram } from "../helpers/prod-program";
import type { Registered } from "../helpers/pulumi-mocks";
import {
  stackResource,
  unknownCheckingProxy,
  unknownStringValue,
  UnknownValueError,
  urnOf,
  type Around,
} from "../helpers/stack-resources";

const ml = "azure-native:machinelearningservices";
const rollout = "pulumi-nodejs:dynamic/pulumi-azureml:Rollout";
const stackRules = rules.filter((rule): rule is StackRule => "checkStack" in rule);

const seen = (type: string, name: string, props: Properties, around?: Around): Seen =>
  seenOf(stackResource(type, name, props, around));

/** What a rule says of which resource. */
function say(rule: string, resources: readonly Seen[]): readonly string[] {
  const found = stackRules.find(({ id }) => id === rule);
  if (found === undefined) throw new Error(`no rule over a stack is named ${rule}`);
  return found
    .checkStack(resources, { parameters: {} })
    .map(({ resource, problem }) => `${resource.name}: ${problem}`);
}

const group = "/subscriptions/s/resourceGroups/rg";
const place = { resourceGroupName: "rg", workspaceName: "mlw" };
const workspaceId = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw`;
const endpointId = `${workspaceId}/onlineEndpoints/oe`;
const workspace = seen(`${ml}:Workspace`, "w", place);
const endpoint = seen(`${ml}:OnlineEndpoint`, "e", { ...place, endpointName: "oe" });
const deployment = seen(`${ml}/v20251201:OnlineDeployment`, "d", {
  ...place,
  endpointName: "oe",
  deploymentName: "first",
});
const privateEndpoint = (privateLinkServiceId: string, groupIds = ["amlworkspace"], around?: Around): Seen =>
  seen(
    "azure-native:network:PrivateEndpoint",
    "pe",
    { privateLinkServiceConnections: [{ privateLinkServiceId, groupIds }] },
    around,
  );
const logging = (resourceUri: string, logs: readonly object[], around?: Around): Seen =>
  seen("azure-native:monitor:DiagnosticSetting", "logs", { resourceUri, logs }, around);
const all = [{ categoryGroup: "allLogs", enabled: true }];
const three = ["Traffic", "Console", "Event"].map((log) => ({
  category: `AmlOnlineEndpoint${log}Log`,
  enabled: true,
}));
const scale = (targetResourceUri: string, enabled = true): Seen =>
  seen("azure-native:monitor:AutoscaleSetting", "scale", { targetResourceUri, enabled });
const instance = (osImageMetadata: object): Seen =>
  seen(`${ml}:Compute`, "desk", {
    properties: { computeType: "ComputeInstance", properties: { osImageMetadata } },
  });
const deployments = (count: number, endpointName: string): Seen[] =>
  Array.from({ length: count }, (_, index) =>
    seen(`${ml}:OnlineDeployment`, `d${index}`, { endpointName, deploymentName: `d${index}` }),
  );

interface StackCase {
  readonly right: readonly (readonly Seen[])[];
  /** Each with one resource that breaks the rule. */
  readonly wrong: readonly (readonly Seen[])[];
  /** What can't be told at preview; none where a rule reads nothing that a preview lacks. */
  readonly unknown: readonly (readonly Seen[])[];
}

const cases: Readonly<Record<string, StackCase>> = {
  "workspace-private-link": {
    right: [[workspace, privateEndpoint(workspaceId.toUpperCase())], []],
    wrong: [
      [workspace],
      [workspace, privateEndpoint(`${workspaceId}2`)],
      [workspace, privateEndpoint(workspaceId, ["blob"])],
    ],
    unknown: [[workspace, privateEndpoint(unknownStringValue)]],
  },
  "workspace-logs": {
    right: [[workspace, logging(workspaceId, all)], [endpoint]],
    wrong: [
      [workspace],
      [workspace, logging(endpointId, all)],
      [workspace, logging(workspaceId, [{ categoryGroup: "allLogs", enabled: false }])],
    ],
    unknown: [[workspace, logging(unknownStringValue, all)]],
  },
  "endpoint-logs": {
    right: [
      [endpoint, logging(endpointId, three)],
      [endpoint, logging(endpointId, all)],
      [endpoint, logging(endpointId, three.slice(1)), logging(endpointId, three.slice(0, 1))],
      [seen("pulumi-nodejs:dynamic/pulumi-azureml:OnlineEndpointSettings", "s", { authMode: "AADToken" })],
    ],
    wrong: [
      [endpoint],
      [endpoint, logging(endpointId, three.slice(1))],
      [endpoint, logging(workspaceId, all)],
    ],
    unknown: [[endpoint, logging(unknownStringValue, three)]],
  },
  "endpoint-deployments": {
    right: [deployments(20, "oe")],
    wrong: [deployments(21, "oe")],
    unknown: [deployments(1, unknownStringValue)],
  },
  "deployment-autoscale": {
    right: [
      [deployment, scale(`${endpointId}/deployments/first`)],
      [seen(rollout, "r", { deployment: {}, autoscale: { instances: { least: 3, most: 6 } } })],
      [seen(`${ml}:OnlineDeployment`, "k", { properties: { endpointComputeType: "Kubernetes" } })],
    ],
    wrong: [
      [deployment],
      [deployment, scale(`${endpointId}/deployments/second`)],
      [deployment, scale(`${endpointId}/deployments/first`, false)],
      [seen(rollout, "r", { deployment: {} })],
    ],
    unknown: [
      [deployment, scale(unknownStringValue)],
      [seen(rollout, "r", { deployment: {}, autoscale: unknownStringValue })],
    ],
  },
  "endpoint-protected": {
    right: [
      [seen(`${ml}:OnlineEndpoint`, "e", {}, { protect: true }), deployment],
      [seen(rollout, "r", {}, { protect: true })],
    ],
    wrong: [
      [endpoint],
      [seen(`${ml}/v20251201:BatchEndpoint`, "b", {})],
      [seen(rollout, "r", {})],
      [seen("pulumi-nodejs:dynamic/pulumi-azureml:BatchRollout", "b", {})],
    ],
    unknown: [],
  },
  "deployment-protected": {
    right: [[seen(`${ml}:OnlineDeployment`, "d", {}, { protect: true }), endpoint, seen(rollout, "r", {})]],
    wrong: [[deployment], [seen(`${ml}:BatchDeployment`, "b", {})]],
    unknown: [],
  },
  "compute-instance-image": {
    right: [[instance({ isLatestOsImageVersion: true })], [instance({})]],
    wrong: [[instance({ isLatestOsImageVersion: false })]],
    unknown: [[instance({ isLatestOsImageVersion: unknownStringValue })]],
  },
};

describe("rules of a whole stack", () => {
  it("each have their cases", () => {
    expect(Object.keys(cases).sort()).to.deep.equal(stackRules.map(({ id }) => id).sort());
  });

  for (const [rule, { right, wrong, unknown }] of Object.entries(cases))
    describe(rule, () => {
      it("passes what is right", () => {
        for (const resources of right) expect(say(rule, resources)).to.deep.equal([]);
      });
      it("tells what is wrong", () => {
        for (const resources of wrong) expect(say(rule, resources)).to.have.length(1);
      });
      if (unknown.length > 0)
        it("can't be told while it is unknown", () => {
          for (const resources of unknown) expect(() => say(rule, resources)).to.throw(UnknownValueError);
        });
    });

  it("name the logs that are missing", () => {
    expect(say("endpoint-logs", [endpoint, logging(endpointId, three.slice(2))])).to.deep.equal([
      "e: no diagnostic setting of the stack sends on AmlOnlineEndpointTrafficLog, AmlOnlineEndpointConsoleLog",
    ]);
  });

  it("tell at preview what an unknown id is made of", () => {
    const [one, two] = ["one", "two"].map((name) =>
      seen(`${ml}:Workspace`, name, { resourceGroupName: "rg", workspaceName: unknownStringValue }),
    ) as [Seen, Seen];
    const madeOf = { privateLinkServiceConnections: [one.urn] };
    const leading = privateEndpoint(unknownStringValue, undefined, { madeOf });
    expect(say("workspace-private-link", [one, leading])).to.deep.equal([]);
    expect(say("workspace-private-link", [one, two, leading])).to.deep.equal([
      "two: no private endpoint of the stack leads to it",
    ]);
    const ofOne = logging(unknownStringValue, all, { madeOf: { resourceUri: [one.urn] } });
    expect(say("workspace-logs", [one, ofOne])).to.deep.equal([]);
    expect(say("endpoint-logs", [one, endpoint, ofOne])).to.have.length(1);
  });

  it("go by known ids, not by what these are made of", () => {
    const other = seen(`${ml}:Workspace`, "other", { ...place, workspaceName: "other" });
    const madeOf = { privateLinkServiceConnections: [urnOf(`${ml}:Workspace`, "w")] };
    const elsewhere = privateEndpoint(workspaceId.replace("/mlw", "/other"), undefined, { madeOf });
    expect(say("workspace-private-link", [workspace, other, elsewhere])).to.deep.equal([
      "w: no private endpoint of the stack leads to it",
    ]);
  });

  it("know what was declared where Azure's answer leaves it out", () => {
    const [policy] = policiesOf("prod", [workspaceLogs]) as [
      StackValidationPolicy & { readonly validateResource: ResourceValidation },
    ];
    const declared = [
      stackResource(`${ml}:Workspace`, "w", place),
      stackResource("azure-native:monitor:DiagnosticSetting", "logs", {
        resourceUri: workspaceId,
        logs: all,
      }),
    ];
    const answered = [
      stackResource(`${ml}:Workspace`, "w", { name: "mlw" }),
      stackResource("azure-native:monitor:DiagnosticSetting", "logs", { logs: all }),
    ];
    const getConfig = (): never => ({}) as never;
    const reports = (resources: readonly PolicyResource[]): string[] => {
      const told: string[] = [];
      const args: Partial<StackValidationArgs> = { resources: [...resources], getConfig };
      void policy.validateStack(args as StackValidationArgs, (message) => told.push(message));
      return told;
    };
    expect(reports(answered)).to.have.length(1);
    for (const { urn, props } of declared) {
      const args: Partial<ResourceValidationArgs> = { urn, props };
      void policy.validateResource(args as ResourceValidationArgs, () =>
        expect.fail("it judges nothing yet"),
      );
    }
    expect(reports(answered)).to.deep.equal([]);
  });
});

describe("the prod fixture, as a whole stack", () => {
  let resources: readonly Registered[];
  before(async () => (resources = await prodProgram()));

  const mandatory = stackRules.filter(({ levels }) => levels.prod === "mandatory");
  /** As a first preview has it, where no id is known: rules go by what is made of what. */
  const broken = (stack: readonly Registered[]): readonly string[] => {
    const whole = stack.map(({ type, name, inputs, protect, after }) => {
      const madeOf = after.map((key) => urnOf(...(key.split("::") as [string, string])));
      const props = unknownCheckingProxy({ ...inputs, resourceGroupName: undefined });
      return seen(type, name, props, {
        protect,
        madeOf: Object.fromEntries(Object.keys(inputs).map((property) => [property, madeOf])),
      });
    });
    return mandatory.filter(({ id }) => say(id, whole).length > 0).map(({ id }) => id);
  };

  it("passes profile prod", () => {
    expect(broken(resources)).to.deep.equal([]);
  });

  const without = (name: string) => (each: Registered) => (each.name === name ? [] : [each]);
  const otherwise = (name: string, change: Partial<Registered>) => (each: Registered) =>
    each.name === name && !each.type.includes(":index:") ? [{ ...each, ...change }] : [each];
  const weakenings: readonly (readonly [
    what: string,
    weaken: (each: Registered) => Registered[],
    rule: string,
  ])[] = [
    ["churn-endpoint-workspace", without("churn-endpoint-workspace"), "workspace-private-link"],
    ["churn-diagnostics", without("churn-diagnostics"), "workspace-logs"],
    ["scorer-logs", without("scorer-logs"), "endpoint-logs"],
    ["logs of scorer-logs", otherwise("scorer-logs", { inputs: { logs: [] } }), "endpoint-logs"],
    ["scorer-scale", without("scorer-scale"), "deployment-autoscale"],
    ["protection of scorer", otherwise("scorer", { protect: false }), "endpoint-protected"],
  ];
  for (const [what, weaken, rule] of weakenings)
    it(`without ${what} fails ${rule}`, () => {
      expect(broken(resources.flatMap(weaken))).to.deep.equal([rule]);
    });
});
