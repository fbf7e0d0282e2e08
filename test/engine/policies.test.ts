import { expect } from "chai";
import type execa from "execa";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LocalAzure } from "../helpers/local-azure";
import { policyPack } from "../helpers/policy-pack";
import { rolloutStack } from "../helpers/rollout-stack";
import type { ProgramStack } from "../helpers/program-stack";

describe("the policy pack by the real engine", () => {
  const azure = new LocalAzure();
  let pack: string;
  let stack: ProgramStack;

  before(async () => {
    await azure.start();
    pack = policyPack(azure);
    stack = await rolloutStack(azure, {});
  });
  after(async () => await azure.remove());

  /** A preview under the pack. */
  async function preview(profile: string, config: object = {}): Promise<execa.ExecaReturnValue> {
    const file = join(pack, "config.json");
    writeFileSync(file, JSON.stringify(config));
    const before = { ...process.env };
    // What starts the engine inherits from this process.
    process.env["PATH"] = `${pack}${delimiter}${before["PATH"] ?? ""}`;
    process.env["PULUMI_AZUREML_POLICY_PROFILE"] = profile;
    try {
      return await stack.pulumi("preview", "--policy-pack", pack, "--policy-pack-config", file);
    } finally {
      process.env = before;
    }
  }

  it("stops a violation in prod, and says which rule, why and what to write", async () => {
    const { exitCode, stdout } = await preview("prod");
    expect(exitCode, stdout).to.not.equal(0);
    expect(stdout).to.contain("[mandatory]").and.to.contain("endpoint-entra-id");
    expect(stdout).to.contain("properties.authMode is not AADToken. A key is everybody's who has it");
    expect(stdout).to.contain("Set properties.authMode to AADToken.");
  });

  it("advises in dev, says what can't be told yet, and sees the body that a rollout deploys", async () => {
    const { exitCode, stdout } = await preview("dev");
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.contain("[advisory]").and.to.not.contain("[mandatory]");
    expect(stdout).to.contain("can't be known during preview");
    expect(stdout).to.contain("deployment-instances  (pulumi-nodejs:dynamic/pulumi-azureml:Rollout: ");
    expect(stdout).to.contain("deployment-instances: sku.capacity is below 3");
    expect(stdout).to.contain("endpoint-protected: its option protect is not true");
    expect(stdout).to.contain("deployment-autoscale: no enabled autoscale of the stack is for it");
    expect(stdout).to.contain("endpoint-logs: no diagnostic setting of the stack sends on AmlOnline");
    expect(stdout).to.not.contain("workspace-logs: ");
  });

  it("lets an exempt resource through and lists it; an exemption that has ended is an error", async () => {
    const exemption = { resource: "*", reason: "partners have keys", until: "2999-12-31" };
    const exempt = await preview("prod", { "endpoint-entra-id": { exemptions: [exemption] } });
    expect(exempt.stdout).to.contain("exempt from endpoint-entra-id until 2999-12-31");
    expect(exempt.stdout).to.not.contain("endpoint-entra-id: properties.authMode");
    const ended = await preview("dev", {
      "endpoint-entra-id": { exemptions: [{ ...exemption, until: "2020-01-01" }] },
    });
    expect(ended.exitCode).to.not.equal(0);
    expect(ended.stdout + ended.stderr).to.contain("exemptions[0] of endpoint-entra-id ended on 2020-01-01");
  });
});
