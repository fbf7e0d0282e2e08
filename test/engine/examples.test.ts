import { expect } from "chai";
import execa from "execa";
import { join } from "node:path";
import { localPath } from "../../local/environment";
import { engineLink, packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { helpOfPulumi, optionsOf, pulumiCommands } from "../helpers/documented-commands";
import { programStack, type Stack } from "../helpers/local-azure";

const example = (name: string): string => join(packageRoot(), "examples", name);

/** Examples that share one local Azure and its workspaces: each program by the real engine, then its script, as its README has it, and what there is to look at. */
describe("the examples of managing runs, of a registry, of no-code deployment and of MLflow's REST API", function () {
  this.timeout(180_000);
  let azure: AzureWorkspace;
  let prod: AzureWorkspace;

  before(async () => {
    azure = await AzureWorkspace.open("examples");
    prod = await AzureWorkspace.open("examplesprod", { paths: azure.paths, run: () => azure.run });
    await azure.allowBlobs();
    await prod.allowBlobs();
  });
  after(async () => await azure?.close());

  const environment = (): NodeJS.ProcessEnv => ({ ...azure.environment, PATH: localPath() });
  const up = async (name: string, settings: Record<string, unknown>): Promise<Stack> => {
    const named = Object.entries(settings).map(([key, value]) => [`${name}:${key}`, value]);
    const stack = await programStack(
      { paths: azure.paths, environment },
      example(name),
      "dev",
      Object.fromEntries(named) as Record<string, unknown>,
    );
    await stack.succeeds("up", "--yes", "--skip-preview");
    return stack;
  };
  /** What a script of the example prints. */
  const prints = async (
    name: string,
    command: readonly [string, ...string[]],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<string> => {
    const [program, ...args] = command;
    const { stdout } = await execa(program, args, {
      cwd: example(name),
      env: { ...environment(), ...variables },
      extendEnv: false,
    });
    return stdout;
  };

  it("logs, compares, deletes and restores runs, and draws them", async () => {
    const stack = await up("manage-runs", { trackingUri: azure.trackingUri });
    const { trackingUri, experimentName = "" } = await stack.outputs();
    const said = await prints("manage-runs", [python, "manage.py", experimentName], {
      MLFLOW_TRACKING_URI: trackingUri,
    });
    const rows = [...said.matchAll(/depth (\d+) +\S+ +([\d.]+) FINISHED/g)];
    const accuracies = rows.map(([, , accuracy]) => Number(accuracy));
    expect(accuracies, said).to.have.length(3);
    expect(accuracies).to.deep.equal([...accuracies].sort((one, other) => other - one));
    expect(said).to.contain("deleted: 2 are left, 1 can be restored").and.contain("restored: 3 are there");
    const [, run = ""] = /comparison\.png is in run (\S+)/.exec(said) ?? [];
    const api = `${azure.trackingUri.replace(/^azureml:/, "https:").replace("/v1.0/", "/v2.0/")}/api/2.0/mlflow`;
    const { text } = await azure.ask("GET", `${api}/artifacts/list?run_id=${run}`);
    const { files } = JSON.parse(text) as { files: readonly { path: string; file_size?: number }[] };
    expect(files.map(({ path }) => path)).to.include.members(["comparison.png", "comparison.json"]);
  });

  it("takes a model through a registry from one workspace to another, byte by byte", async () => {
    const stack = await up("registries", {
      resourceGroupId: azure.group,
      devWorkspaceId: azure.id,
      prodWorkspaceId: prod.id,
    });
    const { versions, digests, modelUri } = (await stack.outputs()) as unknown as {
      readonly versions: object;
      readonly digests: Record<"dev" | "shared" | "prod", string>;
      readonly modelUri: string;
    };
    expect(versions).to.deep.equal({ dev: "1", shared: "1", prod: "1" });
    expect(digests.dev).to.match(/^[0-9a-f:sha]{40,}/);
    expect(digests).to.deep.equal({ dev: digests.dev, shared: digests.dev, prod: digests.dev });
    const table = await prints("registries", [python, "load.py", modelUri], {
      MLFLOW_TRACKING_URI: prod.trackingUri,
    });
    // The first five of scikit-learn's tumours are malignant, 0.
    expect(table.match(/ 0 +0$/gm), table).to.have.length(5);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("serves a model without code, and scores tumours that training has not seen", async () => {
    const stack = await up("no-code-deployment", { workspaceId: azure.id });
    const { version, scoringUri = "" } = await stack.outputs();
    expect(version).to.equal("1");
    const said = await prints("no-code-deployment", [python, "score.py", scoringUri]);
    expect(said).to.contain("malignant").and.contain("benign");
    const [, right] = /(\d+) of 20 are right$/.exec(said) ?? [];
    expect(Number(right), said).to.be.greaterThan(17);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("logs and finds a run by MLflow's REST API with a token and curl alone", async () => {
    const stack = await up("rest-api", { trackingUri: azure.trackingUri });
    const { apiUri = "", experimentName = "", modelName = "" } = await stack.outputs();
    const said = await prints("rest-api", ["bash", "rest.sh", apiUri, experimentName, modelName], {
      MLFLOW_TRACKING_TOKEN: azure.token,
    });
    const lines = Object.fromEntries(
      said.split("\n").map((line) => [line.slice(0, 12).trim(), line.slice(13)]),
    ) as Record<string, string>;
    expect(lines).to.deep.include({
      experiment: "rest-api",
      status: "FINISHED",
      losses: "0.5 0.25",
      model: "rest-api: Found by a script that has no MLflow",
    });
    expect(lines["run"]).to.match(/^[0-9a-f-]{32,36}$/);
  });

  it("has, in Pulumi's own command, every command and option that the documentation tells", async () => {
    const commands = pulumiCommands();
    expect([...commands.keys()]).to.include.members(["up", "preview", "stack output", "config set"]);
    for (const [command, options] of commands) {
      const help = await helpOfPulumi(join(engineLink, "pulumi"), command);
      for (const option of options) expect(optionsOf(help), `pulumi ${command} ${option}`).to.include(option);
    }
  });
});
