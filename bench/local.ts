import autocannon from "autocannon";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { askAdmin } from "../local/running";
import { engineLink, packageRoot } from "../tools/paths";
import { FreshClone } from "../test/helpers/fresh-clone";
import { LocalAzure, type Stack } from "../test/helpers/local-azure";
import { writeBareProgram } from "./support/bare-program";
import { processTree } from "./support/processes";
import { median, report, timed, type Figure } from "./support/report";

const SAMPLE = readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8");
const ROUNDS = 5;

/** `npm run bench -- local [--cold]`: what the newcomer's command costs, part by part. `--cold` sets a fresh clone up, too (minutes). */
async function main(): Promise<void> {
  const figures: Figure[] = process.argv.includes("--cold") ? await fromAFreshClone() : [];
  const azure = new LocalAzure();
  try {
    figures.push(...(await newcomersCommand(azure)));
    const stack = await azure.stack();
    figures.push(...(await previews(azure, stack)));
    figures.push(...(await parts(azure)));
    figures.push(...(await scoring(azure, await stack.outputs())));
  } finally {
    await azure.remove();
  }
  report("local", figures);
}

async function fromAFreshClone(): Promise<Figure[]> {
  const clone = new FreshClone();
  try {
    await clone.make();
    say("npm run local in a fresh clone");
    const cold = await timed(async () => succeeded(await clone.local()));
    say("again");
    const warm = await timed(async () => succeeded(await clone.local()));
    return [
      {
        name: "npm run local, fresh clone, engine and packages in the user's caches",
        value: cold.seconds,
        unit: "s",
      },
      { name: "npm run local, second run", value: warm.seconds, unit: "s" },
    ];
  } finally {
    await clone.remove();
  }
}

async function newcomersCommand(azure: LocalAzure): Promise<Figure[]> {
  say("npm run local with nothing running, then with nothing changed");
  const first = await timed(async () => succeeded(await azure.command()));
  const second = await timed(async () => succeeded(await azure.command()));
  const stack = await azure.stack();
  const engine = await timed(async () => await stack.succeeds("up", "--yes", "--skip-preview"));
  const beyond = second.seconds - engine.seconds;
  return [
    { name: "npm run local on a set-up machine, nothing there", value: first.seconds, unit: "s" },
    {
      name: "npm run local, nothing changed",
      value: second.seconds,
      unit: "s",
      peer: `pulumi up itself ${engine.seconds.toFixed(1)} s`,
      bar: "within 5 s of pulumi up",
      holds: beyond < 5,
    },
  ];
}

async function previews(azure: LocalAzure, stack: Stack): Promise<Figure[]> {
  say("previews of an empty stack: ours, and a bare program with the same azure-native resources");
  const folder = join(azure.paths.folder, "bare");
  const count = writeBareProgram(folder, await stack.succeeds("stack", "export"));
  const bare = async (...args: string[]): Promise<unknown> =>
    await execa(join(engineLink, "pulumi"), args, { cwd: folder, env: azure.environment() });
  await bare("stack", "init", "bare");
  succeeded(await azure.command("preview", "dev"));
  const ours = ["--stack", "dev", "--config-file", join(azure.paths.stacks, "Pulumi.dev.yaml")];
  const preview = async (): Promise<unknown> =>
    await execa(join(engineLink, "pulumi"), ["preview", ...ours], {
      cwd: packageRoot(),
      env: azure.environment(),
    });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const whole = await timed(preview);
    const theirs = await timed(async () => await bare("preview", "--stack", "bare"));
    rounds.push({ ours: whole.seconds, theirs: theirs.seconds });
  }
  return [
    {
      name: `preview of the stack, against a bare program with its ${count} azure-native resources`,
      value: median(rounds.map(({ ours, theirs }) => ours / theirs)),
      unit: "×",
      peer: `${median(rounds.map(({ ours }) => ours)).toFixed(1)} s against ${median(rounds.map(({ theirs }) => theirs)).toFixed(1)} s`,
    },
  ];
}

const PROCESSES: readonly (readonly [string, RegExp])[] = [
  ["MLflow server", /mlflow\.server:app/],
  ["scoring instance", /inference_server/],
  ["Azurite", /blobs\/host/],
  ["local Azure (door, ARM, identity, fronts)", /local\/daemon/],
];

async function parts(azure: LocalAzure): Promise<Figure[]> {
  const { pid } = azure.run();
  const { started } = await askAdmin<{ started: Record<string, number> }>(azure.paths, azure.run(), "parts");
  const tree = processTree(pid).filter(({ command }) => !command.includes("supervise.py"));
  return [
    ...Object.entries(started).map(([name, value]): Figure => ({
      name: `start of ${name}`,
      value,
      unit: "ms",
    })),
    ...PROCESSES.map(([name, pattern]): Figure => {
      const own = tree.filter(({ command }) => pattern.test(command));
      return {
        name: `memory of ${name}`,
        value: own.reduce((sum, { megabytes }) => sum + megabytes, 0),
        unit: "MB",
      };
    }),
  ];
}

async function scoring(azure: LocalAzure, outputs: Record<string, string>): Promise<Figure[]> {
  say("scoring: the inference server alone, then through the front");
  const port = inferenceServerPort(azure.run().pid);
  const headers = { "content-type": "application/json" };
  const alone = { url: `http://127.0.0.1:${port}/score`, headers };
  const host = new URL(outputs["scoringUri"] ?? "").host;
  const front = {
    url: `https://127.0.0.1:${azure.run().ports.tls}/score`,
    headers: { ...headers, host, authorization: `Bearer ${outputs["endpointKey"]}` },
    servername: host,
    tlsOptions: { ca: readFileSync(azure.paths.authorityCertificate, "utf8"), servername: host },
  };
  const added = { p50: [] as number[], p99: [] as number[], alone: [] as number[], front: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await load(alone);
    const through = await load(front);
    added.alone.push(without.p50);
    added.front.push(through.p50);
    added.p50.push(through.p50 - without.p50);
    added.p99.push(through.p99 - without.p99);
  }
  const peer = `${median(added.front).toFixed(1)} ms against ${median(added.alone).toFixed(1)} ms`;
  return [
    { name: "scoring, what the front adds at p50", value: median(added.p50), unit: "ms", peer },
    { name: "scoring, what the front adds at p99", value: median(added.p99), unit: "ms" },
  ];
}

/** One connection, one request after the other, 500 of them. Milliseconds. */
async function load(target: { url: string }): Promise<{ readonly p50: number; readonly p99: number }> {
  const times: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      { ...target, method: "POST", body: SAMPLE, connections: 1, amount: 500, timeout: 30 },
      (error, result) => {
        if (error !== null && error !== undefined) reject(error as Error);
        else if (result.non2xx + result.errors > 0)
          reject(new Error(`${result.non2xx + result.errors} requests failed at ${target.url}`));
        else resolve();
      },
    );
    run.on("response", (_client, _status, _bytes, time) => times.push(time));
  });
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function inferenceServerPort(daemon: number): number {
  const server = processTree(daemon).find(
    ({ command }) => /inference_server/.test(command) && /127\.0\.0\.1:\d+/.test(command),
  );
  return Number(/127\.0\.0\.1:(\d+)/.exec(server?.command ?? "")?.[1]);
}

function succeeded(ended: execa.ExecaReturnValue): execa.ExecaReturnValue {
  if (ended.exitCode !== 0)
    throw new Error(`${ended.command} ended with ${ended.exitCode}:\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

function say(text: string): void {
  process.stderr.write(`${text} …\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
