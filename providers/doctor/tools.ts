import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { ok, problem, unknown, warning, type Finding } from "./finding";

const run = promisify(execFile);

/** Milliseconds for a program to tell its version. */
const PATIENCE = 15_000;
/** What Azure ML's tracking serves. */
const SERVED_MLFLOW = "2.22";
const LEAST_NODE = "20.19.0";
const PACKAGES = ["@pulumi/pulumi", "@pulumi/azure-native", "@pulumi/random"] as const;

type PackageName = (typeof PACKAGES)[number];

/** What is installed; undefined where it isn't. */
export interface Tools {
  readonly node: string;
  readonly pulumi: string | undefined;
  /** Those that the program in this folder loads. */
  readonly packages: Readonly<Record<PackageName, string | undefined>>;
  /** Those that this package is made for. */
  readonly wanted: Readonly<Record<PackageName, string>>;
  readonly python: PythonSide | undefined;
}

export interface PythonSide {
  readonly python: string;
  readonly mlflow?: string;
  readonly azuremlMlflow?: string;
}

/** @param folder the program's */
export async function readTools(folder: string): Promise<Tools> {
  const own = createRequire(__filename)("pulumi-azureml/package.json") as {
    readonly dependencies: Readonly<Record<PackageName, string>>;
  };
  const [pulumi, python] = await Promise.all([pulumiVersion(), pythonSide()]);
  return {
    node: process.versions.node,
    pulumi,
    packages: byPackage((name) => versionIn(folder, name)),
    wanted: byPackage((name) => own.dependencies[name]),
    python,
  };
}

function byPackage<T>(of: (name: PackageName) => T): Readonly<Record<PackageName, T>> {
  return Object.fromEntries(PACKAGES.map((name) => [name, of(name)])) as Record<PackageName, T>;
}

async function pulumiVersion(): Promise<string | undefined> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const said = await run("pulumi", ["version"], { timeout: PATIENCE, env }).catch(() => undefined);
  return said?.stdout.trim().replace(/^v/, "");
}

function versionIn(folder: string, name: string): string | undefined {
  try {
    return (createRequire(join(folder, "package.json"))(`${name}/package.json`) as { version: string })
      .version;
  } catch {
    return undefined;
  }
}

const PYTHON = `
import json, platform
from importlib import metadata
def version(*names):
    for name in names:
        try: return metadata.version(name)
        except metadata.PackageNotFoundError: pass
print(json.dumps([platform.python_version(), version("mlflow", "mlflow-skinny"), version("azureml-mlflow")]))`;

async function pythonSide(): Promise<PythonSide | undefined> {
  for (const command of ["python3", "python"]) {
    const said = await run(command, ["-c", PYTHON], { timeout: PATIENCE }).catch(() => undefined);
    if (said === undefined) continue;
    const [python, mlflow, plugin] = JSON.parse(said.stdout) as [string, string | null, string | null];
    return {
      python,
      ...(mlflow === null ? {} : { mlflow }),
      ...(plugin === null ? {} : { azuremlMlflow: plugin }),
    };
  }
  return undefined;
}

export function toolFindings({ node, pulumi, packages, wanted, python }: Tools): Finding[] {
  return [
    isOlder(node, LEAST_NODE)
      ? problem("Node.js", `${node}, older than ${LEAST_NODE}`, "https://nodejs.org/en/download")
      : ok("Node.js", node),
    pulumiFinding(pulumi, wanted["@pulumi/pulumi"]),
    ...PACKAGES.map((name) => packageFinding(name, packages[name], wanted[name])),
    ...pythonFindings(python),
  ];
}

function pulumiFinding(version: string | undefined, sdk: string): Finding {
  const install = "https://www.pulumi.com/docs/install/";
  if (version === undefined) return problem("Pulumi", "`pulumi` is not on PATH, or does not start", install);
  if (major(version) < major(sdk)) return problem("Pulumi", `${version}; ${sdk} is what is needed`, install);
  return isOlder(version, sdk)
    ? warning("Pulumi", `${version}, older than its SDK here (${sdk})`, install)
    : ok("Pulumi", version);
}

function packageFinding(name: string, version: string | undefined, wanted: string): Finding {
  const repair = `npm install --save-exact ${name}@${wanted}`;
  if (version === undefined)
    return warning(name, "is not installed for a program in this folder", "`cd` into the program's folder");
  if (major(version) !== major(wanted)) return problem(name, `${version}; ${wanted} is what works`, repair);
  return version === wanted
    ? ok(name, version)
    : warning(name, `${version}; this package is tried with ${wanted}`, repair);
}

function pythonFindings(side: PythonSide | undefined): Finding[] {
  if (side === undefined) return [unknown("Python", "none on PATH; only tracking from Python needs it")];
  const { python, mlflow, azuremlMlflow } = side;
  if (mlflow === undefined)
    return [ok("Python", python), unknown("MLflow", "not in this Python; only tracking from it needs it")];
  return [
    ok("Python", python),
    major(mlflow) > 2
      ? warning(
          "MLflow",
          `${mlflow}; Azure ML serves ${SERVED_MLFLOW}'s API, which has no logged models, traces or prompts`,
          `pip install "mlflow~=${SERVED_MLFLOW}.0"`,
        )
      : ok("MLflow", mlflow),
    azuremlMlflow === undefined
      ? warning("azureml-mlflow", "is missing: azureml:// addresses need it", "pip install azureml-mlflow")
      : ok("azureml-mlflow", azuremlMlflow),
  ];
}

function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbers(version), numbers(than)];
  const at = right.findIndex((part, index) => part !== (left[index] ?? 0));
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function major(version: string): number {
  return numbers(version)[0] ?? 0;
}

function numbers(version: string): number[] {
  return (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
}
