import execa from "execa";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { engineLink, packageRoot } from "../tools/paths";
import { localEnvironment, localPath, withoutElsewhere } from "./environment";
import { readIfThere, writeWhole } from "./files";
import { exitCodeOf, withoutInterruption } from "./interruption";
import { fitsSalt } from "./passphrase";
import { preparePulumiFolders } from "./pulumi-folders";
import { readSecrets } from "./secrets";
import type { Run, StatePaths } from "./state";
import { KEEP_STATES } from "./state-file";
import { UserError } from "./user-error";

/** The real `pulumi`, told to find everything in the local Azure. */
export interface Engine {
  /** What it runs with. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs with the terminal's own input and output; resolves with the exit code. */
  show(stack: string, args: readonly string[]): Promise<number>;
  /** Runs quietly and resolves with standard output; a failure throws with what the engine said. */
  read(stack: string, args: readonly string[]): Promise<string>;
}

/** Commands that take no `--config-file`. */
const withoutConfig: ReadonlySet<string | undefined> = new Set(["stack", "cancel"]);

export async function createEngine(paths: StatePaths, run: Run): Promise<Engine> {
  const environment = {
    ...withoutElsewhere(),
    ...localEnvironment(paths, readSecrets(paths), run),
    ...KEEP_STATES,
    PATH: localPath(),
  };
  preparePulumiFolders(paths);
  const pulumi = join(engineLink, "pulumi");
  const options = { cwd: packageRoot(), env: environment } as const;

  async function stackArguments(stack: string): Promise<string[]> {
    const file = copyStackFile(paths, stack);
    if (!existsSync(join(paths.pulumiState, ".pulumi", "stacks", projectName(), `${stack}.json`))) {
      await quietly(execa(pulumi, ["-C", paths.stacks, "stack", "init", stack, "--no-select"], options));
    }
    return ["--stack", stack, "--config-file", file];
  }

  /** The engine says that a passphrase is wrong, but not where it stands. */
  function checkPassphrase(stack: string): void {
    const salt = saltOf(join(paths.stacks, `Pulumi.${stack}.yaml`));
    if (salt === undefined || fitsSalt(readSecrets(paths).passphrase, salt)) return;
    throw new UserError(
      `The passphrase in ${paths.secrets} is not the one with which stack ${stack} was made. ` +
        "Put the file back, or run `npm run local -- down`, delete the folder it is in, and start anew.",
    );
  }

  return {
    environment,
    async show(stack, args) {
      const child = execa(pulumi, [...args, ...(await stackArguments(stack))], {
        ...options,
        stdio: "inherit",
        reject: false,
      });
      const exitCode = exitCodeOf(await withoutInterruption(async () => await child));
      if (exitCode !== 0) checkPassphrase(stack);
      return exitCode;
    },
    async read(stack, args) {
      const place = withoutConfig.has(args[0]) ? ["--stack", stack] : await stackArguments(stack);
      return await quietly(execa(pulumi, [...args, ...place], options));
    },
  };
}

async function quietly(child: execa.ExecaChildProcess): Promise<string> {
  try {
    return (await child).stdout;
  } catch (error) {
    const failed = error as execa.ExecaError;
    throw new UserError(failed.stderr || failed.stdout || failed.shortMessage);
  }
}

function projectName(): string {
  return (parse(readFileSync(join(packageRoot(), "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/**
 * A copy of the stack's file for the engine to write its salt into, so that no tracked file changes. What the engine wrote earlier is
 * kept; everything else follows the tracked file.
 */
function copyStackFile(paths: StatePaths, stack: string): string {
  const tracked = join(packageRoot(), "stacks", `Pulumi.${stack}.yaml`);
  const text = readIfThere(tracked);
  if (text === undefined)
    throw new UserError(`There is no stack "${stack}": stacks/Pulumi.${stack}.yaml is missing.`);
  const copy = join(paths.stacks, `Pulumi.${stack}.yaml`);
  const encryptionsalt = saltOf(copy);
  writeWhole(
    copy,
    stringify({ ...(parse(text) as object), ...(encryptionsalt === undefined ? {} : { encryptionsalt }) }),
  );
  const project = join(paths.stacks, "Pulumi.yaml");
  if (!existsSync(project)) copyProject(project);
  return copy;
}

/** What the engine has written into a stack file to know its passphrase by. */
function saltOf(file: string): string | undefined {
  return (parse(readIfThere(file) ?? "{}") as { encryptionsalt?: string }).encryptionsalt;
}

function copyProject(project: string): void {
  const source = parse(readFileSync(join(packageRoot(), "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  delete source["stackConfigDir"];
  writeWhole(project, stringify(source));
}
