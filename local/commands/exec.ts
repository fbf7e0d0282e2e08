import execa from "execa";
import { instanceSettings } from "../compute/instance-shell";
import { PROXIES } from "../endpoints-environment";
import { localEnvironment, localPath, withoutElsewhere } from "../environment";
import { withoutInterruption } from "../interruption";
import { preparePulumiFolders } from "../pulumi-folders";
import { askAdmin, ensureRunning } from "../running";
import { readSecrets } from "../secrets";
import type { StatePaths } from "../state";
import type { Status } from "../status";
import { UserError } from "../user-error";
import { endpoints } from "./endpoints";
import { say } from "./say";
import { chosenWorkspace } from "./workspace";

export interface ExecOptions {
  /** The compute instance that it runs as if on. */
  readonly compute?: string;
  /** By the local Azure's own addresses, without a proxy. */
  readonly endpoints?: boolean;
}

/** Runs one command with the local Azure in place of Azure. Returns its exit code. */
export async function exec(
  paths: StatePaths,
  command: readonly string[],
  { compute, endpoints: byEndpoints = false }: ExecOptions,
): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) throw new UserError("Say what to run: npm run local -- exec COMMAND ARGUMENTS…");
  if (byEndpoints && compute !== undefined)
    throw new UserError(
      "A compute instance finds Azure by its names: take one of --compute and --endpoints.",
    );
  const settings = byEndpoints ? await endpoints(paths) : await environment(paths, compute);
  const env = { ...unset(byEndpoints), ...settings, PATH: localPath() };
  return await withoutInterruption(async () => {
    try {
      return (await execa(program, args, { env, stdio: "inherit" })).exitCode;
    } catch (error) {
      const { exitCode, code, shortMessage } = error as execa.ExecaError & { code?: string };
      if (code === "ENOENT") throw new UserError(`There is no command ${program}.`);
      if (exitCode === undefined) throw new UserError(shortMessage);
      return exitCode;
    }
  });
}

/** Inherited variables that must not be seen, each undefined. */
export function unset(byEndpoints: boolean): Record<string, undefined> {
  const proxies = byEndpoints ? PROXIES.filter((name) => process.env[name] !== undefined) : [];
  return { ...withoutElsewhere(), ...Object.fromEntries(proxies.map((name) => [name, undefined])) };
}

/**
 * The settings of `localEnvironment` and MLflow's tracking address: the only workspace's, or the inherited one where it is a workspace's here; of a compute
 * instance those that its shell has.
 */
export async function environment(paths: StatePaths, compute?: string): Promise<Record<string, string>> {
  const run = await ensureRunning(paths, say);
  preparePulumiFolders(paths);
  const status = await askAdmin<Status>(paths, run, "status");
  const settings = localEnvironment(paths, readSecrets(paths), run);
  if (compute !== undefined)
    return { ...settings, ...instanceSettings(status, compute, process.env["MLFLOW_TRACKING_URI"]) };
  const chosen = chosenWorkspace(status.workspaces);
  const tracking: Record<string, string> =
    chosen === undefined ? {} : { MLFLOW_TRACKING_URI: chosen.trackingUri };
  return { ...settings, ...tracking };
}
