import { parse } from "yaml";
import { EnvironmentFailed } from "./environment-failed";

/** What a conda file asks for, as pip writes it. */
export interface PipRequirements {
  /** The versions of Python that will do (`==3.11.*`); empty for any. */
  readonly python: string;
  /** Lines of a requirements.txt. */
  readonly lines: readonly string[];
}

/**
 * Conda's packages by their names on PyPI. pip itself is left out: it is no part of what a script runs on.
 * @throws EnvironmentFailed for what has no equivalent
 */
export function pipRequirements(condaFile: string): PipRequirements {
  let python = "";
  const lines: string[] = [];
  for (const dependency of dependenciesOf(condaFile)) {
    if (typeof dependency !== "string") {
      lines.push(...pipLines(dependency));
      continue;
    }
    const { name, versions } = condaPackage(dependency);
    if (name === "python") python = minor(versions);
    else if (name !== "pip") lines.push(name + versions);
  }
  return { python, lines };
}

function dependenciesOf(condaFile: string): readonly unknown[] {
  let content: unknown;
  try {
    content = parse(condaFile);
  } catch (error) {
    throw refused(`it is not YAML (${String((error as Error).message.split("\n")[0])})`);
  }
  const { dependencies } = (content ?? {}) as { dependencies?: unknown };
  if (!Array.isArray(dependencies)) throw refused("it has no list 'dependencies'");
  return dependencies;
}

function pipLines(dependency: unknown): string[] {
  const { pip } = (dependency ?? {}) as { pip?: unknown };
  if (Array.isArray(pip) && pip.every((line) => typeof line === "string")) return pip;
  throw refused(
    `a dependency is ${JSON.stringify(dependency)}; it takes packages and one 'pip' with a list of lines`,
  );
}

/** `channel::name=1.2` → `name` and `==1.2.*`. */
function condaPackage(text: string): { name: string; versions: string } {
  const [, name, rest = ""] = /^(?:[^\s:]+::)?([A-Za-z0-9_][\w.-]*)\s*(.*)$/.exec(text.trim()) ?? [];
  if (name === undefined || /[|[\]()]/.test(rest))
    throw refused(`the package '${text}' is written in a way that pip has no equivalent of`);
  // `1.2 py_0` and `=1.2=py_0` name a build of conda's.
  if (/^[\w.*]+\s+\S/.test(rest) || /^==?\s*[^=,]+=./.test(rest))
    throw refused(
      `the package '${text}' names a build, which PyPI has not; leave it out (conda env export --no-builds)`,
    );
  const constraints = rest.split(",").map((constraint) => constraint.replace(/\s/g, ""));
  return { name: name.toLowerCase(), versions: constraints.map(pipConstraint).join(",") };
}

/** One `=` means "begins with"; a version without operator is that one, or with a star those that begin so. */
function pipConstraint(constraint: string): string {
  const [, operator = "", version = ""] = /^([=<>!~]*)(.*)$/.exec(constraint) ?? [];
  if (version === "" || version === "*") return "";
  if (operator !== "" && operator !== "=") return operator + version;
  const stem = version.replace(/\.?\*$/, "");
  return operator === "=" || stem !== version ? `==${stem}.*` : `==${stem}`;
}

/** A patch of Python does not matter. */
function minor(versions: string): string {
  return versions.replace(/==(\d+\.\d+)\.\d[^,]*/g, "==$1.*").replace(/==(\d+\.\d+)(?=,|$)/g, "==$1.*");
}

const refused = (reason: string): EnvironmentFailed =>
  new EnvironmentFailed(`The environment's conda file cannot be used: ${reason}.`);
