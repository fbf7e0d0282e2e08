import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { TrackingScripts } from "../../components";
import { TENANT_ID } from "../../local/cloud";
import { localPath } from "../../local/environment";
import type { ApplicationReport } from "../../local/identity/applications";
import type { JsonObject } from "../../local/json";
import { packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { leaksIn } from "../helpers/leaks";
import { programStack, type Stack } from "../helpers/local-azure";
import { Outside, type Variables } from "../helpers/outside";
import { addServicePrincipal } from "../helpers/service-principal";
import { FEDERATED_AUDIENCE, openGitHubIssuer, type GitHubIssuer } from "../helpers/token-issuer";

const EXAMPLE = join(packageRoot(), "examples", "track-from-anywhere");
const SUBJECT = "repo:octo-org/octo-repo:environment:production";

interface Outputs {
  readonly trackingUri: string;
  readonly laptopEnvironment: Variables;
  readonly laptopScripts: TrackingScripts;
  readonly gitHubEnvironment: Variables;
  readonly gitHubScripts: TrackingScripts;
}

/**
 * Azure ML's how-to-use-mlflow-configure-tracking, its sample xgboost_service_principal (a service principal's variables, then tracking) and using-rest-api (with its
 * token), and the same for GitHub's jobs: the example, by the real engine.
 */
describe("tracking from anywhere", function () {
  this.timeout(240_000);
  let issuer: GitHubIssuer;
  let azure: AzureWorkspace;
  let laptop: ApplicationReport;
  let stack: Stack;
  let outputs: Outputs;
  let outside: Outside;

  before(async () => {
    issuer = await openGitHubIssuer();
    process.env["PULUMI_AZUREML_LOCAL_GITHUB"] = issuer.setting.PULUMI_AZUREML_LOCAL_GITHUB;
    azure = await AzureWorkspace.open("outside");
    outside = new Outside(azure);
    laptop = await addServicePrincipal(azure.paths, "laptop");
    const environment = (): NodeJS.ProcessEnv => ({ ...azure.environment, PATH: localPath() });
    stack = await programStack({ paths: azure.paths, environment }, EXAMPLE, "dev", {
      "track-from-anywhere:workspaceId": azure.id,
      "track-from-anywhere:objectId": laptop.objectId,
      "track-from-anywhere:clientId": laptop.clientId,
    });
    await stack.succeeds("config", "set", "--secret", "clientSecret", String(laptop.secret));
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = (await stack.outputs()) as unknown as Outputs;
  });
  after(async () => {
    delete process.env["PULUMI_AZUREML_LOCAL_GITHUB"];
    await azure?.close();
    await issuer?.close();
  });

  const federated = async (subject: string): Promise<Variables> => ({
    ...outputs.gitHubEnvironment,
    AZURE_FEDERATED_TOKEN_FILE: outside.write("token", await issuer.sign(subject)),
  });
  /** A token as the script for bash gets one. */
  const tokenOf = async (variables: Variables): Promise<string> => {
    const [signIn = ""] = outputs.laptopScripts.bash.split("\ncall()");
    return (await outside.run("bash", `${signIn}\nprintf %s "$token"\n`, variables)).stdout;
  };

  it("has ARM's tracking address and what to set as outputs, with the secret in one of them, encrypted", async () => {
    expect(outputs.trackingUri).to.equal(azure.trackingUri);
    const { AZURE_CLIENT_ID = "", ...rest } = outputs.gitHubEnvironment;
    expect(AZURE_CLIENT_ID).to.match(/^[0-9a-f-]{36}$/);
    expect(rest).to.deep.equal({ MLFLOW_TRACKING_URI: azure.trackingUri, AZURE_TENANT_ID: TENANT_ID });
    expect(outputs.laptopEnvironment).to.deep.equal({
      ...rest,
      AZURE_CLIENT_ID: laptop.clientId,
      AZURE_CLIENT_SECRET: laptop.secret,
    });
    const planted = { "client secret": String(laptop.secret) };
    const shown = await stack.succeeds("stack", "output", "--json");
    expect(JSON.parse(shown)).to.deep.include({
      gitHubEnvironment: outputs.gitHubEnvironment,
      laptopEnvironment: "[secret]",
    });
    const kept = [await stack.succeeds("stack", "export"), await stack.succeeds("preview", "--json")];
    for (const text of [shown, ...kept]) expect(leaksIn(text, planted)).to.deep.equal([]);
    expect(leaksIn(JSON.stringify(outputs), planted)).to.have.length.above(0);
  });

  it("logs runs by the script for bash with nothing but the variables, and no secret among curl's arguments", async () => {
    const { bash } = outputs.laptopScripts;
    await outside.logs("bash", "bash", bash, outputs.laptopEnvironment);
    // A second run finds the experiment that the first one made.
    const traced = await outside.run(
      "bash",
      bash.replace("set -euo", "set -xeuo"),
      outputs.laptopEnvironment,
    );
    expect(traced.exitCode, traced.stderr).to.equal(0);
    const commands = traced.stderr.split("\n").filter((line) => /^\++ curl /.test(line));
    expect(commands).to.have.length.above(3);
    expect(leaksIn(commands.join("\n"), { secret: String(laptop.secret) })).to.deep.equal([]);
    expect(commands.join("\n")).to.not.match(/eyJ/);
  });

  it("logs a run with file and model by the script for Python and azureml-mlflow, and by plain mlflow with a token without", async () => {
    const { python: script } = outputs.laptopScripts;
    const id = await outside.logs("python", python, script, outputs.laptopEnvironment);
    const { text } = await azure.ask("GET", outside.api(`artifacts/list?run_id=${id}`));
    const { files } = JSON.parse(text) as { files: readonly { readonly path: string }[] };
    expect(files.map(({ path }) => path).sort()).to.deep.equal(["model", "notes.txt"]);
    const { MLFLOW_TRACKING_URI = "" } = outputs.laptopEnvironment;
    const MLFLOW_TRACKING_TOKEN = await tokenOf(outputs.laptopEnvironment);
    await outside.logs("python", python, script, { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN });
  });

  it("asks by the script for R, whose requests are sent as they stand in it, what MLflow takes", async () => {
    const token = await tokenOf(outputs.laptopEnvironment);
    const byName = outside.api("experiments/get-by-name?experiment_name=from-outside");
    const { experiment } = JSON.parse((await outside.ask(token, "GET", byName)).text) as {
      experiment: { experiment_id: string };
    };
    const values: Variables = { now: "1700000000000", experiment: experiment.experiment_id, name: "from-r" };
    const posts = [
      ...outputs.laptopScripts.r.matchAll(/post\("([\w/-]+)", sprintf\('(.+?)', ([\w, ]+)\)\)/g),
    ];
    for (const [, path = "", template = "", names = ""] of posts) {
      const given = names.split(", ").map((name) => values[name] ?? expect.fail(`${name} has no value`));
      const body = template.replace(/%s/g, () => given.shift() ?? expect.fail("too few values"));
      const { status, text } = await outside.ask(token, "POST", outside.api(path), body);
      expect(status, text).to.equal(200);
      const { run } = JSON.parse(text) as { run?: { info: { run_id: string } } };
      if (path === "runs/create" && run !== undefined) values["run"] = run.info.run_id;
    }
    const called = posts.map(([, path]) => path);
    expect(called).to.deep.equal(["experiments/create", "runs/create", "runs/log-batch", "runs/update"]);
    await outside.expectLogged(String(values["run"]), "r");
  });

  it("signs GitHub's jobs in by the workflow's own step, who track and register, and nobody of another repository", async () => {
    const { jobs } = parse(readFileSync(join(EXAMPLE, "workflow.yml"), "utf8")) as {
      jobs: { track: { steps: readonly { readonly name?: string; readonly run?: string }[] } };
    };
    const step = jobs.track.steps.find(({ name }) => name === "Sign in")?.run ?? expect.fail("no such step");
    expect(/audience=([^"]+)/.exec(step)?.[1]).to.equal(FEDERATED_AUDIENCE);
    issuer.subject = SUBJECT;
    const GITHUB_ENV = outside.write("github-env", "");
    const runner = { ...issuer.jobEnvironment, GITHUB_ENV, RUNNER_TEMP: outside.folder };
    const { exitCode, stderr } = await outside.run("bash", step, runner);
    expect(exitCode, stderr).to.equal(0);
    const [name = "", value = ""] = readFileSync(GITHUB_ENV, "utf8").trim().split("=");
    expect(name).to.equal("AZURE_FEDERATED_TOKEN_FILE");
    const variables = { ...outputs.gitHubEnvironment, [name]: value };
    const { bash, python: script } = outputs.gitHubScripts;
    await outside.logs("bash", "bash", bash, variables);
    await outside.logs("python", python, script, variables);
    const { properties } = await azure.ml("GET", `${azure.id}/models/from-outside/versions/1`);
    expect((properties as JsonObject)["modelType"]).to.equal("mlflow_model");
    const others = ["repo:octo-org/another:environment:production", "repo:octo-org/octo-repo:pull_request"];
    for (const subject of [...others, `${SUBJECT}-2`])
      expect(await outside.refused("bash", bash, await federated(subject))).to.match(/AADSTS\d+/);
  });

  it("lets who tracks neither register, deploy, nor read keys, and who registers not deploy", async () => {
    const told = await outside.refused(python, outputs.gitHubScripts.python, outputs.laptopEnvironment);
    expect(told).to.contain("models/write");
    const body = { location: "westeurope", properties: { authMode: "Key" } };
    await azure.ml("PUT", `${azure.id}/onlineEndpoints/by-hand`, body);
    for (const token of [await tokenOf(outputs.laptopEnvironment), await tokenOf(await federated(SUBJECT))]) {
      // Without this, what follows could be refused for the token alone.
      expect(await outside.armStatus(token, "GET", azure.id)).to.equal(200);
      for (const [method, path, sent] of [
        ["PUT", "/onlineEndpoints/theirs", body],
        ["POST", "/onlineEndpoints/by-hand/listKeys"],
        ["POST", "/listKeys"],
        ["DELETE", "/models/from-outside/versions/1"],
        ["DELETE", ""],
      ] as const)
        expect(await outside.armStatus(token, method, `${azure.id}${path}`, sent), path).to.equal(403);
    }
    const { value } = await azure.ml("GET", `${azure.id}/onlineEndpoints`);
    expect((value as readonly JsonObject[]).map(({ name }) => name)).to.deep.equal(["by-hand"]);
  });

  it("plans nothing more, and takes roles and identity away with the stack", async () => {
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    const token = await tokenOf(outputs.laptopEnvironment);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect(await outside.armStatus(token, "GET", azure.id)).to.equal(403);
    const { bash } = outputs.gitHubScripts;
    expect(await outside.refused("bash", bash, await federated(SUBJECT))).to.match(/AADSTS\d+/);
    const definitions = `${azure.group}/providers/Microsoft.Authorization/roleDefinitions`;
    const left = JSON.stringify(await azure.arm("GET", definitions, "2022-04-01"));
    expect(left).to.contain("AzureML Data Scientist").and.not.contain("MLflow track");
    expect(left).to.not.contain("MLflow register");
  });
});
