import type { Action, Evidence, Journal, Measurement, Observed, Traffic } from "./types";
import { evidenceAfter } from "./plan";

export type Ending = Extract<Action, { kind: "end" | "fail" }>;

/** The endpoint, as a run needs it. */
export interface Service {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  observe(): Promise<Pick<Observed, "traffic" | "mirror" | "deployments" | "journal">>;
  write(traffic: Traffic, mirror: Traffic, journal: Journal | undefined): Promise<void>;
  /** @returns why it could not be made, if so */
  deploy(generation: string): Promise<string | undefined>;
  remove(deployment: string): Promise<void>;
  smoke(generation: string): Promise<NonNullable<Evidence["smoke"]>>;
  measure(generation: string, baseline: string | undefined, since: number): Promise<Measurement>;
}

/** The longest that the endpoint is not looked at while a step is held, in milliseconds. */
const LONGEST_WAIT = 15_000;

/** Observes, plans, does the one thing, and begins anew, until there is nothing more to do now. */
export async function run(
  service: Service,
  plan: (observed: Observed, now: number) => Action,
  say: (line: string) => void,
): Promise<Ending> {
  const began = service.now();
  let evidence: Evidence = {};
  let said = "";
  const tell = (line: string): void => {
    if (line !== said && line !== "") say(line);
    said = line;
  };
  for (;;) {
    const observed = { ...(await service.observe()), began, evidence };
    const action = plan(observed, service.now());
    switch (action.kind) {
      case "end":
      case "fail":
        return action;
      case "write":
        tell(action.why);
        await service.write(action.traffic, action.mirror, action.journal);
        evidence = evidenceAfter(observed, action.journal);
        break;
      case "deploy": {
        tell(`${action.generation} is deployed`);
        const deployFailure = await service.deploy(action.generation);
        if (deployFailure !== undefined) evidence = { ...evidence, deployFailure };
        break;
      }
      case "remove":
        tell(`${action.deployment} is deleted`);
        await service.remove(action.deployment);
        break;
      case "smoke":
        evidence = { ...evidence, smoke: await service.smoke(action.generation) };
        break;
      case "measure": {
        const measurement = await service.measure(action.generation, action.baseline, action.since);
        tell(`${action.generation}: ${measurement.verdict}: ${measurement.reason}`);
        evidence = { ...evidence, measurement };
        break;
      }
      case "wait":
        tell(action.why);
        await service.sleep(Math.min(Math.max(0, action.until - service.now()), LONGEST_WAIT));
    }
  }
}
