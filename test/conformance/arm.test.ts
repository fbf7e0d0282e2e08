import { expect } from "chai";
import execa from "execa";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { plainEnvironment } from "../../local/children";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { openAuthority } from "../../local/door/authority";
import { createProxy } from "../../local/door/proxy";
import { createDoor } from "../../local/door/server";
import { localEnvironment } from "../../local/environment";
import { createIdentity, type Identity } from "../../local/identity/identity";
import { readSecrets } from "../../local/secrets";
import { statePaths } from "../../local/state";
import { packageRoot, python, toolsFolder } from "../../tools/paths";
import { fakeVerifier, GROUP, Harness, INSIGHTS, LOGS, STORAGE, VAULT } from "../unit/arm-harness";

/** What Microsoft's client must have seen; `westeurope` and the names are the test's own. */
const expected = {
  workspace: [
    "mlws",
    "Succeeded",
    `azureml://westeurope.api.azureml.ms/mlflow/v1.0${GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlws`,
  ],
  workspaces: ["mlws"],
  "workspace tags": { team: "churn" },
  keys: true,
  compute: ["AmlCompute", "Succeeded"],
  "compute nodes": 5,
  datastores: [
    "workspaceartifactstore",
    "workspaceblobstore",
    "workspacefilestore",
    "workspaceworkingdirectory",
  ],
  secrets: "AccountKey",
  model: ["3", true, "Succeeded"],
  "versions by pages of one": ["3", "2", "1"],
  container: ["3", "4"],
  "version not a number": [400, "BadArgument", "HttpResponseError"],
  endpoint: ["Succeeded", "https://churn.westeurope.inference.ml.azure.com/score", true],
  deployment: ["Managed", "Succeeded", 1],
  instances: 3,
  "another size": [400, "BadArgument", "HttpResponseError"],
  traffic: { blue: 100 },
  "traffic to nobody": [400, "BadArgument", "HttpResponseError"],
  "endpoint keys": true,
  "key of my own": "mine",
  deployments: ["blue"],
  skus: ["Default"],
  "delete a weighted one": [400, "BadArgument", "HttpResponseError"],
  "endpoint gone": [404, "ResourceNotFound", "ResourceNotFoundError"],
  "container after delete": "2",
  computes: [],
  "soft-deleted name": [400, "BadRequest", "HttpResponseError"],
  "purged name": "mlws",
};

describe("the local ARM, by Microsoft's own Machine Learning client", function () {
  this.timeout(120_000);

  it("makes, reads, lists, changes and deletes a workspace and what is in it", async () => {
    let signIn: Pick<Identity, "verifier" | "access"> = {
      verifier: fakeVerifier,
      access: { hasRole: () => true },
    };
    const harness = new Harness({
      verifier: { verify: (...token) => signIn.verifier.verify(...token) },
      access: { hasRole: (...asked) => signIn.access.hasRole(...asked) },
      now: () => new Date(),
    });
    for (const [id, body] of prerequisites) await harness.make(id, body);
    const paths = statePaths(harness.folder);
    const secrets = readSecrets(paths);
    const identity = await createIdentity({ store: harness.store, secrets, paths });
    signIn = identity;
    const door = await createDoor({
      authority: await openAuthority(paths),
      parts: { identity: identity.app, arm: harness.arm.app },
    });
    const refused: string[] = [];
    const proxy = await createProxy({ doorPort: door.port, log: (line) => refused.push(line) });
    try {
      const run = {
        pid: process.pid,
        started: "",
        build: "",
        ports: { proxy: proxy.port, tls: door.port, http: 0 },
        processes: { blobs: { pid: 0, started: "" } },
        clock: { speed: 1, since: 0 },
      };
      const ids = { storage: STORAGE, vault: VAULT, insights: INSIGHTS };
      const ended = await execa(
        python,
        [
          join(packageRoot(), "test/conformance/clients/arm_client.py"),
          wheel(),
          SUBSCRIPTION_ID,
          "rg",
          JSON.stringify(ids),
        ],
        { env: plainEnvironment(localEnvironment(paths, secrets, run)), extendEnv: false, reject: false },
      );
      expect(ended.exitCode, ended.stderr).to.equal(0);
      const { logs, ...seen } = JSON.parse(ended.stdout) as Record<string, unknown>;
      expect(seen).to.deep.equal(expected);
      expect(logs).to.match(/^5 lines of .*deployments\/blue$/);
      expect(refused, "what the proxy refused").to.deep.equal([]);
      expect(harness.arm.violations(), "answers that break Microsoft's models").to.deep.equal([]);
      expect(harness.effects.deployed.size).to.equal(0);
    } finally {
      await proxy.close();
      await door.close();
      await identity.close();
      await harness.close();
    }
  });
});

const location = "westeurope";
const prerequisites: readonly (readonly [string, Parameters<Harness["make"]>[1]])[] = [
  [GROUP, { location }],
  [STORAGE, { location, kind: "StorageV2", sku: { name: "Standard_LRS" } }],
  [
    VAULT,
    {
      location,
      properties: {
        tenantId: TENANT_ID,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    },
  ],
  [LOGS, { location }],
  [INSIGHTS, { location, kind: "web", properties: { Application_Type: "web", WorkspaceResourceId: LOGS } }],
];

function wheel(): string {
  const folder = join(toolsFolder, "wheels");
  const found = readdirSync(folder).find((name) => name.startsWith("azure_ai_ml-"));
  if (found === undefined)
    throw new Error(`${folder} has no wheel of azure-ai-ml; set the machine up by \`npm test\`.`);
  return join(folder, found);
}
