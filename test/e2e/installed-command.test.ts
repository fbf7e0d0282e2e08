import { expect } from "chai";
import execa from "execa";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";

const workspace = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw`;

/** What somebody has who ran `npm install pulumi-azureml`: the packed package and what it names as dependencies, nothing of this checkout. */
describe("the installed package's command", () => {
  const azure = new LocalAzure();
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-installed-"));
  const npm = async (...args: string[]): Promise<void> => void (await execa("npm", args, { cwd: folder }));
  const npx = async (...args: string[]): Promise<execa.ExecaReturnValue> =>
    await execa("npx", ["--no-install", "pulumi-azureml", ...args], {
      cwd: folder,
      env: azure.environment(),
      reject: false,
    });

  before(async () => {
    await azure.start();
    await execa("npm", ["pack", "--pack-destination", folder], { cwd: packageRoot() });
    const tarball =
      readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? expect.fail("nothing was packed");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "team", private: true }));
    await npm("install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", `./${tarball}`);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await azure.remove();
  });

  it("shows what it can do", async () => {
    const { exitCode, stdout, stderr } = await npx("rollout", "--help");
    expect(exitCode, stderr).to.equal(0);
    for (const name of ["status", "watch", "history", "promote", "advance", "abort", "rollback"])
      expect(stdout).to.contain(name);
  });

  it("signs in and asks Azure", async () => {
    const ended = await npx("rollout", "status", "oe-none", "--workspace", workspace);
    expect(ended).to.include({
      exitCode: 1,
      stderr: `${workspace}/onlineEndpoints/oe-none: there is no such endpoint, or not for who asks.`,
    });
  });
});
