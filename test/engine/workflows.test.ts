import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../tools/paths";
import { changedExample } from "../helpers/changed-example";
import { AzureDevopsStandIn } from "../helpers/azure-devops-stand-in";
import { report, sentenceIn, stable } from "../helpers/checked-in-report";
import { Checkout } from "../helpers/checkout";
import { GithubStandIn, type StandInIssue } from "../helpers/github-stand-in";
import { LocalAzure } from "../helpers/local-azure";
import { policyPack } from "../helpers/policy-pack";
import { WorkflowRunner, type StepCall } from "../helpers/workflow-runner";
import type { StepEnd } from "../helpers/workflow-steps";

const TOKEN = "ghs_of-the-workflow";
const { config } = parse(readFileSync(join(packageRoot(), "stacks", "Pulumi.local.yaml"), "utf8")) as {
  config: Record<string, unknown>;
};
const rollout = (weight: number): object => ({
  strategy: { kind: "steps", steps: [{ weight, bakeSeconds: 60, pause: true }] },
  watchSeconds: 0,
  retireAfterSeconds: 0,
});
const settings = { ...config, "pulumi-azureml:rollout": rollout(20) };

/**
 * The shell steps of the workflows as they are, on the local Azure, with the few calls to GitHub and Azure DevOps answered on loopback; the steps
 * build on one another.
 */
describe("the workflows to copy", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  const github = new GithubStandIn(TOKEN);
  const devops = new AzureDevopsStandIn(TOKEN);
  let checkout: Checkout;
  let base: string;
  let runner: WorkflowRunner;

  const step = async (...[file, name, known]: StepCall): Promise<StepEnd> =>
    await runner.step(file, name, known);
  /** As `step`, of one that must not fail. */
  const passes = async (...args: StepCall): Promise<StepEnd> => {
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
  /** The settings with another model. @param weight of the rollout's first step */
  const changedModel = (weight = 20): Record<string, unknown> => ({
    ...settings,
    "pulumi-azureml:rollout": rollout(weight),
    "pulumi-azureml:modelPath": changedExample(azure, "v2"),
  });
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
    runner = new WorkflowRunner(checkout, policyPack(azure), {
      token: TOKEN,
      github: await github.start(),
      devops: await devops.start(),
    });
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

  const previewOf = "github/workflows/preview.yml";
  let pull: StandInIssue;
  let ofPull: Record<string, string>;
  /** Of stack `dev`, in a commit. */
  const set = async (changed: Record<string, unknown>): Promise<void> => {
    const { encryptionsalt } = parse(checkout.read("stacks/Pulumi.dev.yaml")) as { encryptionsalt: string };
    checkout.write("stacks/Pulumi.dev.yaml", stringify({ config: changed, encryptionsalt }));
    await checkout.commit("other settings", "stacks");
  };

  it("a pull request has one comment about the model that it changes, edited in place", async () => {
    pull = github.pullRequest(Array.from({ length: 101 }, (_, number) => `comment ${number}`));
    ofPull = { "github.event.pull_request.number": String(pull.number) };
    await set(changedModel());
    await passes(previewOf, "Preview");
    await passes(previewOf, "Comment", ofPull);
    await passes(previewOf, "Comment", ofPull);
    expect(pull.comments).to.have.length(102);
    expect(stable(pull.comments.at(-1)?.body)).to.equal(report);
    checkout.write("previews/report.md", `${report}${"x".repeat(70_000)}`);
    await passes(previewOf, "Comment", ofPull);
    expect(pull.comments.at(-1)?.body).to.have.length.below(65_536);
  });

  it("and in Azure DevOps; another weight of the rollout is another sentence", async () => {
    await set(changedModel(30));
    const preview = "azure-pipelines/preview.yml";
    await passes(preview, "Preview");
    await passes(preview, "Comment");
    await passes(preview, "Comment");
    expect(devops.threads).to.have.length(1);
    const sentence = sentenceIn(stable(devops.threads[0]?.comments[0]?.content));
    expect(sentence).to.equal(sentenceIn(report).replace("(20 %, ", "(30 %, "));
    expect(sentence).to.not.equal(sentenceIn(report));
  });

  it("a preview that fails ends red, and has its comment", async () => {
    await set({ ...settings, "pulumi-azureml:instances": 0 });
    expect((await step(previewOf, "Preview")).exitCode).to.equal(1);
    await passes(previewOf, "Comment", ofPull);
    expect(pull.comments).to.have.length(102);
    expect(pull.comments.at(-1)?.body)
      .to.contain("**The preview failed**")
      .and.to.contain("Wrong settings of stack dev");

    // Held to profile prod, whose rules this stack breaks.
    const staging = { "needs.environments.outputs.environments": '["staging"]' };
    expect((await step(previewOf, "Preview", staging)).exitCode).to.not.equal(0);
    await passes(previewOf, "Comment", { ...ofPull, ...staging });
    expect(pull.comments.at(-1)?.body)
      .to.match(/\| `staging` \|.* \d+ mandatory, \d+ advisory \|/)
      .and.to.contain("- mandatory policies refuse it")
      .and.to.contain("- mandatory `endpoint-entra-id` on `mlflow-endpoint`: ");

    checkout.write("stacks/Pulumi.nowhere.yaml", "config: {}\n");
    await checkout.commit("a stack that nobody made");
    const preview = "azure-pipelines/preview.yml";
    expect((await step(preview, "Preview", { ENVIRONMENTS: "nowhere" })).exitCode).to.not.equal(0);
    await passes(preview, "Comment");
    expect(devops.threads[0]?.comments[0]?.content)
      .to.contain("**The preview failed**")
      .and.to.contain("the log of its run says why");
    checkout.write("previews/report.md", "");
    await passes(previewOf, "Comment", ofPull);
    expect(pull.comments.at(-1)?.body).to.contain("came to no report: [its run](https://github.com/");
    await passes(previewOf, "Comment", { ...ofPull, "needs.environments.outputs.environments": "[]" });
    expect(pull.comments.at(-1)?.body).to.contain("No environment changes.");
    await set(changedModel());
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
