import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot, python as sharedPython } from "../../tools/paths";
import { plainEnvironment, startChild } from "../children";
import { writeWhole } from "../files";
import { whileBuilding } from "../lock";
import { pipRequirements } from "./conda-file";
import type { Environment } from "./environment";
import { EnvironmentFailed } from "./environment-failed";
import { installEnvironment } from "./install-environment";
import { pipErrors } from "./pip-errors";
import { compareWithShared, requiredNames } from "./requirements";

const { userCache } = createRequire(__filename)(join(packageRoot(), "tools", "setup", "cache.js")) as {
  userCache(env: NodeJS.ProcessEnv): string;
};

export interface BuildOptions {
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
  /** Ends the building, where nobody wants it any more. */
  readonly signal?: AbortSignal;
  /** Packages, as PyPI normalises their names, that nothing here needs though the conda file names them. */
  readonly without?: readonly string[];
  /** The folder of the environments that were built; the user's cache by default. */
  readonly cache?: string;
}

/**
 * A Python with the packages that the environment's conda file names: the shared one where it has them all, else one in a virtual
 * environment that is built once for all that ask for the same.
 * @returns the interpreter's path
 * @throws EnvironmentFailed where this machine cannot have it
 */
export async function pythonOf(
  environment: Environment,
  { say, signal, without = [], cache = join(userCache(process.env), "environments") }: BuildOptions,
): Promise<string> {
  const { python, lines: named } = pipRequirements(condaFileOf(environment));
  const lines = named.filter((line) => !requiredNames(line).some((name) => without.includes(name)));
  if (environment.image !== undefined)
    say(
      `the image ${environment.image} is not used: the local Azure has no containers; packages come from the conda file`,
    );
  const shared = await compareWithShared(lines.join("\n"), python);
  if (!shared.fits)
    throw new EnvironmentFailed(
      `The environment asks for Python ${python}; the local Azure runs on Python ${shared.python}. Ask for python=${minorOf(shared.python)} in the conda file, or set the local Azure up with another one (PYTHON=/path/to/python).`,
    );
  if ([...shared.missing, ...shared.different, ...shared.unread].length === 0) {
    say(
      "the shared Python environment has what the conda file names and is used; it has other packages too, which Azure's would not have",
    );
    return sharedPython;
  }
  const base = realpathSync(sharedPython);
  const digest = createHash("sha256")
    .update(JSON.stringify([base, lines]))
    .digest("hex");
  const folder = join(cache, digest.slice(0, 32));
  return await builtOnce({ folder, lines, say, signal: signal ?? new AbortController().signal });
}

function condaFileOf({ condaFile, image, build }: Environment): string {
  if (condaFile !== undefined) return condaFile;
  const what = build ? "a Docker context to build" : `the Docker image ${image ?? ""} without a conda file`;
  throw new EnvironmentFailed(
    `The environment is ${what}, and the local Azure has no containers. Give the environment a conda file with the packages that the script needs.`,
  );
}

const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

interface Build {
  readonly folder: string;
  readonly lines: readonly string[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A virtual environment cannot be moved, so it is built in place: the stamp in it is written last, without it all begins anew. */
async function builtOnce(build: Build): Promise<string> {
  const { folder, say, signal } = build;
  const python = join(folder, "bin", "python");
  const stamp = join(folder, ".complete");
  const isThere = (): boolean => existsSync(stamp) && existsSync(python);
  if (isThere()) return python;
  const waiting = (): void => say("the environment is being built already; waiting for it");
  return await whileBuilding(folder, waiting, async () => {
    signal.throwIfAborted();
    if (isThere()) return python;
    const begun = Date.now();
    say(`building the environment: ${build.lines.join(" ")}`);
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.log`, { force: true });
    await run([sharedPython, "-m", "venv", folder], build);
    const requirements = join(folder, "requirements.txt");
    writeFileSync(requirements, `${build.lines.join("\n")}\n`);
    await run([python, "-m", "pip", "install", "--progress-bar=off", "-r", requirements], build);
    writeWhole(stamp, "");
    say(`the environment is ready after ${Math.round((Date.now() - begun) / 1000)} s`);
    return python;
  });
}

async function run(command: readonly string[], { folder, signal }: Build): Promise<void> {
  signal.throwIfAborted();
  const logFile = `${folder}.log`;
  const env = plainEnvironment({
    ...installEnvironment(),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PYTHONNOUSERSITE: "1",
  });
  const child = startChild(command, { env, logFile });
  const end = (): void => void child.stop();
  signal.addEventListener("abort", end);
  try {
    const code = await child.exited;
    signal.throwIfAborted();
    if (code !== 0)
      throw new EnvironmentFailed(
        `The environment's packages could not be installed. The local Azure has no conda: pip installs them, from PyPI.\n${pipErrors(readFileSync(logFile, "utf8"))}`,
      );
  } finally {
    signal.removeEventListener("abort", end);
  }
}
