import { setTimeout as wait } from "node:timers/promises";
import type { Arm } from "../../providers/clients/arm";
import { clock } from "../../providers/clients/clock";
import type { Where } from "../../providers/rollout/commands";
import { readMinutes, type Minute } from "../../providers/rollout/series";
import { readStatus, type RolloutStatus } from "../../providers/rollout/status";
import { exitOf } from "../exit-codes";
import { print } from "../print";
import { Screen } from "../screen";
import { eventLine } from "../view/history";
import { headline, SPARK_MINUTES, statusLines } from "../view/status";

const INTERVAL = 2_000;
/** Azure measures by the minute. */
const MEASURED_INTERVAL = 15_000;

/**
 * Follows the rollout until it serves, was rolled back or waits for somebody: in a terminal a picture of it, elsewhere a line an event.
 */
export async function watch(where: Where): Promise<number> {
  return process.stdout.isTTY ? await draw(where) : await tell(where);
}

async function draw({ arm, endpointId }: Where): Promise<number> {
  const screen = new Screen(process.stdout);
  let minutes: Readonly<Record<string, readonly Minute[]>> = {};
  const time = clock();
  for (let measured = 0; ; await wait(INTERVAL)) {
    const now = time.now();
    const status = await readStatus(arm, endpointId);
    if (Date.now() - measured >= MEASURED_INTERVAL) {
      minutes = await minutesOf(arm, status, now);
      measured = Date.now();
    }
    screen.show(statusLines(status, now, minutes));
    if (isAtRest(status)) return exitOf(status.phase);
  }
}

async function tell({ arm, endpointId, say }: Where): Promise<number> {
  let told: number | undefined;
  for (let said = ""; ; await wait(INTERVAL)) {
    const status = await readStatus(arm, endpointId);
    const { history = [], problem } = status;
    if (problem !== undefined && told === undefined) say(`no events: the store can't be read: ${problem}`);
    // What happened before is history's.
    for (const event of history.slice(told ?? history.length)) print(eventLine(event));
    told = history.length;
    const line = headline(status);
    if (line !== said) print(line);
    said = line;
    if (isAtRest(status)) return exitOf(status.phase);
  }
}

function isAtRest({ phase }: RolloutStatus): boolean {
  return phase !== "Advancing";
}

/** Without what can't be read: the picture is of use without its sparklines. */
async function minutesOf(
  arm: Arm,
  { endpointId, deployments }: RolloutStatus,
  now: number,
): Promise<Record<string, readonly Minute[]>> {
  const from = now - SPARK_MINUTES * 60_000;
  const read = deployments.map(async ({ name }) => {
    const minutes = readMinutes(arm, `${endpointId}/deployments/${name}`, from, now).catch(() => []);
    return [name, await minutes] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
