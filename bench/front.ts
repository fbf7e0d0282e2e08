import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import type { Store, StoredResource } from "../local/arm/store";
import type { Deployment } from "../local/scoring/deployment";
import { createScoringFront } from "../local/scoring/front";
import type { Scoring } from "../local/scoring/instances";
import { ScoringMetrics } from "../local/scoring/metrics";
import { median, report, type Figure } from "./support/report";

const RATE = 200;
const SECONDS = 10;
const ROUNDS = 5;
const HOST = "echo.westeurope.inference.ml.azure.com";
const ID = "/subscriptions/S/resourceGroups/R/providers/P/workspaces/W/onlineEndpoints/echo";

/**
 * `npm run bench -- front`: what the scoring front adds to a process that echoes, at 200 requests a second, open loop. Front, echo and caller
 * are processes of their own; the same caller asks the echo itself in turn with the front.
 */
async function main(): Promise<void> {
  const echo = await part("echo");
  const front = await part("front", String(echo.port));
  try {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const alone = await load(echo.port);
      const through = await load(front.port);
      rounds.push({ alone, through });
    }
    report("front", figures(rounds));
  } finally {
    await Promise.all([echo.end(), front.end()]);
  }
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface Round {
  readonly alone: Percentiles;
  readonly through: Percentiles;
}

function figures(rounds: readonly Round[]): Figure[] {
  return (["p50", "p99"] as const).map((share) => {
    const bar = share === "p50" ? 1 : 5;
    const value = median(rounds.map(({ alone, through }) => through[share] - alone[share]));
    const [alone, through] = (["alone", "through"] as const).map((way) =>
      median(rounds.map((round) => round[way][share])).toFixed(2),
    );
    return {
      name: `what the front adds at ${share}, ${RATE} requests a second, middle of ${ROUNDS} rounds`,
      value,
      unit: "ms",
      peer: `${through} ms against ${alone} ms of the echo`,
      bar: `< ${bar} ms`,
      holds: value < bar,
    };
  });
}

/** Starts this file as another process, which tells its port. */
async function part(...args: string[]): Promise<{ readonly port: number; end(): Promise<void> }> {
  const child = fork(__filename, args, { execArgv: process.execArgv });
  const [port] = (await once(child, "message")) as [number];
  return {
    port,
    end: async () => {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

/** Milliseconds from sending each request until its answer was whole. */
async function load(port: number): Promise<Percentiles> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  const body = JSON.stringify({
    input_data: { data: [Array.from({ length: 30 }, (_, index) => index / 7)] },
  });
  const headers = { host: HOST, authorization: "Bearer first", "content-type": "application/json" };
  const ask = async (due: number): Promise<number> => {
    const answer = await pool.request({ method: "POST", path: "/score", headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`port ${port} answered ${answer.statusCode}`);
    return performance.now() - due;
  };
  for (let count = 0; count < 200; count += 1) await ask(performance.now());
  const asked: Promise<number>[] = [];
  const begun = performance.now();
  for (let count = 0; count < RATE * SECONDS; count += 1) {
    const due = begun + (count * 1000) / RATE;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    asked.push(ask(performance.now()));
  }
  const times = (await Promise.all(asked)).sort((a, b) => a - b);
  await pool.close();
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

async function serveEcho(): Promise<void> {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    request.pipe(response);
  });
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.send?.((server.address() as AddressInfo).port);
}

async function serveFront(echo: number): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${echo}`, { connections: 16, pipelining: 1 });
  const instance = { request: pool.request.bind(pool) };
  const deployment = {
    pending: 0,
    limit: 1_000,
    spec: { requestTimeout: 5_000 },
    acquire: () => Promise.resolve(instance),
    release: () => undefined,
  } as unknown as Deployment;
  const endpoint: StoredResource = {
    id: ID,
    body: { location: "westeurope", properties: { authMode: "Key", traffic: { blue: 100 } } },
    internal: { keys: { primaryKey: "first", secondaryKey: "second" } },
  };
  const front = createScoringFront({
    store: { get: () => endpoint, list: () => [endpoint] } as unknown as Store,
    scoring: { targets: () => deployment } as unknown as Scoring,
    verifier: { verify: () => Promise.reject(new Error("not asked")) },
    access: { hasRole: () => false },
    metrics: new ScoringMetrics(),
  });
  await front.listen({ host: "127.0.0.1", port: 0 });
  process.send?.((front.server.address() as AddressInfo).port);
}

process.on("disconnect", () => process.exit());
const [role, echo] = process.argv.slice(2);
const roles: Readonly<Record<string, () => Promise<void>>> = {
  echo: serveEcho,
  front: async () => await serveFront(Number(echo)),
};
(roles[role ?? ""] ?? main)().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
