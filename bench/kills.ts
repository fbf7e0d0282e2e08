import { LocalAzure } from "../test/helpers/local-azure";
import { KilledRollouts, RATE, SPEED, type Requests } from "./support/killed-rollouts";
import { killsOf, PHASES, VICTIMS } from "./support/kill-plan";
import { report, type Figure } from "./support/report";

const [COUNT = 200, SEED = 1, MINUTES = Infinity] = process.argv.slice(2).map(Number);

/**
 * `npm run bench -- kills [COUNT] [SEED] [MINUTES]`: rollouts by the real engine, under load, in each phase of which one of the three is killed with
 * kill -9, until COUNT kills have met a rollout at work, or no new rollout begins because the minutes are over. Each rollout must come to its end by the same command again.
 */
async function main(): Promise<void> {
  const azure = new LocalAzure(SPEED);
  try {
    await azure.start();
    const killed = await KilledRollouts.create(azure, say);
    const begun = performance.now();
    const isOver = (): boolean => performance.now() - begun > MINUTES * 60_000;
    for (let round = 0; killed.hits.length < COUNT && !isOver(); round += 1)
      await killed.round(killsOf(SEED, round).slice(0, COUNT - killed.hits.length));
    const seconds = (performance.now() - begun) / 1000;
    report("kills", figures(killed, await killed.stop(), seconds));
  } finally {
    await azure.remove();
  }
}

function figures(
  { hits, rounds, converged, orphans }: KilledRollouts,
  { asked, down, lost }: Requests,
  seconds: number,
): Figure[] {
  for (const one of lost.slice(0, 10)) say(`lost: ${JSON.stringify(one)}`);
  const cells = PHASES.flatMap((phase) => VICTIMS.map((victim) => ({ phase, victim })));
  return [
    {
      name: "kill -9 of a rollout at work",
      value: hits.length,
      unit: "kills",
      bar: "200",
      holds: hits.length >= 200,
    },
    { name: "the whole run", value: seconds, unit: "s" },
    ...cells.map(({ phase, victim }): Figure => {
      const value = hits.filter((hit) => hit.phase === phase && hit.victim === victim).length;
      return { name: `${victim}, ${phase}`, value, unit: "kills", bar: "≥ 1", holds: value >= 1 };
    }),
    {
      name: "rollouts that converged",
      value: converged,
      unit: "rollouts",
      bar: `${rounds}`,
      holds: converged === rounds,
    },
    { name: "deployments left over", value: orphans, unit: "deployments", bar: "0", holds: orphans === 0 },
    { name: "requests", value: asked.length, unit: "requests", peer: `${RATE} a second` },
    { name: "requests while a killed local Azure was down", value: down.length, unit: "requests" },
    { name: "requests lost", value: lost.length, unit: "requests", bar: "0", holds: lost.length === 0 },
  ];
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
