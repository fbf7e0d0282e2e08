import { expect } from "chai";
import type execa from "execa";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import { preparePulumiFolders } from "../../local/pulumi-folders";
import { apiReports } from "../../tools/docs/api-reports";
import { packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";
import { startedByPlugin } from "../helpers/policy-pack";
import { TeamFolder } from "../helpers/team-folder";

const workspace = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw`;

/** An ES module that takes a component by the package's name and by its own path, and may not take a wrong argument. */
const MODULE = `
import { RegisteredModel, type RegisteredModelArgs } from "pulumi-azureml";
import { RegisteredModel as Single } from "pulumi-azureml/components/registered-model";
import { rules } from "pulumi-azureml/policies";
const args: RegisteredModelArgs = { modelName: "fraud" };
// @ts-expect-error a name is a text
const wrong: RegisteredModelArgs = { modelName: 7 };
const same: typeof RegisteredModel = Single;
export const made = (): RegisteredModel => new same("fraud", args ?? wrong);
`;

/** What somebody has who ran `npm install pulumi-azureml`: the packed package and what it names as dependencies, nothing of this checkout. */
describe("the installed package", () => {
  const azure = new LocalAzure();
  const team = new TeamFolder();

  before(async () => {
    await azure.start();
    await team.install();
  });
  after(async () => {
    team.remove();
    await azure.remove();
  });

  it("holds what it needs and no more", () => {
    const files = readdirSync(team.package, { recursive: true, encoding: "utf8" }).filter((file) =>
      statSync(join(team.package, file)).isFile(),
    );
    const wanted =
      /^(LICENSE|README\.md|package\.json|policies\/(package\.json|PulumiPolicy\.yaml)|dist\/(cli|components|policies|providers)\/.+(\.d\.ts|\.js))$/;
    expect(files.filter((file) => !wanted.test(file))).to.deep.equal([]);
    const declared = files.filter((file) => file.endsWith(".d.ts"));
    expect(files).to.include.members(declared.map((file) => file.replace(/\.d\.ts$/, ".js")));
    expect(files).to.include.members(["dist/cli/main.js", "dist/components/index.d.ts", "LICENSE"]);
    const bytes = files.reduce((sum, file) => sum + statSync(join(team.package, file)).size, 0);
    expect(bytes, "unpacked").to.be.lessThan(3_500_000);
    expect(team.tarball.length, "packed").to.be.lessThan(800_000);
  });

  it("has nothing that publint or Are The Types Wrong has a word about", async () => {
    const { publint } = await import("publint");
    const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
    const { buffer, byteOffset, byteLength } = team.tarball;
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).to.deep.equal([]);
    const types = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), {
      includeEntrypoints: ["./components/workspace", "./components/rolling-deployment"],
    });
    // Before `exports` there was no way to name an entry beside the first.
    const problems = (types.types === false ? ["no types"] : types.problems).filter(
      (problem) =>
        typeof problem === "string" ||
        !(
          problem.kind === "NoResolution" &&
          problem.resolutionKind === "node10" &&
          problem.entrypoint !== "."
        ),
    );
    expect(problems).to.deep.equal([]);
  });

  it("shows the types that docs/api has (else: npm run api, and look at what changed)", () => {
    // Packing made the declarations anew; where they are installed, API Extractor takes them for somebody else's.
    for (const [file, text] of apiReports(packageRoot()))
      expect(text, file).to.equal(readFileSync(join(packageRoot(), "docs", "api", file), "utf8"));
  });

  for (const [resolution, module] of [
    ["node16", "node16"],
    ["bundler", "preserve"],
  ])
    it(`type-checks under strict with moduleResolution ${resolution}, from CommonJS and from an ES module`, async () => {
      const options = { module, moduleResolution: resolution, types: ["node"] };
      team.write("module.mts", MODULE);
      team.write("tsconfig.check.json", {
        extends: "./tsconfig.json",
        compilerOptions: options,
        files: ["index.ts", "module.mts"],
        include: [],
      });
      const { exitCode, all } = await team.run("npx", ["--no-install", "tsc", "-p", "tsconfig.check.json"]);
      expect(exitCode, all).to.equal(0);
    });

  it("is the same from CommonJS and from ES modules, by its name and by a component's path", async () => {
    team.write(
      "load.mjs",
      `import { createRequire } from "node:module";
       import { RegisteredModel } from "pulumi-azureml";
       import { RegisteredModel as single } from "pulumi-azureml/components/registered-model";
       const required = createRequire(import.meta.url)("pulumi-azureml").RegisteredModel;
       console.log(RegisteredModel === single, RegisteredModel === required, RegisteredModel.name);`,
    );
    const { stdout, all } = await team.run(process.execPath, ["load.mjs"]);
    expect(stdout, all).to.equal("true true RegisteredModel");
  });

  it("comes up in a team's own project beside its own resources, by what the platform's stack gives, without a warning", async () => {
    const platform = await AzureWorkspace.open("team", { paths: azure.paths, run: () => azure.run() });
    await platform.close();
    preparePulumiFolders(azure.paths);
    team.write("state/README", "the backend's folder");
    team.write("platform/Pulumi.yaml", "name: platform\nruntime: nodejs\nmain: index.js\n");
    team.write("platform/package.json", { name: "platform", dependencies: { "@pulumi/pulumi": "*" } });
    team.write(
      "platform/index.js",
      `exports.workspaceId = ${JSON.stringify(platform.id)}; exports.location = "westeurope";`,
    );
    const env: NodeJS.ProcessEnv = {
      ...azure.environment(),
      PULUMI_BACKEND_URL: `file://${join(team.path, "state")}`,
    };
    await team.pulumi(env, "-C", "platform", "stack", "init", "prod");
    await team.pulumi(env, "-C", "platform", "up", "--stack", "prod", "--yes", "--skip-preview");

    await team.pulumi(env, "stack", "init", "team");
    await team.pulumi(env, "config", "set", "platform", "organization/platform/prod", "--stack", "team");
    const up = await team.pulumi(env, "up", "--stack", "team", "--yes");
    expect(up).to.not.match(/warning/i);
    const outputs = JSON.parse(
      await team.pulumi(env, "stack", "output", "--json", "--stack", "team"),
    ) as object;
    expect(outputs).to.have.property("modelName", "fraud");
    expect(outputs).to.have.property("clusterId").that.contains(`${platform.id}/computes/`);
    // The last look is the packed policy pack's too.
    const pack = join("node_modules", "pulumi-azureml", "policies");
    const runner = join(team.path, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    startedByPlugin(join(team.path, pack), team.path, runner);
    const judging = {
      ...env,
      PATH: `${team.path}${delimiter}${env["PATH"] ?? ""}`,
      PULUMI_AZUREML_POLICY_PROFILE: "dev",
    };
    const asked = ["--stack", "team", "--expect-no-changes", "--policy-pack", pack];
    const judged = await team.pulumi(judging, "preview", ...asked);
    expect(judged).to.contain("[advisory]").and.to.not.contain("[mandatory]");
    expect(judged).to.contain("compute-in-network: neither a subnet nor a managed network holds it");
  });

  describe("has a command that", () => {
    const npx = async (...args: string[]): Promise<execa.ExecaReturnValue> =>
      await team.run("npx", ["--no-install", "pulumi-azureml", ...args], azure.environment());

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
});
