import { plan, planRemoval } from "../../providers/batch-rollout/plan";
import { run, type Ending, type Service } from "../../providers/batch-rollout/run";
import type {
  BatchRolloutSpec,
  Journal,
  Observed,
  ObservedDeployment,
} from "../../providers/batch-rollout/types";
import { Killed } from "./simulated-endpoint";

/** How the world answers, action by action. */
export interface BatchWorld {
  /** Whether a deployment comes up. */
  readonly deploys: boolean;
  /** Whether the endpoint takes a job. */
  readonly submits: boolean;
  /** How many looks a job runs for; Infinity: it never ends. */
  readonly looks: number;
  /** Whether the output of a job is what was expected. */
  readonly proves: boolean;
}

export const allWell: BatchWorld = { deploys: true, submits: true, looks: 2, proves: true };

interface SimulatedJob {
  readonly generation: string;
  /** How many looks it runs yet. */
  left: number;
  cancelled?: boolean;
}

/** A batch endpoint in memory that refuses what Azure refuses, and knows the laws that no rollout may break. */
export class SimulatedBatchEndpoint {
  now = 1_000_000;
  defaultDeployment: string | undefined;
  journal: Journal | undefined;
  readonly deployments = new Map<string, ObservedDeployment>();
  readonly jobs = new Map<string, SimulatedJob>();
  /** Generations that a job proved. */
  readonly proven = new Set<string>();
  /** Every default there was, in turn. */
  readonly defaults: (string | undefined)[] = [];

  /** A run to its end, by the provider's own loop. @returns undefined when it was killed after so many actions */
  async run(
    spec: BatchRolloutSpec | undefined,
    world: BatchWorld,
    kill = Infinity,
  ): Promise<Ending | undefined> {
    const decide = (observed: Observed, now: number) =>
      spec === undefined ? planRemoval(observed, now) : plan(spec, observed, now);
    try {
      return await run(this.service(world, kill), decide, () => undefined);
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    }
  }

  private service({ deploys, submits, looks, proves }: BatchWorld, kill: number): Service {
    let count = 0;
    /** A kill comes before an action's effect or after it, in turn. */
    const act = async <T>(effect: () => T): Promise<T> => {
      if (count > 2_000) throw new Error("the run does not end");
      if (count * 2 === kill) throw new Killed();
      const answer = effect();
      this.now += 10;
      if (count * 2 + 1 === kill) throw new Killed();
      count += 1;
      return answer;
    };
    return {
      now: () => this.now,
      sleep: async (milliseconds) => await act(() => this.pass(milliseconds)),
      observe: async () => this.observed(),
      write: async (...all) => await act(() => this.write(...all)),
      deploy: async (generation) => await act(() => this.deploy(generation, deploys)),
      remove: async (name) => await act(() => this.remove(name)),
      submit: async (generation, job) =>
        await act(() => {
          if (!submits) return "the endpoint takes no job";
          this.submit(generation, job, looks);
          return undefined;
        }),
      cancel: async (job) =>
        await act(() => void Object.assign(this.jobs.get(job) ?? {}, { left: 1, cancelled: true })),
      check: async (job) => await act(() => this.check(job, proves)),
    };
  }

  private observed(): Omit<Observed, "evidence"> {
    const { defaultDeployment, journal } = this;
    const noted = journal?.moving?.job;
    const job = noted && this.jobs.get(noted.name);
    const state = job === undefined ? "missing" : job.left > 0 ? "running" : "ended";
    return {
      deployments: Object.fromEntries(this.deployments),
      ...(defaultDeployment === undefined ? {} : { defaultDeployment }),
      ...(journal === undefined ? {} : { journal }),
      ...(noted === undefined ? {} : { job: state }),
    };
  }

  private pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const job of this.jobs.values()) job.left -= 1;
    for (const [name, one] of this.deployments)
      if (one.state === "changing") this.deployments.set(name, { ...one, state: "ready" });
  }

  private write(defaultDeployment: string | undefined, journal: Journal | undefined): void {
    if (defaultDeployment !== undefined && defaultDeployment !== this.defaultDeployment) {
      const there = this.deployments.get(defaultDeployment);
      if (there?.state !== "ready") throw new Error(`${defaultDeployment} is not ready to be the default`);
      if (there.ours && !this.proven.has(defaultDeployment))
        throw new Error(`${defaultDeployment} is not proven`);
    }
    this.defaultDeployment = defaultDeployment;
    this.journal = journal;
    this.defaults.push(defaultDeployment);
  }

  private deploy(generation: string, deploys: boolean): string | undefined {
    if (this.deployments.get(generation)?.ours === false) throw new Error(`${generation} is somebody else's`);
    if (!this.deployments.has(generation) && this.deployments.size >= 20)
      throw new Error("an endpoint has 20 deployments at most");
    this.deployments.set(generation, { state: deploys ? "ready" : "failed", ours: true, outdated: false });
    return deploys ? undefined : "it crashed";
  }

  private remove(name: string): void {
    const there = this.deployments.get(name);
    if (there === undefined) throw new Error(`there is no ${name} to delete`);
    if (!there.ours) throw new Error(`${name} is somebody else's`);
    if (name === this.defaultDeployment) throw new Error(`${name} is the default`);
    this.deployments.delete(name);
  }

  private submit(generation: string, job: string, looks: number): void {
    if (this.jobs.has(job)) throw new Error(`there is a job ${job} already`);
    if (this.deployments.get(generation)?.state !== "ready") throw new Error(`${generation} is not ready`);
    const running = [...this.jobs.values()].some(
      (one) => one.generation === generation && one.left > 0 && one.cancelled !== true,
    );
    if (running) throw new Error(`${generation} is being proven by another job already`);
    this.jobs.set(job, { generation, left: looks });
  }

  private check(name: string, proves: boolean): string | undefined {
    const job = this.jobs.get(name);
    if (job === undefined || job.left > 0) throw new Error(`job ${name} has not ended`);
    if (proves) this.proven.add(job.generation);
    return proves ? undefined : "3 rows, expected 4";
  }
}
