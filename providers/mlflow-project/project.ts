import { refuse, type Place } from "./place";
import { hasFile, pathWithin, type ProjectFolder } from "./project-folder";
import { readEntryPoint, type EntryPoint } from "./entry-point";
import { entryOf, mappingOf, readYaml, textOf, type Entry, type Mapping, type Value } from "./yaml-file";

/** An MLflow project, as its `MLproject` file or the lack of one says. */
export interface Project {
  readonly name?: string;
  readonly entryPoints: readonly EntryPoint[];
  /** The file that says what is installed; absent where nothing says so. */
  readonly environment?: EnvironmentFile;
  /** Of its entry points; the `MLproject` file where it has none, be it there or not. */
  readonly place: Place;
}

export interface EnvironmentFile {
  readonly kind: "python_env" | "conda_env";
  readonly path: string;
}

const ENVIRONMENTS = ["docker_env", "python_env", "conda_env"];
/** What MLflow takes where `MLproject` names no file. */
const DEFAULTS: readonly EnvironmentFile[] = [
  { kind: "python_env", path: "python_env.yaml" },
  { kind: "conda_env", path: "conda.yaml" },
];

/**
 * Reads a project as `mlflow run` does: from `MLproject`, whatever the case of its letters, or without one.
 *
 * @throws ProviderError with file and line, for what MLflow fails at and for what can't be a command job
 * @see mlflow/projects/_project_spec.py of MLflow 2.22, load_project
 */
export function readProject(folder: ProjectFolder): Project {
  const [file, another] = folder.paths.filter((path) => path.toLowerCase() === "mlproject");
  if (file === undefined)
    return { entryPoints: [], place: { file: "MLproject" }, ...environmentOf(undefined, folder) };
  if (another !== undefined)
    refuse({ file }, `there is ${another}, too, and either could be meant`, { tryThis: "leave one" });
  const content = readYaml(file, folder.read(file));
  const fields = mappingOf(content, "the file");
  refuseOthers(fields);
  const name = entryOf(fields, "name")?.value;
  const entryPoints = entryOf(fields, "entry_points");
  return {
    ...(name === undefined || name.kind === "none" ? {} : { name: nameOf(name) }),
    entryPoints: entryPointsOf(entryPoints),
    ...environmentOf(fields, folder),
    place: entryPoints?.place ?? fields.place,
  };
}

function nameOf(name: Value): string {
  return name.kind === "mapping" || name.kind === "list" ? textOf(name, "name") : name.text;
}

function entryPointsOf(entry: Entry | undefined): readonly EntryPoint[] {
  return entry === undefined ? [] : mappingOf(entry.value, "entry_points").entries.map(readEntryPoint);
}

/** What MLflow runs elsewhere than in a Python environment of the project's own. */
function refuseOthers(fields: Mapping): void {
  const [, second] = fields.entries.filter(({ key }) => ENVIRONMENTS.includes(key));
  if (second !== undefined)
    refuse(second.place, `${second.key} is a second environment of the project`, {
      allowed: `one of ${ENVIRONMENTS.join(", ")}`,
    });
  const docker = entryOf(fields, "docker_env");
  if (docker !== undefined && docker.value.kind !== "none")
    refuse(
      docker.place,
      "docker_env makes an image of the project on the machine that runs it, and Azure ML has no such jobs",
      { tryThis: "name the image in an Environment, and leave docker_env out or name python_env" },
    );
  const spark = entryOf(fields, "databricks_spark_job");
  if (spark !== undefined && spark.value.kind !== "none")
    refuse(spark.place, "databricks_spark_job runs on Databricks alone", {
      allowed: "entry_points with commands",
    });
}

function environmentOf(
  fields: Mapping | undefined,
  folder: ProjectFolder,
): { readonly environment?: EnvironmentFile } {
  for (const kind of ["python_env", "conda_env"] as const) {
    const entry = fields && entryOf(fields, kind);
    if (entry === undefined || isNothing(entry.value)) continue;
    const given = textOf(entry.value, kind);
    const path = pathWithin(given);
    if (path === undefined || !hasFile(folder, path))
      return refuse(entry.value.place, `${kind} is ${given}, and the project has no such file`, {
        allowed: "the path of a file in the project's folder",
      });
    return { environment: { kind, path } };
  }
  const environment = DEFAULTS.find(({ path }) => hasFile(folder, path));
  return environment === undefined ? {} : { environment };
}

function isNothing(value: Value): boolean {
  return value.kind === "none" || (value.kind === "text" && value.text === "");
}
