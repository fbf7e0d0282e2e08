import { posix } from "node:path";
import { parse, stringify } from "yaml";
import { refuse, type Place } from "./place";
import type { Project } from "./project";
import type { ProjectFolder } from "./project-folder";
import { inlined, requirementLines, type Requirement } from "./requirements";
import { describe, entryOf, itemsOf, mappingOf, readYaml, textOf, type Value } from "./yaml-file";

/** What MLflow makes ready before `dependencies`, and conda has packages of. */
const BUILD_PACKAGE =
  /^(?:pip|setuptools|wheel)(?:\s*(?:[=<>!~]=|[<>])\s*[\w.*]+(?:\s*,\s*(?:[=<>!~]=|[<>])\s*[\w.*]+)*)?$/i;

/**
 * The conda file of a project's environment, whole in itself.
 *
 * @returns absent where the project does not say what is installed
 * @throws ProviderError with file and line
 */
export function projectConda({ environment }: Project, folder: ProjectFolder): string | undefined {
  if (environment === undefined) return undefined;
  const text = folder.read(environment.path).replaceAll("\r\n", "\n");
  return environment.kind === "python_env"
    ? condaOfPythonEnv(environment.path, text, folder)
    : checkedConda(environment.path, text, folder);
}

/** @see mlflow/utils/environment.py of MLflow 2.22, _PythonEnv.from_yaml */
function condaOfPythonEnv(file: string, text: string, folder: ProjectFolder): string {
  const fields = mappingOf(readYaml(file, text), "the file");
  const known = ["python", "build_dependencies", "dependencies"];
  for (const { key, place } of fields.entries)
    if (!known.includes(key)) refuse(place, `there is no key ${key} here`, { allowed: known.join(", ") });
  const build = itemsOf(entryOf(fields, "build_dependencies")?.value, "build_dependencies").map(buildPackage);
  // MLflow starts pip in the project's folder, wherever this file is.
  const pip = inlined(
    requirementsOf(itemsOf(entryOf(fields, "dependencies")?.value, "dependencies")),
    folder,
    ".",
  );
  const hasPip = build.some((each) => /^pip\b/i.test(each));
  return stringify({
    name: "mlflow-env",
    channels: ["conda-forge"],
    dependencies: [
      `python=${pythonOf(entryOf(fields, "python")?.value, fields.place)}`,
      ...build,
      ...(pip.length === 0 || hasPip ? [] : ["pip"]),
      ...(pip.length === 0 ? [] : [{ pip }]),
    ],
  });
}

function pythonOf(value: Value | undefined, place: Place): string {
  const allowed = 'a version in quotes, as python: "3.10"';
  if (value === undefined || value.kind === "none")
    return refuse(
      value?.place ?? place,
      "it has no version of Python: mlflow run would take the one that it runs in itself",
      { allowed },
    );
  const version = textOf(value, "python", 'write the version in quotes, as python: "3.10"');
  return /^\d+\.\d+(?:\.\d+)?$/.test(version)
    ? version
    : refuse(value.place, `python is ${JSON.stringify(version)}, and no version`, { allowed });
}

function buildPackage(value: Value): string {
  const dependency = textOf(value, "a build dependency").trim();
  if (BUILD_PACKAGE.test(dependency)) return dependency.replace(/\s/g, "").toLowerCase();
  return refuse(
    value.place,
    `${dependency} can't be there before the other packages: a conda file installs all of pip's at once`,
    { allowed: "pip, setuptools and wheel, with their versions", tryThis: "name it in dependencies" },
  );
}

function requirementsOf(items: readonly Value[]): readonly Requirement[] {
  return items.flatMap((item) =>
    requirementLines(item.place.file, textOf(item, "a dependency")).map(({ line }) => ({
      line,
      place: item.place,
    })),
  );
}

/** The text as it is, unless it names files that are not there where the environment is built. */
function checkedConda(file: string, text: string, folder: ProjectFolder): string {
  const fields = mappingOf(readYaml(file, text), "the file");
  const dependencies = entryOf(fields, "dependencies");
  const items = itemsOf(dependencies?.value, "dependencies");
  if (items.length === 0)
    refuse(dependencies?.place ?? fields.place, "it has no dependencies", {
      allowed: "dependencies: a list of packages, with a list of pip's under pip",
    });
  const lists = items.map((item) => {
    if (item.kind === "text") return undefined;
    const pip = item.kind === "mapping" && item.entries.length === 1 ? entryOf(item, "pip") : undefined;
    if (pip === undefined)
      return refuse(item.place, `a dependency is ${describe(item)}`, {
        allowed: "the text of a package, or pip: with a list",
      });
    const before = requirementsOf(itemsOf(pip.value, "pip"));
    // conda starts pip in the file's own folder.
    const after = inlined(before, folder, posix.dirname(file));
    return after.join("\n") === before.map(({ line }) => line).join("\n") ? undefined : after;
  });
  if (lists.every((list) => list === undefined)) return text;
  const content = parse(text) as { readonly dependencies: readonly unknown[] };
  return stringify({
    ...content,
    dependencies: content.dependencies.map((each, index) => {
      const pip = lists[index];
      return pip === undefined ? each : { pip };
    }),
  });
}
