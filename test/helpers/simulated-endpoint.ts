import { evidenceAfter, plan, planRemoval } from "../../providers/rollout/plan";
import type {
  Action,
  Evidence,
  Journal,
  Measurement,
  Observed,
  ObservedDeployment,
  RolloutSpec,
  Traffic,
} from "../../providers/rollout/types";

type Ending = Extract<Action, { kind: "end" | "fail" }>;

/** How the world answers, action by action. */
export interface World {
  /** Whether a deployment comes up. */
  readonly deploys: boolean;
  readonly smokes: boolean;
  /** Taken in turn, over and over. */
  readonly verdicts: readonly Measurement["verdict"][];
}

/** An endpoint in memory that refuses what Azure refuses, and knows the laws that no rollout may break. */
export class SimulatedEndpoint {
  now = 1_000_000;
  traffic: Traffic = {};
  mirror: Traffic = {};
  journal: Journal | undefined;
  readonly deployments = new Map<string, ObservedDeployment>();
  /** Every traffic map that was live, in turn. */
  readonly maps: Traffic[] = [];
  private measured = 0;

  /** A deployment that the rollout did not make. */
  addForeign(name: string): void {
    this.deployments.set(name, { state: "ready", ours: false });
  }

  /**
   * A run to its end.
   * @param kill after how many actions it is killed, if it lasts so long; the last of them may not have ended yet
   * @returns undefined when it was killed
   */
  run(spec: RolloutSpec | undefined, world: World, kill = Infinity): Ending | undefined {
    const began = this.now;
    let evidence: Evidence = {};
    for (let count = 0; count < 2_000; count++) {
      const observed = this.observe(began, evidence);
      const action = spec === undefined ? planRemoval(observed, this.now) : plan(spec, observed, this.now);
      if (action.kind === "end" || action.kind === "fail") return action;
      if (count >= kill) {
        if (action.kind === "deploy")
          this.deployments.set(action.generation, { state: "changing", ours: true });
        return undefined;
      }
      evidence = this.act(action, observed, evidence, world);
    }
    throw new Error("the run does not end");
  }

  private observe(began: number, evidence: Evidence): Observed {
    return {
      began,
      traffic: this.traffic,
      mirror: this.mirror,
      deployments: Object.fromEntries(this.deployments),
      ...(this.journal === undefined ? {} : { journal: this.journal }),
      evidence,
    };
  }

  private act(
    action: Exclude<Action, Ending>,
    observed: Observed,
    evidence: Evidence,
    { deploys, smokes, verdicts }: World,
  ): Evidence {
    this.now += 10;
    switch (action.kind) {
      case "write":
        this.write(action.traffic, action.mirror, action.journal);
        return evidenceAfter(observed, action.journal);
      case "deploy":
        if (!this.deployments.has(action.generation) && this.deployments.size >= 20)
          throw new Error("an endpoint has 20 deployments at most");
        this.deployments.set(action.generation, { state: deploys ? "ready" : "failed", ours: true });
        return deploys ? evidence : { ...evidence, deployFailure: "it crashed" };
      case "remove":
        this.remove(action.deployment);
        return evidence;
      case "smoke":
        this.mustBeReady(action.generation);
        return { ...evidence, smoke: smokes ? { passed: true } : { passed: false, reason: "wrong answer" } };
      case "measure": {
        const verdict = verdicts[this.measured++ % verdicts.length] ?? "passed";
        return { ...evidence, measurement: { at: this.now, verdict, reason: verdict } };
      }
      case "wait":
        if (action.until <= observed.began - 1) throw new Error("it waits for the past");
        this.now = Math.max(this.now, action.until);
        for (const [name, deployment] of this.deployments)
          if (deployment.state === "changing") this.deployments.set(name, { ...deployment, state: "ready" });
        return evidence;
    }
  }

  private write(traffic: Traffic, mirror: Traffic, journal: Journal | undefined): void {
    const total = sum(traffic);
    if (total !== 0 && total !== 100) throw new Error(`traffic is ${total} in total`);
    const before = this.traffic;
    for (const [name, percent] of Object.entries(traffic)) {
      if (!Number.isInteger(percent) || percent <= 0) throw new Error(`${name} has ${percent} %`);
      if (before[name] !== percent) this.mustBeReady(name);
    }
    const mirrored = Object.entries(mirror);
    if (mirrored.length > 1) throw new Error("mirrored to more than one");
    for (const [name, percent] of mirrored) {
      this.mustBeReady(name);
      if (percent > 50 || percent < 1) throw new Error(`${percent} % mirrored`);
      if ((traffic[name] ?? 0) > 0) throw new Error("mirrored to live traffic");
    }
    this.traffic = traffic;
    this.mirror = mirror;
    this.journal = journal;
    this.maps.push(traffic);
  }

  private remove(name: string): void {
    const deployment = this.deployments.get(name);
    if (deployment === undefined) throw new Error(`there is no ${name} to delete`);
    if (!deployment.ours) throw new Error(`${name} is somebody else's`);
    if ((this.traffic[name] ?? 0) > 0 || (this.mirror[name] ?? 0) > 0) throw new Error(`${name} has traffic`);
    this.deployments.delete(name);
  }

  private mustBeReady(name: string): void {
    if (this.deployments.get(name)?.state !== "ready") throw new Error(`${name} is not ready`);
  }
}

export function sum(traffic: Traffic): number {
  return Object.values(traffic).reduce((total, percent) => total + percent, 0);
}
