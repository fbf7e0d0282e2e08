import execa from "execa";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RollingDeploymentArgs } from "../components";
import { arrivalOf } from "../local/scoring/arrival";
import { LocalAzure } from "../test/helpers/local-azure";
import { rolloutStack } from "../test/helpers/rollout-stack";
import { packageRoot, python } from "../tools/paths";
import { OpenLoop, type Asked } from "./support/open-loop";
import { median, report, type Figure } from "./support/report";
import { splitOf, TrafficWatch, type Held, type Split } from "./support/traffic-watch";

const RATE = 100;
const REQUESTS = Number(process.argv[2] ?? 30_000);
/** A minute of metrics is three seconds. */
const SPEED = 20;
const INTERVAL_SECONDS = 60;
const MIN_REQUESTS = 200;
const MAX_ERROR_PERCENT = 0.5;
const MAX_P95 = 600;
const MODELS = join(packageRoot(), "bench", "support", "rollout_models.py");

interface Data {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly classes: readonly number[];
}

/** One `pulumi up` under load. */
interface Rolled {
  readonly name: string;
  /** The generation that was new. */
  readonly generation: string;
  readonly held: readonly Held[];
  readonly from: number;
  readonly to: number;
}

/**
 * `npm run bench -- rollout [REQUESTS]`: a scikit-learn model behind an endpoint that is asked 100 times a second, open loop, a quarter of
 * it on fresh connections, nothing tried again, while the real engine rolls forward to v2 (mirrored, then 5, 25, 50 and 100 %), and then back
 * from a v3 that is slow, one that fails on two rows in a hundred, and one that answers its smoke request wrongly.
 */
async function main(): Promise<void> {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: String(SPEED) });
  try {
    await azure.start();
    report("rollout", await measure(azure));
  } finally {
    await azure.remove();
  }
}

async function measure(azure: LocalAzure): Promise<Figure[]> {
  const model = join(azure.paths.folder, "v1");
  await execa(python, [MODELS, "train", model]);
  const { stdout } = await execa(python, [MODELS, "rows", model]);
  const { columns, rows, classes } = JSON.parse(stdout) as Data;
  const bodies = rows.map((row) => JSON.stringify({ input_data: { columns, data: [row] } }));
  const smoke = [{ body: JSON.parse(bodies[1] ?? "") as unknown, expected: [classes[1]] }];
  const rollout = (steps: object[]): Partial<RollingDeploymentArgs> => ({
    // What a starting generation takes of the cores makes requests wait, not fail.
    concurrentRequestsPerInstance: 256,
    strategy: { kind: "steps", steps } as RollingDeploymentArgs["strategy"],
    watchSeconds: 360,
    smokeRequests: smoke as RollingDeploymentArgs["smokeRequests"],
    gates: {
      limits: [
        { metric: "errorPercent", max: MAX_ERROR_PERCENT },
        { metric: "latencyP95", max: MAX_P95 },
      ],
      minRequests: 20,
      intervalSeconds: INTERVAL_SECONDS,
    },
    retireAfterSeconds: 60,
    maxHoldSeconds: 36_000,
  });
  const forward = rollout([
    { weight: 0, mirror: 20, bakeSeconds: 360 },
    ...[5, 25, 50].map((weight) => ({ weight, bakeSeconds: 360 })),
  ]);
  const back = rollout([{ weight: 20, bakeSeconds: 3_600 }]);
  const stack = await rolloutStack(azure, forward);
  stack.set("model", model);
  say("v1 is deployed");
  await stack.succeeds("up", "--yes", "--skip-preview");
  const { scoringUri = "", key = "" } = await stack.outputs();
  const load = new OpenLoop(azure, { scoringUri, key, bodies }, RATE);

  const roll = async (name: string, wanted: object, ends: "succeeds" | "fails"): Promise<Rolled> => {
    say(name);
    const { generation: serving = "" } = await stack.outputs();
    const folder = join(azure.paths.folder, name);
    cpSync(model, folder, { recursive: true });
    writeFileSync(join(folder, "notes.txt"), `${name}\n`);
    if (ends === "fails") await execa(python, [MODELS, name, folder]);
    stack.set("model", folder);
    stack.set("rollout", wanted);
    const watch = new TrafficWatch(azure);
    const from = Date.now();
    const said = await stack[ends]("up", "--yes", "--skip-preview").finally(() => watch.stop());
    if (ends === "fails" && !/rolled back/.test(said)) throw new Error(said);
    const { held } = watch;
    const seen = held.flatMap(({ traffic }) => Object.keys(traffic)).find((each) => each !== serving);
    return { name, generation: seen ?? "", held, from, to: Date.now() };
  };
  const rolled = [
    await roll("v2", forward, "succeeds"),
    await roll("slow", { ...back, gates: { ...back.gates, minRequests: 100 } }, "fails"),
    await roll("failing", { ...back, gates: { ...back.gates, minRequests: MIN_REQUESTS } }, "fails"),
    await roll("wrong", back, "fails"),
  ];
  await load.until(REQUESTS);
  return figures(await load.stop(), rolled, classes, azure.run().clock);
}

function figures(
  asked: readonly Asked[],
  rolled: readonly Rolled[],
  classes: readonly number[],
  clock: { readonly speed: number; readonly since: number },
): Figure[] {
  const [, slow, failing] = rolled;
  const bad = (one: Asked): boolean => one.deployment === failing?.generation && one.status === 424;
  const failed = asked.filter((one) => one.status !== 200 && !bad(one));
  const wrong = asked.filter((one) => one.status === 200 && one.answer !== `[${classes[one.row]}]`);
  for (const one of failed.slice(0, 10)) say(`failed: ${JSON.stringify(one)}`);
  const splits = rolled.flatMap(({ name, held }) =>
    held.flatMap((each) => splitOf(each, asked).map((split) => ({ name, ...split }))),
  );
  const seconds = ((asked.at(-1)?.from ?? 0) - (asked[0]?.from ?? 0)) / 1000;
  const latencies = asked.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const firstFew = asked.filter(({ deployment }) => deployment === slow?.generation).length;
  return [
    {
      name: "requests, open loop",
      value: asked.length,
      unit: "requests",
      bar: "≥ 30000",
      holds: asked.length >= 30_000,
    },
    {
      name: "rate",
      value: asked.length / seconds,
      unit: "requests/s",
      bar: "≥ 100",
      holds: asked.length / seconds > 99.5,
    },
    { name: "latency p50, whole run, connecting included", value: median(latencies), unit: "ms" },
    {
      name: "latency p99, whole run, connecting included",
      value: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
      unit: "ms",
    },
    {
      name: "failed, time-outs and resets included",
      value: failed.length,
      unit: "requests",
      bar: "0",
      holds: failed.length === 0,
    },
    {
      name: "answered other than v1 does",
      value: wrong.length,
      unit: "requests",
      bar: "0",
      holds: wrong.length === 0,
    },
    { name: "answered 424 by the failing v3", value: asked.filter(bad).length, unit: "requests" },
    { name: "answered slowly by the slow v3", value: firstFew, unit: "requests" },
    ...splits.map(splitFigure),
    ...[slow, failing].flatMap((each) => (each === undefined ? [] : [rollbackFigure(each, asked, clock)])),
  ];
}

function splitFigure({ name, deployment, weight, requests, got, sigma }: Split & { name: string }): Figure {
  return {
    name: `${name}: ${deployment} at ${weight} %`,
    value: sigma,
    unit: "σ",
    peer: `${got} of ${requests} requests, ${((got * 100) / requests).toFixed(1)} %`,
    bar: "≤ 3 σ",
    holds: sigma <= 3,
  };
}

/** From the arrival of the first metrics that break a gate until the traffic was seen to be back. */
function rollbackFigure(
  { name, generation, held, to }: Rolled,
  asked: readonly Asked[],
  { speed, since }: { readonly speed: number; readonly since: number },
): Figure {
  const simulated = (real: number): number => since + (real - since) * speed;
  const real = (time: number): number => since + (time - since) / speed;
  const least = name === "slow" ? 100 : MIN_REQUESTS;
  const own = asked.filter((one) => one.deployment === generation);
  const minutes = [...new Set(own.map(({ to: at }) => Math.floor(simulated(at) / 60_000) * 60_000))];
  const arrival = minutes
    .map(arrivalOf)
    .sort((a, b) => a - b)
    .find((time) => {
      const arrived = own.filter(
        ({ to: at }) => arrivalOf(Math.floor(simulated(at) / 60_000) * 60_000) <= time,
      );
      return arrived.length >= least && broken(arrived);
    });
  const withIt = held.filter(({ traffic }) => (traffic[generation] ?? 0) > 0);
  const back = held.find(
    ({ from, traffic }) => from > (withIt.at(-1)?.from ?? to) && traffic[generation] === undefined,
  );
  const value = arrival === undefined || back === undefined ? NaN : (back.from - real(arrival)) / 1000;
  const bar = INTERVAL_SECONDS / speed + 2;
  return {
    name: `rollback of the ${name} v3 after the metric's arrival`,
    value,
    unit: "s",
    bar: `≤ ${bar} s`,
    holds: value <= bar,
  };
}

function broken(asked: readonly Asked[]): boolean {
  const errors = asked.filter(({ status }) => status !== 200).length;
  const latencies = asked.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const p95 = latencies[Math.floor(latencies.length * 0.95)] ?? 0;
  return (errors * 100) / asked.length > MAX_ERROR_PERCENT || p95 > MAX_P95;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  // What asks the endpoint would go on.
  process.exit(1);
});
