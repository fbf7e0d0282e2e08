import { join } from "node:path";
import execa from "execa";
import { packageRoot, python } from "../../tools/paths";

const checker = join(packageRoot(), "local", "environments", "check_requirements.py");

/** How the shared Python environment stands to lines of a requirements.txt. */
export interface Comparison {
  /** Lines of which it has no package. */
  readonly missing: readonly string[];
  /** Lines of which it has another version, and which. */
  readonly different: readonly string[];
  /** Lines that only pip itself can judge: files, addresses. */
  readonly unread: readonly string[];
  /** Its version of Python. */
  readonly python: string;
  /** Whether that is one of `pythonVersions`. */
  readonly fits: boolean;
}

/** @param pythonVersions as pip writes them (`==3.11.*`); any by default */
export async function compareWithShared(requirements: string, pythonVersions = ""): Promise<Comparison> {
  const { stdout } = await execa(python, [checker, pythonVersions], { input: requirements });
  return JSON.parse(stdout) as Comparison;
}

/** Names of a requirements.txt, normalised as PyPI does. */
export function requiredNames(requirements: string): string[] {
  return requirements
    .split("\n")
    .map((line) => /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase().replace(/[-_.]+/g, "-"));
}
