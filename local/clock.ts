import { UserError } from "./user-error";

const VARIABLE = "PULUMI_AZUREML_LOCAL_SPEED";

/** How fast the local Azure's time runs, and since when: instants are the machine's, milliseconds since 1970. */
export interface ClockSetting {
  readonly speed: number;
  readonly since: number;
}

/**
 * What whoever starts the local Azure wants: `PULUMI_AZUREML_LOCAL_SPEED=60` makes a minute of metrics, autoscale or a rollout's step a
 * second. A restart at the same speed goes on with the time of before.
 */
export function clockSetting(
  before: ClockSetting | undefined,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): ClockSetting {
  const speed = Number(environment[VARIABLE] ?? 1);
  if (!(speed >= 1 && speed <= 3600)) throw new UserError(`${VARIABLE} must be a number from 1 to 3600.`);
  return before?.speed === speed ? before : { speed, since: Date.now() };
}

/** The local Azure's time, milliseconds since 1970: what metrics and autoscale go by. Tokens, leases and ARM's own times stay the machine's. */
export function clockNow({ speed, since }: ClockSetting): () => number {
  return () => Math.round(since + (Date.now() - since) * speed);
}

/** The variable that tells a command's providers of it; none at the machine's own speed. */
export function clockEnvironment({ speed, since }: ClockSetting): Record<string, string> {
  return speed === 1 ? {} : { PULUMI_AZUREML_CLOCK: `${speed}@${new Date(since).toISOString()}` };
}
