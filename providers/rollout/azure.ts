import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { clock } from "../clients/clock";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { writable } from "../online-endpoint/merge";
import { readEndpoint, rewriteEndpoint } from "../online-endpoint/write";
import { judge, type Gate } from "./gates";
import { GENERATION_TAG, journalIn, withJournal } from "./journal";
import { readFigures } from "./metrics";
import type { Service } from "./run";
import { smoke, type SmokeRequest } from "./smoke";
import type { Measurement, ObservedDeployment } from "./types";

/** How long one deployment or one write may take, waiting for other operations included. */
const MINUTES = 90;
const BUSY_INTERVAL = 5_000;
/** What a generation is compared with goes back so far, in milliseconds: at the last step the old one has no traffic any more. */
const BASELINE_TIME = 3_600_000;

/** A deployment as ARM takes it. */
export interface DeploymentBody {
  readonly location: string;
  readonly sku: { readonly name: string; readonly capacity: number };
  readonly properties: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AzureRollout {
  readonly endpointId: string;
  readonly generation: string;
  readonly deployment: DeploymentBody;
  readonly smokeRequests: readonly SmokeRequest[];
  readonly gates: readonly Gate[];
  readonly minRequests: number;
}

interface LiveDeployment {
  readonly name: string;
  readonly sku?: { readonly capacity?: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: { readonly provisioningState: string };
}

/**
 * The endpoint in Azure, as a run needs it.
 *
 * @param mustHold throws when this is not the endpoint's only writer any more
 */
export function azureService(
  arm: Arm,
  rollout: AzureRollout,
  mustHold: () => void,
  say: (line: string) => void,
): Service {
  const { endpointId, generation, deployment } = rollout;
  const idOf = (name: string): string => `${endpointId}/deployments/${name}`;
  const request = { apiVersion: ML_API_VERSION };
  const time = clock();
  const tags = { ...deployment.tags, [GENERATION_TAG]: generation };

  function observedOf({ name, sku, tags: live = {}, properties }: LiveDeployment): ObservedDeployment {
    const state = states[properties.provisioningState] ?? "changing";
    const ours = GENERATION_TAG in live;
    if (name !== generation) return { state, ours };
    const outdated =
      sku?.capacity !== deployment.sku.capacity ||
      Object.entries(tags).some(([key, value]) => live[key] !== value);
    return { state, ours, outdated };
  }

  return {
    now: time.now,
    sleep: time.sleep,
    async observe() {
      const endpoint = await readEndpoint(arm, endpointId);
      if (endpoint === undefined)
        throw new ProviderError({
          what: "this endpoint is gone",
          where: endpointId,
          tryThis: "`pulumi refresh`, then `pulumi up`",
        });
      const deployments = await arm.list<LiveDeployment>(`${endpointId}/deployments`, request);
      const { traffic = {}, mirrorTraffic = {} } = writable(endpoint).properties;
      const journal = journalIn(endpoint.tags);
      return {
        traffic,
        mirror: mirrorTraffic,
        deployments: Object.fromEntries(deployments.map((one) => [one.name, observedOf(one)])),
        ...(journal === undefined ? {} : { journal }),
      };
    },
    async write(traffic, mirrorTraffic, journal) {
      mustHold();
      const there = await rewriteEndpoint(
        arm,
        endpointId,
        (live) => {
          const body = writable(live);
          return {
            ...body,
            tags: withJournal(body.tags ?? {}, journal),
            properties: { ...body.properties, traffic, mirrorTraffic },
          };
        },
        deadlineIn(MINUTES),
        say,
      );
      if (!there) throw new ProviderError({ what: "this endpoint is gone", where: endpointId });
    },
    async deploy(name) {
      if (name !== generation)
        throw new ProviderError({
          what: "its deployment is gone, and only the program that declared it can make it again",
          where: idOf(name),
          tryThis: "`pulumi up` of that program",
        });
      mustHold();
      const body = { ...deployment, tags };
      try {
        await whenFree(() => arm.put(idOf(name), { ...request, body, deadline: deadlineIn(MINUTES) }));
        return undefined;
      } catch (error) {
        // Throttling and outages say nothing about the generation: the next run tries again.
        if (error instanceof ArmError && error.status < 500 && error.status !== 429) return error.message;
        throw error;
      }
    },
    async remove(name) {
      mustHold();
      await whenFree(() => arm.remove(idOf(name), { ...request, deadline: deadlineIn(MINUTES) }));
    },
    smoke: async (name) => await smoke(arm, endpointId, name, rollout.smokeRequests),
    async measure(name, baseline, since) {
      const at = time.now();
      try {
        const [candidate, before] = await Promise.all([
          readFigures(arm, idOf(name), since, at),
          baseline === undefined ? undefined : readFigures(arm, idOf(baseline), since - BASELINE_TIME, at),
        ]);
        const figures = { candidate, ...(before === undefined ? {} : { baseline: before }) };
        return { at, ...judge(rollout.gates, rollout.minRequests, candidate, before), figures };
      } catch (error) {
        const reason = `the metrics can't be read: ${(error as Error).message}`;
        return { at, verdict: "error", reason } satisfies Measurement;
      }
    },
  };
}

const states: Readonly<Record<string, ObservedDeployment["state"]>> = {
  Succeeded: "ready",
  Failed: "failed",
  Canceled: "failed",
};

/** Tries again while another operation holds the endpoint. */
async function whenFree(work: () => Promise<unknown>): Promise<void> {
  for (const deadline = deadlineIn(MINUTES); ;) {
    try {
      await work();
      return;
    } catch (error) {
      const busy = error instanceof ArmError && error.status === 409;
      if (!busy || !(await deadline.sleep(BUSY_INTERVAL))) throw error;
    }
  }
}
