import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { AzureDevopsStandIn } from "../helpers/azure-devops-stand-in";
import { Checkout } from "../helpers/checkout";
import { GithubStandIn } from "../helpers/github-stand-in";
import { LocalAzure } from "../helpers/local-azure";
import { pipelineSteps, runStep, shellSteps, type StepEnd } from "../helpers/workflow-steps";

const TOKEN = "ghs_of-the-workflow";
const folder = join(packageRoot(), "examples", "workflows");
const { config } = parse(readFileSync(join(packageRoot(), "stacks", "Pulumi.local.yaml"), "utf8")) as {
  config: Record<string, unknown>;
};
const settings = {
  ...config,
  "pulumi-azureml:rollout": {
    strategy: { kind: "steps", steps: [{ weight: 20, bakeSeconds: 60, pause: true }] },
    watchSeconds: 0,
    retireAfterSeconds: 0,
  },
};

/**
 * The shell steps of the workflows as they are, on the local Azure, with the few calls to GitHub and Azure DevOps answered on loopback; the steps
 * build on one another.
 */
describe("the workflows to copy", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  const github = new GithubStandIn(TOKEN);
  const devops = new AzureDevopsStandIn(TOKEN);
  let checkout: Checkout;
  let apis: { readonly github: string; readonly devops: string };
  let base: string;

  /** @param known expressions, and variables of the runner's environment, by name */
  const step = async (file: string, name: string, known: Record<string, string> = {}): Promise<StepEnd> => {
    const place = join(folder, file);
    const found = (file.startsWith("github") ? shellSteps : pipelineSteps)(place).get(name);
    if (found === undefined) throw new Error(`${file} has no step ${name}`);
    const ofService = {
      "github.token": TOKEN,
      "github.server_url": "https://github.com",
      "github.repository": "contoso/credit",
      "github.run_id": "7",
      "System.AccessToken": TOKEN,
    };
    const ofStack = { "inputs.environment": "dev", "matrix.environment": "dev", environment: "dev" };
    const none = [...readFileSync(place, "utf8").matchAll(/vars\.\w+/g)].map(([text]) => [text, ""] as const);
    const env = {
      ...checkout.environment(),
      GITHUB_API_URL: apis.github,
      GITHUB_REPOSITORY: "contoso/credit",
      SYSTEM_COLLECTIONURI: apis.devops,
      SYSTEM_TEAMPROJECT: "credit",
      SYSTEM_PULLREQUEST_PULLREQUESTID: "12",
      SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main",
      BUILD_REPOSITORY_ID: "repo",
      // As AzureCLI@2 has them.
      servicePrincipalId: "",
      tenantId: "",
      idToken: "",
      ...Object.fromEntries(Object.entries(known).filter(([key]) => /^[A-Z_]+$/.test(key))),
    };
    const expressions = { ...Object.fromEntries(none), ...ofService, ...ofStack, ...known };
    // The local Azure's deployer signs in by its secret; the tokens of a runner are the services' own.
    const signedIn = { ...found, run: found.run.replace(/^export ARM_USE_OIDC.*$/m, "") };
    return await runStep(signedIn, {
      cwd: checkout.folder,
      env: { ...env, ARM_USE_OIDC: "false" },
      expressions,
    });
  };
  /** As `step`, of one that must not fail. */
  const passes = async (...args: Parameters<typeof step>): Promise<StepEnd> => {
    const ended = await step(...args);
    expect(ended.exitCode, `${args.join(" ")}: ${ended.stdout}\n${ended.stderr}`).to.equal(0);
    return ended;
  };
  /** Whether something drifted of stack `dev`; the issue about it is as it should be then. */
  const driftNow = async (): Promise<string | undefined> => {
    const { outputs } = await passes("github/workflows/drift.yml", "Drift", { ENVIRONMENTS: "dev" });
    const drifted = outputs["drifted"] ?? "";
    await passes("github/workflows/drift.yml", "Issue", { "steps.drift.outputs.drifted": drifted });
    return drifted;
  };
  const tagEndpoint = async (environment: string): Promise<void> => {
    const id = await checkout.run("pulumi", "stack", "output", "endpointId", "--stack", "dev");
    const script = `const { arm } = require("./dist/providers/clients/arm.js"); const v = { apiVersion: "2025-12-01" };
(async () => { const [, id, environment] = process.argv; const body = await arm().read(id, v); body.tags.environment = environment; await arm().put(id, { ...v, body }); })();`;
    await execa(process.execPath, ["-e", script, id, environment], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
  };

  before(async () => {
    await azure.start();
    checkout = await Checkout.create(azure, { dev: settings, staging: settings, prod: settings });
    base = await checkout.run("git", "rev-parse", "HEAD");
    await checkout.run("git", "update-ref", "refs/remotes/origin/main", base);
    apis = { github: await github.start(), devops: await devops.start() };
  });
  after(async () => {
    await github.close();
    await devops.close();
    await azure.remove();
  });

  it("a pull request is previewed for the environments that it changes", async () => {
    const chosen = async (...written: string[]): Promise<unknown> => {
      for (const file of written) checkout.write(file, `# ${file}\n`);
      await checkout.commit("a change");
      const { outputs } = await passes("github/workflows/preview.yml", "Environments", {
        "github.event.pull_request.base.sha": base,
      });
      await checkout.run("git", "reset", "--quiet", "--hard", base);
      return JSON.parse(outputs["environments"] ?? "");
    };
    expect(await chosen("docs/page.md", "README.md")).to.deep.equal([]);
    expect(await chosen("stacks/Pulumi.staging.yaml")).to.deep.equal(["staging"]);
    expect(await chosen("stacks/Pulumi.other.yaml")).to.deep.equal([]);
    expect(await chosen("stacks/Pulumi.prod.yaml", "model/MLmodel")).to.deep.equal([
      "dev",
      "staging",
      "prod",
    ]);
  });

  it("a merge brings the environment up, and the next one may begin", async () => {
    await passes("github/workflows/up.yml", "Up");
    const { summary } = await passes("github/workflows/up.yml", "Phase");
    expect(summary).to.match(/^\*\*dev\*\*: `.+` is Serving\n$/);
  });

  it("drift opens one issue, keeps it up to date, and closes it when nothing is left", async () => {
    expect(await driftNow()).to.equal("false");
    expect(github.issues).to.deep.equal([]);
    await tagEndpoint("by-hand");
    expect(await driftNow()).to.equal("true");
    const [issue = expect.fail("no issue")] = github.issues;
    expect(issue).to.include({ state: "open" });
    expect(issue.body).to.contain('tag `environment` is "by-hand", declared "local"');
    expect(issue.body).to.contain("https://github.com/contoso/credit/actions/runs/7");
    await tagEndpoint("again");
    await driftNow();
    expect(issue.body).to.contain('is "again"').and.to.not.contain("by-hand");
    await tagEndpoint("local");
    expect(await driftNow()).to.equal("false");
    expect(issue.state).to.equal("closed");
    expect(issue.comments).to.have.length(1);
    expect(github.issues).to.have.length(1);
  });

  it("a pull request has one comment about the model that it changes, edited in place", async () => {
    const changed = { ...settings, "pulumi-azureml:modelPath": changedExample(azure, "v2") };
    const { encryptionsalt } = parse(checkout.read("stacks/Pulumi.dev.yaml")) as { encryptionsalt: string };
    checkout.write("stacks/Pulumi.dev.yaml", stringify({ config: changed, encryptionsalt }));
    await checkout.commit("another model", "stacks");
    const preview = "github/workflows/preview.yml";
    const pull = github.pullRequest(Array.from({ length: 101 }, (_, number) => `comment ${number}`));
    const number = { "github.event.pull_request.number": String(pull.number) };
    await passes(preview, "Preview");
    await passes(preview, "Report");
    await passes(preview, "Comment", number);
    await passes(preview, "Comment", number);
    expect(pull.comments).to.have.length(102);
    const { body = "" } = pull.comments.at(-1) ?? {};
    expect(body).to.match(/^<!-- pulumi-azureml: preview -->\n### dev: \d+ to /);
    expect(body).to.contain("another generation is made beside");
    expect(body).to.contain("- update `mlflow-deployment`");
    checkout.write("report.md", "x".repeat(70_000));
    await passes(preview, "Comment", number);
    expect(pull.comments.at(-1)?.body).to.have.length.below(65_536).and.to.contain("The rest is in");
  });

  it("and of Azure DevOps, too", async () => {
    const preview = "azure-pipelines/preview.yml";
    await passes(preview, "Preview");
    await passes(preview, "Report");
    await passes(preview, "Comment");
    await passes(preview, "Comment");
    expect(devops.threads).to.have.length(1);
    expect(devops.threads[0]?.comments[0]?.content).to.contain("### dev: ").and.to.not.contain("staging");
  });

  it("a rollout that pauses holds the next environment back, and says who goes on and how", async () => {
    await passes("github/workflows/up.yml", "Up");
    const paused = await step("github/workflows/up.yml", "Phase");
    expect(paused.exitCode).to.equal(1);
    expect(paused.stdout).to.match(
      /^::error::dev: \S+ is Paused\. Next: npx pulumi-azureml rollout promote \//,
    );
    expect((await passes("github/workflows/advance.yml", "Advance")).stdout).to.contain("Paused");

    const stage = await step("azure-pipelines/deploy.yml", "Up");
    expect(stage.exitCode).to.equal(1);
    expect(stage.stdout).to.match(/##vso\[task.logissue type=error\]dev: \S+ is Paused\./);
    expect((await passes("azure-pipelines/advance.yml", "Advance")).stdout).to.contain("Paused");
  });

  it("drift is a work item of Azure DevOps, made once and closed", async () => {
    const now = async (): Promise<unknown> =>
      await passes("azure-pipelines/drift.yml", "Drift", { ENVIRONMENTS: "dev" });
    await tagEndpoint("by-hand");
    await now();
    await now();
    expect(devops.items).to.have.length(1);
    expect(devops.items[0]).to.include({ "System.State": "To Do", "System.Tags": "drift" });
    expect(devops.items[0]?.["System.Description"]).to.contain('tag `environment` is "by-hand"');
    await tagEndpoint("local");
    await now();
    expect(devops.items.map((item) => item["System.State"])).to.deep.equal(["Done"]);
  });

  it("the timer passes over an environment that has nothing yet", async () => {
    const { stdout } = await passes("github/workflows/advance.yml", "Advance", {
      "matrix.environment": "prod",
    });
    expect(stdout.trim()).to.equal("prod has no endpoint yet");
  });

  it("a token that GitHub refuses fails the step, and is in no output", async () => {
    const { exitCode, stdout, stderr } = await step("github/workflows/drift.yml", "Issue", {
      "github.token": "ghs_stale",
      "steps.drift.outputs.drifted": "false",
    });
    expect(exitCode).to.not.equal(0);
    expect(stdout + stderr).to.not.contain("ghs_stale");
  });
});
