import { ML_API_VERSION, type Arm } from "../clients/arm";
import { clock } from "../clients/clock";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import {
  OPERATION_MINUTES,
  putDeployment,
  reasonIn,
  removeDeployment,
  stateOf,
} from "../generations/deployments";
import { GENERATION_TAG } from "../generations/generation";
import { withJournal } from "../generations/journal-tags";
import { present } from "../inputs";
import { writable } from "../online-endpoint/merge";
import { readEndpoint, rewriteEndpoint } from "../online-endpoint/write";
import { ask, type Check } from "./check";
import { judge, worst, type Gate } from "./gates";
import { journalIn } from "./journal";
import { judgeRun } from "./judge-run";
import { moveAlias } from "./move-alias";
import { readFigures, type MeasuredFigures, type Question } from "./metrics";
import { lookAtQuota } from "./quota";
import { replay, type Replay } from "./replay";
import type { Service } from "./run";
import type { RunMetric } from "./run-metrics";
import { attach, detach, readSettings } from "./settings";
import { smoke, type SmokeRequest } from "./smoke";
import type { ObservedDeployment } from "./types";

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
  readonly check?: Check;
  readonly runMetrics?: readonly RunMetric[];
  readonly replay?: Replay;
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
  const time = clock();
  const tags = { ...deployment.tags, [GENERATION_TAG]: generation };

  function observedOf(one: LiveDeployment): ObservedDeployment {
    const { name, sku, tags: live = {}, properties } = one;
    const state = stateOf(properties.provisioningState);
    const observed = present({ state, ours: GENERATION_TAG in live, instances: sku?.capacity });
    if (name !== generation) return observed;
    return { ...observed, outdated: Object.entries(tags).some(([key, value]) => live[key] !== value) };
  }

  /** The figures, or why there are none; neither where no gate asks for them. */
  async function figuresFor(question: Question, at: number): Promise<[MeasuredFigures?, string?]> {
    if (rollout.gates.length === 0) return [];
    try {
      return [await readFigures(arm, endpointId, question, at)];
    } catch (error) {
      return [undefined, `the metrics can't be read: ${(error as Error).message}`];
    }
  }

  return {
    now: time.now,
    sleep: time.sleep,
    async observe() {
      mustHold();
      const endpoint = await readEndpoint(arm, endpointId);
      if (endpoint === undefined)
        throw new ProviderError({
          what: "this endpoint is gone",
          where: endpointId,
          tryThis: "`pulumi refresh`, then `pulumi up`",
        });
      const deployments = await arm.list<LiveDeployment>(`${endpointId}/deployments`, {
        apiVersion: ML_API_VERSION,
      });
      const settings = await readSettings(arm, endpointId);
      const own = deployments.find(({ name }) => name === generation);
      if (settings === undefined && own !== undefined && own.sku?.capacity !== deployment.sku.capacity)
        say(`whether ${generation} has an autoscale may not be read`);
      const { traffic = {}, mirrorTraffic = {} } = writable(endpoint).properties;
      const journal = journalIn(endpoint.tags);
      return {
        traffic,
        mirror: mirrorTraffic,
        deployments: Object.fromEntries(deployments.map((one) => [one.name, observedOf(one)])),
        ...(settings === undefined ? {} : { settings }),
        ...(journal === undefined ? {} : { journal }),
      };
    },
    async write(traffic, mirrorTraffic, journal) {
      const there = await rewriteEndpoint(
        arm,
        endpointId,
        (live) => {
          // Before each try: a busy endpoint may take longer than the lease.
          mustHold();
          const body = writable(live);
          return {
            ...body,
            tags: withJournal(body.tags ?? {}, journal),
            properties: { ...body.properties, traffic, mirrorTraffic },
          };
        },
        deadlineIn(OPERATION_MINUTES),
        say,
      );
      if (!there) throw new ProviderError({ what: "this endpoint is gone", where: endpointId });
    },
    async deploy(name, instances) {
      if (name !== generation)
        throw new ProviderError({
          what: "its deployment is gone, and only the program that declared it can make it again",
          where: idOf(name),
          tryThis: "`pulumi up` of that program",
        });
      const body = { ...deployment, sku: { ...deployment.sku, capacity: instances }, tags };
      return await putDeployment(arm, idOf(name), body, mustHold);
    },
    async remove(name) {
      await removeDeployment(arm, idOf(name), mustHold);
    },
    judge: async (_name, serving) =>
      await judgeRun(arm, endpointId, rollout.runMetrics ?? [], deployment.properties["model"], serving),
    async alias(name, alias) {
      mustHold();
      return await moveAlias(arm, endpointId, name, alias);
    },
    async scale(scaling) {
      mustHold();
      try {
        if (scaling.kind === "detach") await detach(arm, endpointId, scaling.deployment);
        else await attach(arm, endpointId, scaling.deployment, deployment, scaling.autoscale);
        return undefined;
      } catch (error) {
        return reasonIn(error);
      }
    },
    quota: async (instances) => await lookAtQuota(arm, endpointId, deployment, instances, say),
    smoke: async (name) => await smoke(arm, endpointId, name, rollout.smokeRequests),
    async measure(question) {
      const at = time.now();
      const [figures, unread] = await figuresFor(question, at);
      const { gates, minRequests, check } = rollout;
      const { generation: name, baseline: serving } = question;
      const results = [
        ...(unread === undefined ? [] : [{ verdict: "error", reason: unread } as const]),
        ...(figures === undefined ? [] : [judge(gates, minRequests, figures.candidate, figures.baseline)]),
        ...(check === undefined
          ? []
          : [await ask(check, present({ endpointId, generation: name, serving, figures }))]),
      ];
      return { at, ...worst(results), ...(figures === undefined ? {} : { figures }) };
    },
    async replay(name, count) {
      if (rollout.replay === undefined) return;
      await replay(arm, endpointId, name, rollout.smokeRequests, rollout.replay, count);
    },
  };
}
