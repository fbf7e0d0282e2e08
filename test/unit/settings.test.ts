import { expect } from "chai";
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DEPLOYER } from "../../local/cloud";
import { findProblems, type Rule } from "../../providers/rules";
import { InvalidSettings, parseSettings, rules, type Settings } from "../../stacks/settings";
import { readSmokeRequests } from "../../stacks/smoke-requests";
import { packageRoot } from "../../tools/paths";

const project = "pulumi-azureml";
const stacks = join(packageRoot(), "stacks");
const { config: schema } = parse(readFileSync(join(packageRoot(), "Pulumi.yaml"), "utf8")) as {
  config: Record<string, { type: string; default?: unknown; description: string }>;
};

/** A stack's settings as Pulumi hands them over: the file's, over the defaults of `Pulumi.yaml`, each as text. */
function configOf(stack: string, change: Record<string, unknown> = {}): Record<string, string> {
  const file = parse(readFileSync(join(stacks, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const defaults = Object.entries(schema).map(
    ([key, { default: value }]) => [`${project}:${key}`, value] as const,
  );
  const changes = Object.entries(change).map(([key, value]) => [`${project}:${key}`, value] as const);
  const merged = Object.fromEntries([...defaults, ...Object.entries(file.config), ...changes]);
  return Object.fromEntries(
    Object.entries(merged)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function linesOf(config: Record<string, string>, isSecret?: (key: string) => boolean): readonly string[] {
  try {
    parseSettings("dev", project, config, isSecret);
  } catch (error) {
    if (error instanceof InvalidSettings) return error.lines;
    throw error;
  }
  return [];
}

describe("a stack's settings", () => {
  for (const file of readdirSync(stacks).filter((name) => name.endsWith(".yaml"))) {
    it(`${file} is one that the program takes`, () => {
      const [, stack = ""] = file.split(".");
      expect(parseSettings(stack, project, configOf(stack))).to.have.property("location");
    });
  }

  it("come typed, defaults from Pulumi.yaml among them", () => {
    const settings: Settings = parseSettings("prod", project, configOf("prod"));
    expect(settings).to.deep.include({
      instances: 3,
      protectData: true,
      lock: "CanNotDelete",
      containerRegistry: "create",
      endpointAuthMode: "AADToken",
      computeIdleSeconds: 900,
      tags: { environment: "prod" },
    });
  });

  it("name the local Azure's deployer as who uploads models, and nobody in the other stacks", () => {
    const deployers = (stack: string): unknown => parseSettings(stack, project, configOf(stack)).deployers;
    expect(deployers("local")).to.deep.equal({ "local-deployer": { objectId: DEPLOYER.objectId } });
    for (const stack of ["dev", "staging", "prod"]) expect(deployers(stack)).to.equal(undefined);
  });

  it("choose the workspace's network, in the words of the component", () => {
    const isolation = {
      mode: "managedApprovedOnly",
      outboundRules: { pypi: { type: "fqdn", destination: "pypi.org" } },
    };
    const config = (value: unknown): Record<string, string> => ({
      ...configOf("dev"),
      [`${project}:isolation`]: JSON.stringify(value),
    });
    expect(parseSettings("dev", project, config(isolation)).isolation).to.deep.equal(isolation);
    expect(linesOf(config({ mode: "private" }))).to.deep.equal([
      "pulumi-azureml:isolation.subnetId is missing: it must be the ARM id of a subnet: …/virtualNetworks/…/subnets/…",
    ]);
  });

  it("choose how another model takes its place, in the words of the component; its requests are a file's", () => {
    const config = (value: unknown): Record<string, string> => ({
      ...configOf("dev"),
      [`${project}:rollout`]: JSON.stringify(value),
    });
    const rollout = { strategy: { kind: "canary", percent: 5, bakeSeconds: 60 }, keepGenerations: 2 };
    expect(parseSettings("dev", project, config(rollout)).rollout).to.deep.equal(rollout);
    expect(linesOf(config({ keepGenerations: 19, smokeRequests: [] }))).to.deep.equal([
      "pulumi-azureml:rollout.smokeRequests is []: it must be left out: smokeRequestsPath names the file that has them",
      "pulumi-azureml:rollout.keepGenerations is 19: it must be a whole number from 0 to 18",
    ]);
  });

  it("gate what production changes, and prove it by requests; locally it is quick", () => {
    const { rollout: production, smokeRequestsPath } = parseSettings("prod", project, configOf("prod"));
    expect(production?.gates?.limits?.map(({ metric }) => metric)).to.deep.equal([
      "errorPercent",
      "latencyP95",
    ]);
    expect(readSmokeRequests(smokeRequestsPath).map(({ expected }) => expected)).to.deep.equal([[0, 1]]);
    for (const stack of ["local", "dev"]) {
      const { rollout, smokeRequestsPath: none } = parseSettings(stack, project, configOf(stack));
      expect(rollout).to.not.have.property("gates");
      expect(readSmokeRequests(none)).to.deep.equal([]);
    }
  });

  it("that name a file of requests which isn't there say so", () => {
    expect(() => readSmokeRequests("no/such/file.json")).to.throw(
      InvalidSettings,
      'smokeRequestsPath is "no/such/file.json": it must be the path of a JSON file: ENOENT',
    );
  });

  it("are refused all at once: key, value, what is allowed", () => {
    const wrong = {
      location: "West Europe",
      instances: 0,
      computeMinNodes: 5,
      deployers: { me: { objectId: "me" } },
      instanses: 3,
      workload: undefined,
    };
    expect(linesOf(configOf("dev", wrong))).to.deep.equal([
      'pulumi-azureml:location is "West Europe": it must be an Azure region, for instance westeurope',
      "pulumi-azureml:workload is missing: it must be 1 to 20 lower-case letters, digits and dashes, a letter first",
      "pulumi-azureml:instances is 0: it must be a whole number from 1 to 50",
      'pulumi-azureml:deployers.me.objectId is "me": it must be an object id: a GUID',
      `pulumi-azureml:instanses is "3": there is no such key here, instances is probably meant; there are ${Object.keys(schema).join(", ")}, isolation, rollout, deployers, tags`,
      "pulumi-azureml:computeMinNodes is 5: it must be at most computeMaxNodes, 1",
    ]);
  });

  it("have the types that Pulumi.yaml tells the engine: text, whole numbers, true or false", () => {
    const samples: Record<string, unknown[]> = {
      integer: [1, 2, 100],
      boolean: [true, false],
      string: ["none", "any", "delete", "purge", "Key", "a/folder", "westeurope", "Standard_DS3_v2"],
    };
    const { isolation, rollout, deployers, tags, ...plain } = rules;
    expect([isolation, rollout, deployers, tags].map((rule) => rule.about?.optional)).to.deep.equal(
      Array(4).fill(true),
    );
    expect(Object.keys(schema)).to.deep.equal(Object.keys(plain));
    for (const [key, rule] of Object.entries<Rule>(plain)) {
      const taken = Object.keys(samples).filter((type) =>
        samples[type]?.some((value) => findProblems({ [key]: rule }, { [key]: value }).length === 0),
      );
      expect(taken, key).to.deep.equal([schema[key]?.type]);
      const { default: value } = schema[key] ?? {};
      if (value !== undefined) expect(findProblems({ [key]: rule }, { [key]: value }), key).to.deep.equal([]);
    }
  });

  it("that are secret are never shown", () => {
    const shown = linesOf(configOf("dev", { location: "s3cr3t!" }), (key) => key === "location");
    expect(shown).to.deep.equal([
      "pulumi-azureml:location is [secret]: it must be an Azure region, for instance westeurope",
    ]);
  });

  it("either parse or say why, whatever text they are", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(schema), "deployers", "tags"), fc.string(), (key, value) => {
        const config = { ...configOf("dev"), [`${project}:${key}`]: value };
        for (const line of linesOf(config))
          expect(line).to.match(/^pulumi-azureml:\S+ is .+: (it must be|there is no)/s);
      }),
    );
  });

  it("of other namespaces are not the program's", () => {
    expect(linesOf({ ...configOf("dev"), "azure-native:location": "anything at all" })).to.deep.equal([]);
  });
});
