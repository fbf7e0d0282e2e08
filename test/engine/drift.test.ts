import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSecrets } from "../../local/secrets";
import type { Finding } from "../../providers/drift/finding";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);
/** Whoever is called at all is called too much; what is paused stays so. */
const rollout = {
  strategy: { kind: "steps", steps: [{ weight: 20, bakeSeconds: 60, pause: true }] },
  watchSeconds: 0,
  retireAfterSeconds: 0,
  autoscale: {
    instances: { least: 1, most: 2 },
    rules: [
      { metric: "RequestLatency", above: 0.001, change: 1 },
      { metric: "RequestLatency", below: 0, change: -1 },
    ],
  },
};

/** `npx pulumi-azureml drift` over the program of this repository, which comes up once; the steps build on one another. */
describe("drift on the local Azure", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: Stack;
  let outputs: Record<string, string>;
  let caller: Caller;

  const drift = async (...args: string[]): Promise<execa.ExecaReturnValue> =>
    await execa(
      process.execPath,
      [join("dist", "cli", "main.js"), "drift", "--config-file", stack.file, ...args],
      { cwd: packageRoot(), env: azure.environment(), reject: false },
    );
  /** Another client's work. */
  const byHand = async (work: string): Promise<string> => {
    const script = `const { arm } = require("./dist/providers/clients/arm.js");
const [, endpointId, workspaceId] = process.argv;
const v = { apiVersion: "2025-12-01" };
const only = async (id, apiVersion, which = () => true) => (await arm().list(id, { apiVersion })).filter(which)[0];
(async () => { ${work} })().catch((error) => { console.error(error.message); process.exit(1); });`;
    const { endpointId = "", workspaceId = "" } = outputs;
    const { stdout } = await execa(process.execPath, ["-e", script, endpointId, workspaceId], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
    return stdout;
  };
  const findsNothing = async (): Promise<void> => {
    const ended = await drift("--stack", "local");
    expect(ended, ended.stderr).to.include({ exitCode: 0, stdout: "local: nothing diverged" });
  };

  before(async () => {
    await azure.start();
    stack = await azure.stack({ "pulumi-azureml:lock": "CanNotDelete", "pulumi-azureml:rollout": rollout });
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = await stack.outputs();
    caller = new Caller(azure, outputs["scoringUri"] ?? "", outputs["endpointKey"] ?? "");
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("finds none on an untouched stack", findsNothing);

  it("finds none where an autoscale acted", async () => {
    const machines = `console.log((await only(endpointId + "/deployments", v.apiVersion)).sku.capacity)`;
    await caller.answeredDuring(sample, async () => {
      while ((await byHand(machines)) !== "2") await sleep(200);
    });
    await findsNothing();
  });

  it("finds none on a rollout that pauses", async () => {
    stack.set("pulumi-azureml:modelPath", changedExample(azure, "v2"));
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = await stack.outputs();
    expect(outputs["phase"]).to.equal("Paused");
    await findsNothing();
  });

  it("says each thing that another client changed, and no secret", async () => {
    const names = JSON.parse(await byHand(divergences)) as Record<string, string>;
    const ended = await drift("--stack", "local", "--json");
    expect(ended.exitCode, ended.stderr).to.equal(7);
    const { version, drifted, stacks } = JSON.parse(ended.stdout) as {
      version: number;
      drifted: boolean;
      stacks: { stack: string; findings: Finding[] }[];
    };
    expect({ version, drifted }).to.deep.equal({ version: 1, drifted: true });
    const endpoint = `endpoint \`${names["endpoint"]}\``;
    const { generation = "" } = outputs;
    expect(stacks.flatMap(({ findings }) => findings.map(({ sentence }) => sentence)).sort()).to.deep.equal(
      [
        `${endpoint}: ${names["first"]} has 50 % by hand, the rollout gives it 80 %`,
        `${endpoint}: ${generation} has 50 % by hand, the rollout gives it 20 %`,
        `${endpoint}: tag \`environment\` is "changed", declared "local"`,
        `storage account \`${names["storage"]}\`: it was opened: allowSharedKeyAccess is true, declared false`,
        `compute \`${names["cluster"]}\`: properties.properties.scaleSettings.maxNodeCount is 7, declared 2`,
        `management lock \`mlflow-workspace-storage-lock\` of \`${names["storage"]}\` was removed`,
        `role assignment \`mlflow-workspace-identity-storage-data\` of \`${names["storage"]}\` was removed`,
        `diagnostic setting \`mlflow-workspace-diagnostics\` of \`${names["workspace"]}\` was deleted`,
        `model \`breast-cancer\` version 2 was deleted`,
      ].sort(),
    );
    for (const secret of [outputs["endpointKey"] ?? "", readSecrets(azure.paths).clientSecret])
      expect(ended.stdout + ended.stderr).to.not.contain(secret);
  });

  it("ends with 1 where it can't tell", async () => {
    const none = await drift("--stack", "nowhere");
    expect(none).to.include({ exitCode: 1, stdout: "" });
    expect(none.stderr).to.contain("nowhere");
  });
});

const divergences = `
const last = (id) => id.slice(id.lastIndexOf("/") + 1);
const endpoint = await arm().read(endpointId, v);
const [first, second] = Object.entries(endpoint.properties.traffic).sort((a, b) => b[1] - a[1]).map(([name]) => name);
const properties = { ...endpoint.properties, traffic: { [first]: 50, [second]: 50 } };
await arm().put(endpointId, { ...v, body: { ...endpoint, tags: { ...endpoint.tags, environment: "changed" }, properties } });

const cluster = await only(workspaceId + "/computes", v.apiVersion);
cluster.properties.properties.scaleSettings.maxNodeCount = 7;
await arm().put(cluster.id, { ...v, body: cluster });

const { properties: { storageAccount } } = await arm().read(workspaceId, v);
const locks = await arm().list(storageAccount + "/providers/Microsoft.Authorization/locks", { apiVersion: "2020-05-01" });
for (const { id } of locks) await arm().remove(id, { apiVersion: "2020-05-01" });
const storage = await arm().read(storageAccount, { apiVersion: "2023-05-01" });
await arm().put(storageAccount, { apiVersion: "2023-05-01", body: { ...storage, properties: { ...storage.properties, allowSharedKeyAccess: true } } });

const roles = storageAccount + "/providers/Microsoft.Authorization/roleAssignments";
const contributor = (one) => one.properties.roleDefinitionId.endsWith("ba92f5b4-2d11-453d-a403-e96b0029c9fe");
const mine = (await arm().list(roles, { apiVersion: "2022-04-01" })).filter(contributor);
const { identity } = await arm().read(workspaceId, v);
const principals = Object.values(identity.userAssignedIdentities ?? {}).map(({ principalId }) => principalId);
await arm().remove(mine.find((one) => principals.includes(one.properties.principalId)).id, { apiVersion: "2022-04-01" });

const settings = workspaceId + "/providers/Microsoft.Insights/diagnosticSettings";
await arm().remove((await only(settings, "2021-05-01-preview")).id, { apiVersion: "2021-05-01-preview" });
await arm().remove(workspaceId + "/models/breast-cancer/versions/2", v);
console.log(JSON.stringify({ endpoint: last(endpointId), first, cluster: last(cluster.id), storage: last(storageAccount), workspace: last(workspaceId) }));
`;
