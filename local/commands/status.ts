import pc from "picocolors";
import { askAdmin, findRunning } from "../running";
import type { Run, StatePaths } from "../state";
import type { Status } from "../status";

/** Says whether the local Azure runs, and what it holds. Exit code 1 when it does not run. */
export async function showStatus(paths: StatePaths): Promise<number> {
  const run = findRunning(paths);
  if (run === undefined) {
    process.stdout.write("The local Azure is not running. Start it: npm run local\n");
    return 1;
  }
  const held = await askAdmin<Status>(paths, run, "status");
  process.stdout.write(`${statusLines(run, held).join("\n")}\n`);
  return 0;
}

/** What a reader is shown of it. */
export function statusLines({ pid, ports }: Pick<Run, "pid" | "ports">, held: Status): string[] {
  return [
    `The local Azure runs (process ${pid}; proxy http://127.0.0.1:${ports.proxy}) and holds ${held.resources} resources.`,
    ...held.workspaces.map(
      ({ name }) => `  workspace ${pc.bold(name)}  MLflow UI http://127.0.0.1:${ports.http}/mlflow/${name}/`,
    ),
    ...held.models.map(({ name, version }) => `  model     ${pc.bold(name)} version ${version}`),
    ...held.endpoints.flatMap(({ name, scoringUri, traffic, deployments }) => [
      `  endpoint  ${pc.bold(name)}  ${scoringUri}`,
      ...deployments.map(
        (deployment) => `    ${deployment.name}  ${traffic[deployment.name] ?? 0} %  ${deployment.state}`,
      ),
    ]),
    ...held.batchEndpoints.flatMap(({ name, scoringUri, defaultDeployment, jobs }) => [
      `  batch     ${pc.bold(name)}  ${scoringUri}`,
      `    ${defaultDeployment === "" ? "no default deployment" : `${defaultDeployment}  default`}  jobs: ${jobs.running} running, ${jobs.ended} ended`,
    ]),
  ];
}
