import { expect } from "chai";
import execa from "execa";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
import { addServicePrincipal } from "../helpers/service-principal";
import { FEDERATED_AUDIENCE, openGitHubIssuer, type GitHubIssuer } from "../helpers/token-issuer";

const EXAMPLE = join(packageRoot(), "examples", "track-from-anywhere");
const SUBJECT = "repo:octo-org/octo-repo:environment:production";

type Variables = Record<string, string>;

interface Outputs {
  readonly trackingUri: string;
  readonly laptopEnvironment: Variables;
  readonly laptopScripts: TrackingScripts;
  readonly gitHubEnvironment: Variables;
  readonly gitHubScripts: TrackingScripts;
}

interface Run {
  readonly info: { readonly run_name: string; readonly status: string; readonly artifact_uri: string };
  readonly data: {
    readonly params: readonly { readonly key: string; readonly value: string }[];
    readonly metrics: readonly { readonly key: string; readonly value: number }[];
  };
}

/**
 * Azure ML's how-to-use-mlflow-configure-tracking, its sample xgboost_service_principal (a service principal's variables, then tracking) and using-rest-api (with its
 * token), and the same for GitHub's jobs: the example, by the real engine.
 */
describe("tracking from anywhere", function () {
  this.timeout(180_000);
  let issuer: GitHubIssuer;
  let azure: AzureWorkspace;
  let laptop: ApplicationReport;
  let stack: Stack;
  let outputs: Outputs;
  let folder: string;

  before(async () => {
    issuer = await openGitHubIssuer();
    process.env["PULUMI_AZUREML_LOCAL_GITHUB"] = issuer.setting.PULUMI_AZUREML_LOCAL_GITHUB;
    azure = await AzureWorkspace.open("outside");
    folder = join(azure.paths.folder, "outside");
    mkdirSync(folder);
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

  /** What is there to run a program by, without anybody's credentials, and over it what the outputs say to set. */
  const outside = (variables: Variables): NodeJS.ProcessEnv => ({
    ...Object.fromEntries(
      Object.entries(azure.environment).filter(
        ([name]) => !/^(AZURE_|ARM_|MLFLOW_TRACKING|PULUMI_)/.test(name),
      ),
    ),
    PATH: localPath(),
    HOME: folder,
    GIT_PYTHON_REFRESH: "quiet",
    ...variables,
  });
  const run = async (
    command: string,
    script: string,
    variables: Variables,
  ): Promise<execa.ExecaReturnValue> => {
    const file = join(folder, "script");
    writeFileSync(file, script);
    return await execa(command, [file], {
      cwd: folder,
      env: outside(variables),
      extendEnv: false,
      reject: false,
    });
  };
  /** Id of the run that a script logged, its last word. */
  const logged = async (command: string, script: string, variables: Variables): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(command, script, variables);
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    return stdout.trim().split("\n").at(-1) ?? "";
  };
  const refused = async (command: string, script: string, variables: Variables): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(command, script, variables);
    expect(exitCode, stdout).to.not.equal(0);
    return `${stdout}\n${stderr}`;
  };
  const api = (path: string): string =>
    `${azure.trackingUri.replace(/^azureml:/, "https:").replace("/v1.0/", "/v2.0/")}/api/2.0/mlflow/${path}`;
  const runNamed = async (id: string): Promise<Run> => {
    const { status, text } = await azure.ask("GET", api(`runs/get?run_id=${id}`));
    expect(status, text).to.equal(200);
    return (JSON.parse(text) as { run: Run }).run;
  };
  const expectLogged = async (id: string, name: string): Promise<Run> => {
    const found = await runNamed(id);
    expect(found.info).to.include({ run_name: name, status: "FINISHED" });
    expect(found.data.params.map(({ key, value }) => [key, value])).to.deep.equal([["alpha", "0.5"]]);
    expect(found.data.metrics.map(({ key, value }) => [key, value])).to.deep.equal([["loss", 0.25]]);
    return found;
  };
  const federated = async (subject: string): Promise<Variables> => {
    const file = join(folder, "token");
    writeFileSync(file, await issuer.sign(subject));
    return { ...outputs.gitHubEnvironment, AZURE_FEDERATED_TOKEN_FILE: file };
  };
  /** A token as the scripts get one. */
  const tokenOf = async (variables: Variables): Promise<string> => {
    const [signIn = ""] = outputs.laptopScripts.bash.split("\ncall()");
    const { stdout } = await run("bash", `${signIn}\nprintf %s "$token"\n`, variables);
    return stdout;
  };
  /** Status of a request with somebody's token. */
  const statusOf = async (token: string, method: string, url: string, body?: JsonObject): Promise<number> => {
    const sent = body === undefined ? [] : ["--data-binary", JSON.stringify(body)];
    const { stdout } = await execa(
      "curl",
      ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "--config", "-", ...sent, url],
      {
        env: outside({}),
        extendEnv: false,
        input: `header = "authorization: Bearer ${token}"\nheader = "content-type: application/json"\n`,
      },
    );
    return Number(stdout);
  };
  const arm = (path: string): string => `https://management.azure.com${path}?api-version=2025-12-01`;

  it("has ARM's tracking address and what to set as outputs, with the secret in one of them, encrypted", async () => {
    expect(outputs.trackingUri).to.equal(azure.trackingUri);
    expect(outputs.laptopEnvironment).to.deep.equal({
      MLFLOW_TRACKING_URI: azure.trackingUri,
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: laptop.clientId,
      AZURE_CLIENT_SECRET: laptop.secret,
    });
    expect(Object.keys(outputs.gitHubEnvironment).sort()).to.deep.equal([
      "AZURE_CLIENT_ID",
      "AZURE_TENANT_ID",
      "MLFLOW_TRACKING_URI",
    ]);
    const planted = { "client secret": String(laptop.secret) };
    const shown = await stack.succeeds("stack", "output", "--json");
    const { gitHubEnvironment, laptopEnvironment } = JSON.parse(shown) as Record<string, unknown>;
    expect(gitHubEnvironment).to.deep.equal(outputs.gitHubEnvironment);
    expect(laptopEnvironment).to.equal("[secret]");
    for (const text of [
      shown,
      await stack.succeeds("stack", "export"),
      await stack.succeeds("preview", "--json"),
    ])
      expect(leaksIn(text, planted)).to.deep.equal([]);
    expect(leaksIn(JSON.stringify(outputs), planted)).to.have.length.above(0);
  });

  it("logs a run by the script for bash with nothing but the variables, secret unseen by others", async () => {
    const { bash } = outputs.laptopScripts;
    await expectLogged(await logged("bash", bash, outputs.laptopEnvironment), "bash");
    // A second run finds the experiment that the first one made.
    await expectLogged(await logged("bash", bash, outputs.laptopEnvironment), "bash");
    const traced = await run("bash", bash.replace("set -euo", "set -xeuo"), outputs.laptopEnvironment);
    const commands = traced.stderr.split("\n").filter((line) => /^\++ curl /.test(line));
    expect(commands).to.have.length.above(0);
    expect(leaksIn(commands.join("\n"), { secret: String(laptop.secret) })).to.deep.equal([]);
    expect(commands.join("\n")).to.not.match(/eyJ/);
  });

  it("logs a run with file and model by the script for Python and azureml-mlflow, and by plain mlflow with a token without", async () => {
    const { python: script } = outputs.laptopScripts;
    const full = await logged(python, script, outputs.laptopEnvironment);
    await expectLogged(full, "python");
    const listed = await azure.ask("GET", api(`artifacts/list?run_id=${full}`));
    const { files } = JSON.parse(listed.text) as { files: readonly { readonly path: string }[] };
    expect(files.map(({ path }) => path).sort()).to.deep.equal(["model", "notes.txt"]);
    const { MLFLOW_TRACKING_URI = "" } = outputs.laptopEnvironment;
    const MLFLOW_TRACKING_TOKEN = await tokenOf(outputs.laptopEnvironment);
    await expectLogged(
      await logged(python, script, { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN }),
      "python",
    );
  });

  it("asks by the script for R, whose requests are sent as they stand in it, what MLflow takes", async () => {
    const token = await tokenOf(outputs.laptopEnvironment);
    const values: Variables = { now: "1700000000000" };
    const ask = async (path: string, body: string): Promise<JsonObject> => {
      const { stdout } = await execa(
        "curl",
        ["-sS", "--fail-with-body", "--config", "-", "--data-binary", body, api(path)],
        {
          env: outside({}),
          extendEnv: false,
          input: `header = "authorization: Bearer ${token}"\nheader = "content-type: application/json"\n`,
        },
      );
      return JSON.parse(stdout) as JsonObject;
    };
    const found = await azure.ask("GET", api("experiments/get-by-name?experiment_name=from-outside"));
    values["experiment"] = (
      JSON.parse(found.text) as { experiment: { experiment_id: string } }
    ).experiment.experiment_id;
    const posts = [
      ...outputs.laptopScripts.r.matchAll(/post\("([\w/-]+)", sprintf\('(.+?)', ([\w, ]+)\)\)/g),
    ];
    for (const [, path = "", template = "", names = ""] of posts) {
      if (path === "experiments/create") continue;
      const given = names.split(", ").map((name) => values[name] ?? expect.fail(`${name} has no value`));
      const answer = await ask(
        path,
        template.replace(/%s/g, () => given.shift() ?? expect.fail("too few values")),
      );
      if (path === "runs/create")
        values["run"] = (answer as unknown as { run: { info: { run_id: string } } }).run.info.run_id;
    }
    expect(posts.map(([, path]) => path)).to.deep.equal([
      "experiments/create",
      "runs/create",
      "runs/log-batch",
      "runs/update",
    ]);
    await expectLogged(String(values["run"]), "r");
  });

  it("signs GitHub's jobs in by the workflow's own step, who track and register, and nobody of another repository", async () => {
    const { jobs } = parse(readFileSync(join(EXAMPLE, "workflow.yml"), "utf8")) as {
      jobs: { track: { steps: readonly { readonly name?: string; readonly run?: string }[] } };
    };
    const step =
      jobs.track.steps.find(({ name }) => name === "Sign in")?.run ?? expect.fail("there is no such step");
    issuer.subject = SUBJECT;
    const GITHUB_ENV = join(folder, "github-env");
    const { exitCode, stderr } = await run("bash", step, {
      ...issuer.jobEnvironment,
      GITHUB_ENV,
      RUNNER_TEMP: folder,
    });
    expect(exitCode, stderr).to.equal(0);
    const [name = "", value = ""] = readFileSync(GITHUB_ENV, "utf8").trim().split("=");
    expect(name).to.equal("AZURE_FEDERATED_TOKEN_FILE");
    const variables = { ...outputs.gitHubEnvironment, [name]: value };
    await expectLogged(await logged("bash", outputs.gitHubScripts.bash, variables), "bash");
    await expectLogged(await logged(python, outputs.gitHubScripts.python, variables), "python");
    const { properties } = await azure.ml("GET", `${azure.id}/models/from-outside/versions/1`);
    expect((properties as JsonObject)["modelType"]).to.equal("mlflow_model");

    for (const subject of [
      "repo:octo-org/another:environment:production",
      "repo:octo-org/octo-repo:ref:refs/heads/main",
      `${SUBJECT}-2`,
    ])
      expect(await refused("bash", outputs.gitHubScripts.bash, await federated(subject))).to.match(
        /AADSTS\d+/,
      );
    expect(FEDERATED_AUDIENCE).to.equal(/audience=([^"]+)/.exec(step)?.[1]);
  });

  it("lets who tracks neither register, deploy, nor read keys, and who registers not deploy", async () => {
    const told = await refused(python, outputs.gitHubScripts.python, outputs.laptopEnvironment);
    expect(told).to.contain("models/write");
    const deployment = { location: "westeurope", properties: { authMode: "Key" } };
    const endpoint = `${azure.id}/onlineEndpoints/by-hand`;
    await azure.ml("PUT", endpoint, deployment);
    for (const token of [await tokenOf(outputs.laptopEnvironment), await tokenOf(await federated(SUBJECT))]) {
      // Without this, what follows could be refused for the token alone.
      expect(await statusOf(token, "GET", arm(azure.id))).to.equal(200);
      expect(await statusOf(token, "PUT", arm(`${azure.id}/onlineEndpoints/theirs`), deployment)).to.equal(
        403,
      );
      expect(await statusOf(token, "POST", arm(`${endpoint}/listKeys`))).to.equal(403);
      expect(await statusOf(token, "POST", arm(`${azure.id}/listKeys`))).to.equal(403);
      expect(await statusOf(token, "DELETE", arm(`${azure.id}/models/from-outside/versions/1`))).to.equal(
        403,
      );
      expect(await statusOf(token, "DELETE", arm(azure.id))).to.equal(403);
    }
    expect((await azure.ask("GET", arm(`${azure.id}/onlineEndpoints/theirs`))).status).to.equal(404);
  });

  it("plans nothing more, and takes roles and identity away with the stack", async () => {
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    const token = await tokenOf(outputs.laptopEnvironment);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect(await statusOf(token, "GET", arm(azure.id))).to.equal(403);
    expect(await refused("bash", outputs.gitHubScripts.bash, await federated(SUBJECT))).to.match(/AADSTS\d+/);
    const left = await azure.arm(
      "GET",
      `${azure.group}/providers/Microsoft.Authorization/roleDefinitions`,
      "2022-04-01",
    );
    expect(JSON.stringify(left)).to.not.contain("MLflow track").and.not.contain("MLflow register");
  });
});
