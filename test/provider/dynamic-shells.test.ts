import { expect } from "chai";
import execa from "execa";
import { appendFileSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { BatchEndpointSettings } from "../../providers/batch-endpoint/resource";
import { BatchRunJob } from "../../providers/batch-run/resource";
import { Detach } from "../../providers/detach/resource";
import { MlflowExperiment } from "../../providers/experiment/resource";
import { ManagedNetwork } from "../../providers/managed-network/resource";
import { CustomModelVersion, MlflowModelVersion } from "../../providers/models/resource";
import { OnlineEndpointSettings } from "../../providers/online-endpoint/resource";
import { Purge } from "../../providers/purge/resource";
import { MlflowRegisteredModel } from "../../providers/registered-model/resource";
import { Rollout } from "../../providers/rollout/resource";
import { packageRoot } from "../../tools/paths";
import { providerText } from "../helpers/dynamic-provider";
import { BATCH_ENDPOINT_ID, ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const secret = "s3cr3t-in-the-environment";
const model = { workspaceId: WORKSPACE_ID, name: "churn", path: "model", onDelete: "retain" };
const rollout = {
  endpointId: ENDPOINT_ID,
  prefix: "churn",
  deployment: {},
  steps: [],
  smokeRequests: [],
  gates: [],
  minRequests: 0,
  judgement: {},
  retireAfterSeconds: 0,
  keepGenerations: 0,
  maxHoldSeconds: 0,
  foreignTraffic: "keep",
  onDrift: "putBack",
};
const batchRun = {
  endpointId: BATCH_ENDPOINT_ID,
  input: { path: "new" },
  wait: true,
  deadlineSeconds: 60,
  onDestroy: "cancel",
};
const resources = {
  "mlflow-model": () => new MlflowModelVersion("m", model),
  "custom-model": () => new CustomModelVersion("c", model),
  "online-endpoint": () => new OnlineEndpointSettings("e", { endpointId: ENDPOINT_ID }),
  "batch-endpoint": () => new BatchEndpointSettings("b", { endpointId: BATCH_ENDPOINT_ID }),
  "batch-run": () => new BatchRunJob("b", batchRun),
  experiment: () => new MlflowExperiment("x", { name: "churn", onDelete: "retain" }),
  "registered-model": () => new MlflowRegisteredModel("m", { name: "churn", onDelete: "retain" }),
  detach: () => new Detach("d", { computeId: `${WORKSPACE_ID}/computes/aks` }),
  rollout: () => new Rollout("r", rollout),
  "managed-network": () =>
    new ManagedNetwork("n", { workspaceId: WORKSPACE_ID, rules: {}, workspace: "digest" }),
  purge: () => new Purge("p", { targetId: WORKSPACE_ID, onDelete: "purge" }),
};

describe("what the state keeps of a dynamic provider", () => {
  let before_: string | undefined;
  before(() => {
    before_ = process.env["ARM_CLIENT_SECRET"];
    process.env["ARM_CLIENT_SECRET"] = secret;
  });
  after(() => {
    if (before_ === undefined) delete process.env["ARM_CLIENT_SECRET"];
    else process.env["ARM_CLIENT_SECRET"] = before_;
  });

  for (const [folder, declare] of Object.entries(resources)) {
    it(`of ${folder} is under 1 KB, without logic, secrets or a machine's paths`, async () => {
      const text = await providerText(declare);
      // A provider that held a secret would be an object that says so.
      expect(text).to.be.a("string");
      const kept = String(text);
      expect(kept.length).to.be.lessThan(1024);
      expect(kept).to.contain(`("pulumi-azureml/internal/${folder}")`);
      for (const word of [secret, packageRoot(), homedir(), "@azure", "https://"])
        expect(kept).to.not.contain(word);
    });

    it(`of ${folder} names a module that the package exports, with every method`, async () => {
      const load = `require("module").createRequire(process.cwd() + "/package.json")("pulumi-azureml/internal/${folder}")`;
      const { stdout } = await execa(process.execPath, ["-p", `Object.keys(${load}).sort().join()`], {
        cwd: packageRoot(),
      });
      for (const method of ["check", "create", "delete", "diff", "read", "update"])
        expect(stdout.split(",")).to.include(method);
    });
  }

  it("is served by the code that is being edited: a build that is not of it is replaced before a resource is registered", async () => {
    const built = join(packageRoot(), "dist", "providers", "purge", "purge.js");
    const fresh = readFileSync(built, "utf8");
    appendFileSync(built, "\n// of an older build\n");
    const program = `
      const { runProgram } = require("./test/helpers/pulumi-mocks");
      const { Purge } = require("./providers/purge/resource");
      runProgram(() => new Purge("p", { targetId: "t", onDelete: "purge" }));`;
    await execa(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program], {
      cwd: packageRoot(),
    });
    expect(readFileSync(built, "utf8")).to.equal(fresh);
  });
});
