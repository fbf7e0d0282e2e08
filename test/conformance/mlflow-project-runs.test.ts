import { expect } from "chai";
import execa from "execa";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { compileRun } from "../../providers/mlflow-project/compile";
import { openProject } from "../../providers/mlflow-project/open";
import type { ParameterValue } from "../../providers/mlflow-project/parameters";
import { clientsPython, packageRoot, pythonFolder } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

interface Told {
  readonly status: string;
  readonly experiment: string;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

const own = mkdtempSync(join(tmpdir(), "mlflow-project-runs-"));
const file = join(own, "own.csv");
writeFileSync(file, "sensor,value\na,1\nb,2\n");

/** Each project of `examples/mlflow-projects`, with what it is run with. */
const cases: readonly {
  readonly project: string;
  readonly entryPoint?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}[] = [
  {
    project: "diabetes",
    parameters: { alpha: 0.01, note: 'it\'s $HOME "now"', "test-size": 0.5 },
  },
  { project: "digits", entryPoint: "compare", parameters: { up_to: 2 } },
  { project: "readings", parameters: { above: "1.25" } },
  { project: "readings", parameters: { above: "1.25", data: file } },
];

describe("the example projects, by `mlflow run` and as command jobs", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let client: ClientProcess;

  before(async () => {
    workspace = await AzureWorkspace.open("projects");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["job_runs.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await client?.close();
    await workspace?.close();
    rmSync(own, { recursive: true });
  });

  /** The run of `mlflow run`, which tracks in the workspace. */
  const plainly = async (
    folder: string,
    { entryPoint = "main", parameters = {} }: (typeof cases)[number],
  ): Promise<Told> => {
    const values = Object.entries(parameters).flatMap(([name, value]) => ["-P", `${name}=${String(value)}`]);
    const { MLFLOW_TRACKING_URI, PATH, ...environment } = workspace.environment;
    const bin = join(pythonFolder, "bin");
    const { stderr } = await execa(
      join(bin, "mlflow"),
      ["run", ".", "--env-manager=local", "--experiment-name", "plain", "-e", entryPoint, ...values],
      {
        cwd: folder,
        env: { ...environment, MLFLOW_TRACKING_URI, PATH: `${bin}${delimiter}${PATH ?? ""}`, SHELL: "bash" },
        extendEnv: false,
        // bash takes a socket there for a login from afar, and reads the user's own set-up.
        stdin: "ignore",
      },
    );
    const [, runId = ""] = /Run \(ID '([0-9a-f]{32})'\) succeeded/.exec(stderr) ?? [];
    return await client.call("told", { run_id: runId });
  };

  for (const [index, each] of cases.entries()) {
    const { project, entryPoint = "main", parameters = {} } = each;
    it(`${project} ${entryPoint} ${Object.keys(parameters).join(" ")} logs the same`, async () => {
      const { path, folder } = openProject(join(packageRoot(), "examples", "mlflow-projects", project));
      const { command, environment, inputs } = compileRun(folder, {
        entryPoint,
        parameters,
        kindOf: () => "uri_file",
      });
      const name = `${project}-${index}`;
      const status = await client.call("submitted", {
        name,
        line: command,
        folder: path,
        conda: environment,
        inputs: Object.fromEntries(inputs.map((input) => [input.name, input.files])),
      });
      expect(status).to.equal("Completed");
      const compiled = await client.call<Told>("told", { run_id: name });
      const plain = await plainly(path, each);
      expect(compiled).to.deep.include({ status: "FINISHED", experiment: "jobs" });
      expect(plain).to.deep.include({ status: "FINISHED", experiment: "plain" });
      expect(Object.keys(plain.metrics)).to.not.deep.equal([]);
      expect(compiled.metrics).to.deep.equal(plain.metrics);
      expect(compiled.tags["note"]).to.equal(plain.tags["note"]);
      // `mlflow run` logs by itself what it was given.
      expect(Object.keys(plain.params)).to.include.members(Object.keys(parameters));
    });
  }

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
