import { rm } from "node:fs/promises";
import type { OnlineDeploymentSpec } from "../arm/effects";
import type { StatePaths } from "../state";
import type { Faults } from "../faults/settings";
import { folderOfId } from "../files";
import { Deployment } from "./deployment";
import { DeploymentFailed } from "./deployment-failed";
import { logIn } from "./deployment-log";
import type { RunningInstance } from "./instance-sampler";
import type { FileBlobs } from "./generation-files";
import { servedIn } from "./served";

export interface ScoringOptions {
  readonly paths: Pick<StatePaths, "scoring">;
  readonly blobs: FileBlobs;
  /** Milliseconds that a model has to load. Default 10 minutes. */
  readonly readinessDeadline?: number;
  /** What goes wrong because somebody wants to see it. */
  readonly faults?: () => Pick<Faults, "capacity" | "containers">;
}

/** The processes behind every online deployment. Deployment ids are taken without regard to case. */
export interface Scoring {
  /** Starts the deployment's instances, or exchanges them without a failed request. @throws DeploymentFailed */
  deploy(spec: OnlineDeploymentSpec): Promise<void>;
  undeploy(deploymentId: string): Promise<void>;
  /** The newest lines of the deployment's log, oldest first. */
  log(deploymentId: string, tail: number): string;
  targets(deploymentId: string): Deployment | undefined;
  /** The instances that take requests. */
  running(): RunningInstance[];
  /** What a deployment serves, or served when the local Azure ended; undefined where it never did. */
  served(deploymentId: string): OnlineDeploymentSpec | undefined;
  /** After a restart of the local Azure: starts deployments that served, without waiting for them. */
  resume(specs: readonly OnlineDeploymentSpec[]): void;
  close(): Promise<void>;
}

export function createScoring({
  paths,
  blobs,
  readinessDeadline = 600_000,
  faults = () => ({ containers: {} }),
}: ScoringOptions): Scoring {
  const deployments = new Map<string, Deployment>();
  const folderOf = (id: string): string => folderOfId(paths.scoring, id);
  const find = (spec: OnlineDeploymentSpec): Deployment => {
    const id = spec.id.toLowerCase();
    const known = deployments.get(id);
    if (known) return known;
    const made = new Deployment(
      spec,
      folderOf(id),
      blobs,
      readinessDeadline,
      (name) => faults().containers[name],
    );
    deployments.set(id, made);
    return made;
  };
  return {
    deploy: async (spec) => {
      const others = [...deployments.entries()].filter(([id]) => id !== spec.id.toLowerCase());
      checkCapacity(
        faults().capacity,
        spec.instances,
        others.reduce((sum, [, other]) => sum + other.spec.instances, 0),
      );
      await find(spec).deploy(spec);
    },
    undeploy: async (deploymentId) => {
      const id = deploymentId.toLowerCase();
      const deployment = deployments.get(id);
      deployments.delete(id);
      await deployment?.stop();
      await rm(folderOf(id), { recursive: true, force: true });
    },
    log: (deploymentId, tail) => logIn(folderOf(deploymentId.toLowerCase())).tail(tail),
    targets: (deploymentId) => deployments.get(deploymentId.toLowerCase()),
    running: () =>
      [...deployments.values()].flatMap(({ spec, processes }) =>
        processes.map((pid) => ({ deploymentId: spec.id, pid })),
      ),
    served: (deploymentId) => servedIn(folderOf(deploymentId.toLowerCase())),
    resume: (specs) => {
      // A failure stands in the deployment's log, and its requests are refused.
      for (const spec of specs)
        void find(spec)
          .deploy(spec, true)
          .catch(() => undefined);
    },
    close: async () => {
      await Promise.all([...deployments.values()].map((deployment) => deployment.stop()));
      deployments.clear();
    },
  };
}

/** @throws DeploymentFailed where the region has not as many instances as that */
function checkCapacity(capacity: Faults["capacity"], wanted: number, taken: number): void {
  if (capacity === undefined || taken + wanted <= capacity.instances) return;
  const left = Math.max(0, capacity.instances - taken);
  throw new DeploymentFailed(
    capacity.code,
    capacity.code === "OutOfQuota"
      ? `The subscription does not have enough quota for the deployment. Currently available: ${left}. Requested: ${wanted}.`
      : "The specified VM Size failed to provision due to a lack of Azure Machine Learning capacity.",
  );
}
