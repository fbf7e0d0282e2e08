import type { AutoscaleSpec } from "../../providers/autoscale/body";
import { mostInstances, normalAutoscale } from "../../providers/autoscale/spec";
import type { RolloutEvent } from "../../providers/rollout/events";
import type { Figures } from "../../providers/rollout/metrics";
import { plan, planRemoval } from "../../providers/rollout/plan";
import { run, type Ending, type Service } from "../../providers/rollout/run";
import type {
  Action,
  Journal,
  Measurement,
  Observed,
  ObservedDeployment,
  RolloutSpec,
  Traffic,
} from "../../providers/rollout/types";

/** How the world answers, action by action. */
export interface World {
  /** Whether a deployment comes up. */
  readonly deploys: boolean;
  readonly smokes: boolean;
  /** What the metrics of a model's run say. */
  readonly run?: Measurement["verdict"];
  /** Why the alias can't be moved, if so. */
  readonly aliasProblem?: string;
  /** Taken in turn, over and over. */
  readonly verdicts: readonly Measurement["verdict"][];
  /** What each measurement has of the generation. */
  readonly figures?: Figures;
  /** How many requests callers send too few, until some are sent again. */
  readonly missing?: number;
  /** How many machines a new generation may have. */
  readonly quota?: number;
  /** How many machines each autoscale adds or takes away while a run waits; in turn, over and over. */
  readonly scales?: readonly number[];
}

/** An endpoint in memory that refuses what Azure refuses, and knows the laws that no rollout may break. */
export class SimulatedEndpoint {
  now = 1_000_000;
  traffic: Traffic = {};
  mirror: Traffic = {};
  journal: Journal | undefined;
  /** The generation whose model version the alias leads to. */
  aliased: string | undefined;
  readonly deployments = new Map<string, ObservedDeployment>();
  /** The rollout's own, by deployment. */
  readonly settings = new Map<string, AutoscaleSpec>();
  /** Every traffic map that was live, in turn. */
  readonly maps: Traffic[] = [];
  /** What was recorded, in turn. */
  readonly events: RolloutEvent[] = [];
  /** Every measurement that was not without requests, in turn. */
  readonly measurements: Pick<Measurement, "at" | "verdict">[] = [];
  /** How many requests were sent again. */
  replayed = 0;
  private measured = 0;
  private scaled = 0;
  /** The most machines that autoscale may make of what is asked for. */
  private most = 50;

  /** An endpoint as it was observed. */
  static in({ traffic, mirror, journal, deployments }: Observed): SimulatedEndpoint {
    const endpoint = new SimulatedEndpoint();
    Object.assign(endpoint, { traffic, mirror, journal });
    for (const [name, one] of Object.entries(deployments)) endpoint.deployments.set(name, one);
    return endpoint;
  }

  /** A deployment that the rollout did not make. */
  addForeign(name: string): void {
    this.deployments.set(name, { state: "ready", ours: false });
  }

  /**
   * A run to its end, by the provider's own loop.
   * @param kill after how many actions it is killed, if it lasts so long; a deployment that it then began goes on without it
   * @returns undefined when it was killed
   */
  async run(spec: RolloutSpec | undefined, world: World, kill = Infinity): Promise<Ending | undefined> {
    this.most = spec?.autoscale === undefined ? 50 : mostInstances(spec.autoscale);
    return await this.follow(
      (observed, now) => (spec === undefined ? planRemoval(observed, now) : plan(spec, observed, now)),
      world,
      kill,
    );
  }

  /** A run by another plan. */
  async follow(
    decide: (observed: Observed, now: number) => Action,
    world: World,
    kill = Infinity,
  ): Promise<Ending | undefined> {
    const record = async (event: RolloutEvent): Promise<void> => void this.events.push(event);
    try {
      return await run(this.service(world, kill), decide, () => undefined, record);
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    }
  }

  /** The endpoint as a run meets it. */
  service(
    {
      deploys,
      smokes,
      run = "passed",
      aliasProblem,
      figures,
      verdicts,
      missing = 0,
      scales = [],
      quota = 50,
    }: World,
    kill = Infinity,
  ): Service {
    let count = 0;
    const act = (): void => {
      if (count++ >= kill) throw new Killed();
      if (count > 5_000) throw new Error("the run does not end");
      this.now += 10;
    };
    return {
      now: () => this.now,
      sleep: async (milliseconds) => {
        act();
        this.now += milliseconds;
        for (const [name, deployment] of this.deployments)
          if (deployment.state === "changing") this.deployments.set(name, { ...deployment, state: "ready" });
        this.scale(scales);
      },
      observe: async () => ({
        traffic: this.traffic,
        mirror: this.mirror,
        deployments: Object.fromEntries(this.deployments),
        settings: [...this.settings].map(([deployment, autoscale]) => ({
          id: `autoscale-${deployment}`,
          deployment,
          ours: true,
          enabled: true,
          autoscale: normalAutoscale(autoscale),
        })),
        ...(this.journal === undefined ? {} : { journal: this.journal }),
      }),
      write: async (traffic, mirror, journal) => {
        act();
        this.write(traffic, mirror, journal);
      },
      deploy: async (generation, instances) => {
        if (!this.deployments.has(generation) && this.deployments.size >= 20)
          throw new Error("an endpoint has 20 deployments at most");
        const made = { ours: true, instances, outdated: false };
        this.deployments.set(generation, { ...made, state: "changing" });
        act();
        this.deployments.set(generation, { ...made, state: deploys ? "ready" : "failed" });
        return deploys ? undefined : "it crashed";
      },
      scale: async (scaling) => {
        act();
        const { deployment } = scaling;
        if (scaling.kind === "detach") this.settings.delete(deployment);
        else if (this.deployments.has(deployment)) this.settings.set(deployment, scaling.autoscale);
        else throw new Error(`there is no ${deployment} to scale`);
        return undefined;
      },
      remove: async (name) => {
        act();
        this.remove(name);
      },
      // Only looked at: no kill there is other than one before or after.
      quota: async (instances) => (instances > quota ? { shortage: `${instances} of ${quota}` } : {}),
      smoke: async (generation) => {
        act();
        this.mustBeReady(generation);
        return smokes ? { passed: true } : { passed: false, reason: "wrong answer" };
      },
      judge: async () => {
        act();
        return { verdict: run, reason: `the run ${run}` };
      },
      alias: async (generation) => {
        act();
        if (this.journal?.serving !== generation) throw new Error(`${generation} does not serve`);
        if (aliasProblem !== undefined) return { moved: false, problem: aliasProblem };
        const moved = this.aliased !== generation;
        this.aliased = generation;
        return { moved };
      },
      measure: async () => {
        act();
        if (missing > 0 && this.replayed === 0)
          return { at: this.now, verdict: "inconclusive", reason: "too few", missing };
        const verdict = verdicts[this.measured++ % verdicts.length] ?? "passed";
        this.measurements.push({ at: this.now, verdict });
        const measured = figures === undefined ? {} : { figures: { candidate: figures } };
        return { at: this.now, verdict, reason: verdict, ...measured };
      },
      replay: async (_generation, count) => {
        act();
        this.replayed += count;
        this.now += count * 100;
      },
    };
  }

  /** What Azure does with a PUT of the endpoint. */
  write(traffic: Traffic, mirror: Traffic, journal: Journal | undefined): void {
    const total = sum(traffic);
    if (total !== 0 && total !== 100) throw new Error(`traffic is ${total} in total`);
    const before = this.traffic;
    for (const [name, percent] of Object.entries(traffic)) {
      if (!Number.isInteger(percent) || percent <= 0) throw new Error(`${name} has ${percent} %`);
      if ((before[name] ?? 0) === 0) this.mustBeReady(name);
    }
    const mirrored = Object.entries(mirror);
    if (mirrored.length > 1) throw new Error("mirrored to more than one");
    for (const [name, percent] of mirrored) {
      if ((before[name] ?? 0) === 0) this.mustBeReady(name);
      if (percent > 50 || percent < 1) throw new Error(`${percent} % mirrored`);
      if ((traffic[name] ?? 0) > 0) throw new Error("mirrored to live traffic");
    }
    this.mustBeLargeEnough(traffic, mirror, journal);
    this.traffic = traffic;
    this.mirror = mirror;
    this.journal = journal;
    this.maps.push(traffic);
  }

  /** A generation gets requests that what serves got when it has as many machines. */
  private mustBeLargeEnough(traffic: Traffic, mirror: Traffic, journal: Journal | undefined): void {
    const { moving, serving } = this.journal ?? {};
    if (moving === undefined || serving === undefined || serving === moving.generation) return;
    const name = moving.generation;
    const steps = journal?.moving?.generation === name && journal.moving.step !== moving.step;
    if (!steps && journal?.serving !== name) return;
    if ((traffic[name] ?? 0) <= (this.traffic[name] ?? 0) && (mirror[name] ?? 0) <= (this.mirror[name] ?? 0))
      return;
    const [own, live] = [name, serving].map((one) => this.deployments.get(one)?.instances ?? 0);
    if (Number(own) < Math.min(Number(live), this.most))
      throw new Error(`${name} has ${own} instances, and gets traffic of ${live}`);
  }

  private scale(by: readonly number[]): void {
    for (const [name, { instances: range }] of this.settings) {
      const deployment = this.deployments.get(name);
      if (by.length === 0 || deployment?.instances === undefined) continue;
      const wanted = deployment.instances + (by[this.scaled++ % by.length] ?? 0);
      const instances = Math.min(range.most, Math.max(range.least, wanted));
      this.deployments.set(name, { ...deployment, instances });
    }
  }

  private remove(name: string): void {
    const deployment = this.deployments.get(name);
    if (deployment === undefined) throw new Error(`there is no ${name} to delete`);
    if (!deployment.ours) throw new Error(`${name} is somebody else's`);
    if ((this.traffic[name] ?? 0) > 0 || (this.mirror[name] ?? 0) > 0) throw new Error(`${name} has traffic`);
    if (this.settings.has(name)) throw new Error(`${name} has an autoscale yet`);
    this.deployments.delete(name);
  }

  private mustBeReady(name: string): void {
    if (this.deployments.get(name)?.state !== "ready") throw new Error(`${name} is not ready`);
  }
}

export function sum(traffic: Traffic): number {
  return Object.values(traffic).reduce((total, percent) => total + percent, 0);
}

/** The run was killed. */
export class Killed extends Error {}
