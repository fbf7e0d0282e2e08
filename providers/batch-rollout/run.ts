import type { Action, Evidence, Journal, Observed, Verdict } from "./types";

export type Ending = Extract<Action, { kind: "end" | "fail" }>;

/** The endpoint, as a run needs it. */
export interface Service {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  observe(): Promise<Omit<Observed, "evidence">>;
  write(defaultDeployment: string | undefined, journal: Journal | undefined): Promise<void>;
  /** @returns why it could not be made, if so */
  deploy(generation: string): Promise<string | undefined>;
  remove(deployment: string): Promise<void>;
  /** Starts the job over the sample input. @returns why it could not be started, if so */
  submit(generation: string, job: string): Promise<string | undefined>;
  cancel(job: string): Promise<void>;
  /** Looks at what a job that has ended left. @returns why it is no proof, if so */
  check(job: string): Promise<string | undefined>;
}

/** Observes, plans, does the one thing, and begins anew, until there is nothing more to do now. */
export async function run(
  service: Service,
  plan: (observed: Observed, now: number) => Action,
  say: (line: string) => void,
): Promise<Ending> {
  let evidence: Evidence = {};
  let said = "";
  const tell = (line: string): void => {
    if (line !== said && line !== "") say(line);
    said = line;
  };
  for (;;) {
    const action = plan({ ...(await service.observe()), evidence }, service.now());
    switch (action.kind) {
      case "end":
      case "fail":
        return action;
      case "write":
        tell(action.why);
        await service.write(action.defaultDeployment, action.journal);
        if (action.failure !== undefined) return { kind: "fail", reason: action.failure };
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
      case "submit": {
        const { generation, job } = action;
        tell(`${generation} is proven by job ${job}`);
        const problem = await service.submit(generation, job);
        evidence = { ...evidence, submitted: job, ...verdictOf(job, problem) };
        break;
      }
      case "cancel":
        tell(`job ${action.job} is cancelled`);
        await service.cancel(action.job);
        evidence = { ...evidence, cancelled: action.job };
        break;
      case "check": {
        const problem = await service.check(action.job);
        const verdict: Verdict = { job: action.job, ...(problem === undefined ? {} : { problem }) };
        evidence = { ...evidence, verdict };
        break;
      }
      case "wait":
        tell(action.why);
        await service.sleep(Math.max(0, action.until - service.now()));
    }
  }
}

function verdictOf(job: string, problem: string | undefined): Pick<Evidence, "verdict"> {
  return problem === undefined ? {} : { verdict: { job, problem } };
}
