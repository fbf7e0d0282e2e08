import type { Action, Evidence, Journal, Measurement, Observed, Scaling, Traffic } from "./types";
import { endOf, eventOf, type RolloutEvent } from "./events";
import type { Recorder } from "./history";
import type { Question } from "./metrics";
import type { MovedAlias } from "./move-alias";
import { present } from "../inputs";
import { evidenceAfter } from "./plan";

export type Ending = Extract<Action, { kind: "end" | "fail" }>;

/** The endpoint, as a run needs it. */
export interface Service {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  observe(): Promise<Pick<Observed, "traffic" | "mirror" | "deployments" | "settings" | "journal">>;
  write(traffic: Traffic, mirror: Traffic, journal: Journal | undefined): Promise<void>;
  /** @returns why it could not be made, if so */
  deploy(generation: string, instances: number): Promise<string | undefined>;
  remove(deployment: string): Promise<void>;
  /** @returns why it could not be done, if so */
  scale(scaling: Scaling): Promise<string | undefined>;
  /** Whether the quota is enough for so many machines of the generation more. */
  quota(instances: number): Promise<NonNullable<Evidence["quota"]>>;
  smoke(generation: string): Promise<NonNullable<Evidence["smoke"]>>;
  /** What the metrics of the generation's run say, against those of the one that serves. */
  judge(generation: string, serving: string | undefined): Promise<NonNullable<Evidence["run"]>>;
  /** Lets the alias lead to the generation's model version, whether it did before or not. */
  alias(generation: string, alias: string): Promise<MovedAlias>;
  measure(question: Question): Promise<Measurement>;
  /** Sends the generation requests that are missing. */
  replay(generation: string, count: number): Promise<void>;
}

/** The longest that the endpoint is not looked at while a step is held, in milliseconds. */
const LONGEST_WAIT = 15_000;

/** Observes, plans, does the one thing, and begins anew, until there is nothing more to do now. */
export async function run(
  service: Service,
  plan: (observed: Observed, now: number) => Action,
  say: (line: string) => void,
  record: Recorder = async () => undefined,
): Promise<Ending> {
  const began = service.now();
  let evidence: Evidence = {};
  let said = "";
  const tell = (line: string): void => {
    if (line !== said && line !== "") say(line);
    said = line;
  };
  let happened = false;
  const note = async (event: RolloutEvent | undefined): Promise<void> => {
    if (event === undefined) return;
    happened = true;
    await record(event);
  };
  for (;;) {
    const observed = { ...(await service.observe()), began, evidence };
    const action = plan(observed, service.now());
    switch (action.kind) {
      case "end":
      case "fail":
        if (happened || action.kind === "fail") await record(endOf(action));
        return action;
      case "write":
        tell(action.why);
        await service.write(action.traffic, action.mirror, action.journal);
        evidence = evidenceAfter(observed, action.journal);
        await note(eventOf(observed, action));
        break;
      case "deploy": {
        const { generation, instances } = action;
        tell(`${generation} is deployed with ${instances} ${instances === 1 ? "instance" : "instances"}`);
        const deployFailure = await service.deploy(generation, instances);
        if (deployFailure !== undefined) evidence = { ...evidence, deployFailure };
        await note({ kind: "deployed", generation, why: deployFailure ?? "it is up" });
        break;
      }
      case "remove":
        tell(`${action.deployment} is deleted`);
        await service.remove(action.deployment);
        await note({ kind: "deleted", generation: action.deployment, why: "it is needed no more" });
        break;
      case "attach":
      case "detach": {
        const { deployment: generation, kind } = action;
        const did = `${generation} ${kind === "attach" ? "gets its autoscale" : "has no autoscale any more"}`;
        tell(did);
        const problem = await service.scale(action);
        const others = (evidence.scaling?.done ?? []).filter(({ deployment }) => deployment !== generation);
        const done = problem === undefined ? [...others, action] : others;
        evidence = { ...evidence, scaling: present({ done, problem }) };
        await note({ kind: "changed", generation, why: problem ?? did });
        break;
      }
      case "smoke": {
        const { generation } = action;
        const smoke = await service.smoke(generation);
        evidence = { ...evidence, smoke };
        await note({
          kind: "smoked",
          generation,
          why: smoke.reason ?? "its requests were answered as expected",
        });
        break;
      }
      case "quota":
        evidence = { ...evidence, quota: await service.quota(action.instances) };
        break;
      case "judge": {
        const { generation, serving } = action;
        const run = await service.judge(generation, serving);
        tell(`${generation}: ${run.verdict}: ${run.reason}`);
        evidence = { ...evidence, run };
        break;
      }
      case "alias": {
        const { generation, alias } = action;
        const { moved, ...failed } = await service.alias(generation, alias);
        evidence = { ...evidence, aliased: { generation, ...failed } };
        const why = `alias ${alias} leads to its model version`;
        if (moved) tell(`${generation}: ${why}`);
        if (moved) await note({ kind: "changed", generation, why });
        break;
      }
      case "measure": {
        const { generation } = action;
        const measurement = await service.measure(action);
        const { verdict, reason, figures } = measurement;
        tell(`${generation}: ${verdict}: ${reason}`);
        evidence = { ...evidence, measurement };
        const why = `${verdict}: ${reason}`;
        await note({ kind: "measured", generation, why, ...(figures === undefined ? {} : { figures }) });
        break;
      }
      case "replay":
        tell(`${action.generation}: ${action.count} requests are missing; smoke requests are sent again`);
        await service.replay(action.generation, action.count);
        evidence = { ...evidence, replayed: service.now() };
        break;
      case "wait":
        tell(action.why);
        await service.sleep(Math.min(Math.max(0, action.until - service.now()), LONGEST_WAIT));
    }
  }
}
