import type execa from "execa";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DEPLOYER } from "../local/cloud";
import { openStore } from "../local/arm/store-lmdb";
import type { Store } from "../local/arm/store";
import { processStart } from "../local/process-identity";
import { askAdmin } from "../local/running";
import type { Status } from "../local/status";
import { journalIn } from "../providers/rollout/journal";
import { LocalAzure } from "../test/helpers/local-azure";
import { ProgramStack } from "../test/helpers/program-stack";
import { Caller } from "../test/helpers/score";
import { exampleModelFolder, packageRoot } from "../tools/paths";
import { killPlan, PHASES, phaseOf, VICTIMS, type Kill, type Victim } from "./support/kill-plan";
import { OpenLoop } from "./support/open-loop";
import { processTree } from "./support/processes";
import { report, type Figure } from "./support/report";

const [COUNT = 200, SEED = 1, MINUTES = Infinity] = process.argv.slice(2).map(Number);
const RATE = 20;
const SAMPLE = readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8");
const STEPS = [
  { weight: 0, mirror: 50, bakeSeconds: 240 },
  { weight: 20, bakeSeconds: 240 },
];
const ROLLOUT = {
  strategy: { kind: "steps", steps: STEPS },
  watchSeconds: 240,
  concurrentRequestsPerInstance: 16,
  smokeRequests: [{ body: JSON.parse(SAMPLE) as unknown, expected: [0] }],
  gates: {
    limits: [{ metric: "errorPercent", max: 1 }],
    minRequests: 3,
    intervalSeconds: 60,
    inconclusiveLimit: 10,
  },
  retireAfterSeconds: 120,
  maxHoldSeconds: 36_000,
};
const UP = ["up", "--yes", "--skip-preview"] as const;
/** Ends of `up` that may fail before it has to converge: whoever was killed holds the lease for a while. */
const TRIES = 6;

/**
 * `npm run bench -- kills [COUNT] [SEED] [MINUTES]`: rollouts by the real engine, under load, in each phase of which one of the three is killed with
 * kill -9, until COUNT kills have met a rollout at work, or no new rollout begins because the minutes are over. Each rollout must come to its end by the same command again.
 */
async function main(): Promise<void> {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let load: OpenLoop | undefined;
  try {
    await azure.start();
    const bench = await Bench.create(azure);
    load = bench.load;
    const begun = performance.now();
    const isOver = (): boolean => performance.now() - begun > MINUTES * 60_000;
    for (const [round, kills] of killPlan(SEED, COUNT).entries())
      if (!isOver()) await bench.round(round, kills);
    report("kills", await bench.figures((performance.now() - begun) / 1000));
  } finally {
    await load?.stop();
    await azure.remove();
  }
}

class Bench {
  private readonly hits: Kill[] = [];
  private readonly downtimes: { readonly from: number; readonly to: number }[] = [];
  private readonly store: Store;
  private readonly started = new Map<number, string | undefined>();
  private converged = 0;
  private rounds = 0;
  private orphans = 0;

  private constructor(
    private readonly azure: LocalAzure,
    private readonly stack: ProgramStack,
    private readonly endpointId: string,
    private readonly target: { readonly scoringUri: string; readonly key: string },
    readonly load: OpenLoop,
  ) {
    this.store = openStore(azure.paths.arm);
  }

  static async create(azure: LocalAzure): Promise<Bench> {
    const config = { deployer: DEPLOYER.objectId, model: exampleModelFolder, rollout: ROLLOUT };
    const stack = await ProgramStack.create(azure, "rollout", config);
    await stack.succeeds(...UP);
    const { endpointId = "", scoringUri = "", key = "" } = await stack.outputs();
    const load = new OpenLoop(azure, { scoringUri, key, bodies: [SAMPLE] }, RATE);
    return new Bench(azure, stack, endpointId, { scoringUri, key }, load);
  }

  /** One rollout to a new model, killed in each phase that it still comes through. */
  async round(round: number, kills: readonly Kill[]): Promise<void> {
    const folder = join(this.azure.paths.folder, `model-${round % 2}`);
    cpSync(exampleModelFolder, folder, { recursive: true });
    writeFileSync(join(folder, "notes.txt"), `round ${round}\n`);
    this.stack.set("model", folder);
    this.rounds += 1;
    let left = [...kills];
    for (let tries = 0; tries < TRIES + kills.length; tries += 1) {
      const up = this.stack.start(...UP);
      const hit = await this.killIn(up, left);
      if (hit !== undefined) left = left.slice(left.indexOf(hit) + 1);
      const { exitCode, stdout, stderr } = await up;
      say(
        `round ${round}: ${hit === undefined ? "no kill" : `${hit.victim} killed, ${hit.phase}`}: up ended with ${exitCode}`,
      );
      if (hit === undefined && exitCode === 0 && (await this.phase()) === "Serving") break;
      if (hit === undefined)
        say(
          `${stdout}\n${stderr}`
            .split("\n")
            .filter((line) => /error|rolled back|refused/i.test(line))
            .join("\n"),
        );
      await this.stack.pulumi("cancel", "--yes");
    }
    await this.endLeftovers();
    const { generation = "" } = await this.stack.outputs();
    const [endpoint] = (await askAdmin<Status>(this.azure.paths, this.azure.run(), "status")).endpoints;
    const serves =
      (await this.phase()) === "Serving" &&
      JSON.stringify(endpoint?.traffic) === JSON.stringify({ [generation]: 100 });
    this.orphans += (endpoint?.deployments ?? []).filter(({ name }) => name !== generation).length;
    if (serves) this.converged += 1;
    else say(`round ${round} did not converge: ${JSON.stringify(endpoint)}`);
  }

  private async phase(): Promise<string | undefined> {
    return (await this.stack.outputs())["phase"];
  }

  /** Kills as soon as one of the wanted phases is reached; undefined when the command ends before. */
  private async killIn(up: execa.ExecaChildProcess, wanted: readonly Kill[]): Promise<Kill | undefined> {
    let ended = false;
    void up.then(() => (ended = true));
    while (!ended) {
      const phase = phaseOf(
        journalIn(this.store.get(this.endpointId)?.body["tags"] as Record<string, string>),
        STEPS.length,
      );
      const kill = wanted.find((one) => one.phase === phase);
      if (kill !== undefined && this.find(kill.victim, up.pid ?? 0) !== undefined) {
        await sleep(kill.after);
        // The command, or the victim alone, may have ended meanwhile: then there is nothing left to interrupt.
        const victim = this.find(kill.victim, up.pid ?? 0);
        if (ended || victim === undefined) continue;
        this.remember(up.pid ?? 0);
        await this.end(kill.victim, victim);
        this.hits.push(kill);
        return kill;
      }
      await sleep(20);
    }
    return undefined;
  }

  private find(victim: Victim, up: number): number | undefined {
    if (victim === "local Azure") return this.azure.run().pid;
    const tree = processTree(up);
    const pattern = victim === "pulumi" ? /\/pulumi up / : /dynamic-provider/;
    return tree.find(({ command }) => pattern.test(`${command} `))?.pid;
  }

  private async end(victim: Victim, pid: number): Promise<void> {
    const from = Date.now();
    process.kill(pid, "SIGKILL");
    if (victim !== "local Azure") return;
    await this.azure.start();
    const caller = new Caller(this.azure, this.target.scoringUri, this.target.key);
    while ((await caller.score(JSON.parse(SAMPLE)).catch(() => undefined))?.status !== 200) await sleep(100);
    await caller.close();
    this.downtimes.push({ from, to: Date.now() });
  }

  private remember(up: number): void {
    for (const { pid } of processTree(up)) this.started.set(pid, processStart(pid));
  }

  /** What a killed engine left running. */
  private async endLeftovers(): Promise<void> {
    for (const [pid, started] of this.started)
      if (started !== undefined && processStart(pid) === started) process.kill(pid, "SIGKILL");
    this.started.clear();
  }

  async figures(seconds: number): Promise<Figure[]> {
    const asked = await this.load.stop();
    await this.store.close();
    const down = (from: number, to: number): boolean =>
      this.downtimes.some((each) => from <= each.to && to >= each.from);
    const lost = asked.filter(({ status, from, to }) => status !== 200 && !down(from, to));
    for (const one of lost.slice(0, 10)) say(`lost: ${JSON.stringify(one)}`);
    const hit = (phase: string, victim: string): number =>
      this.hits.filter((each) => each.phase === phase && each.victim === victim).length;
    return [
      {
        name: "kill -9 of a rollout at work",
        value: this.hits.length,
        unit: "kills",
        bar: "200",
        holds: this.hits.length >= 200,
      },
      { name: "the whole run", value: seconds, unit: "s" },
      ...PHASES.flatMap((phase) =>
        VICTIMS.map((victim): Figure => {
          const value = hit(phase, victim);
          return { name: `${victim}, ${phase}`, value, unit: "kills", bar: "≥ 1", holds: value >= 1 };
        }),
      ),
      {
        name: "rollouts that converged",
        value: this.converged,
        unit: "rollouts",
        bar: `${this.rounds}`,
        holds: this.converged === this.rounds,
      },
      {
        name: "deployments left over",
        value: this.orphans,
        unit: "deployments",
        bar: "0",
        holds: this.orphans === 0,
      },
      { name: "requests", value: asked.length, unit: "requests", peer: `${RATE} a second` },
      {
        name: "requests while a killed local Azure was down",
        value: asked.filter(({ from, to }) => down(from, to)).length,
        unit: "requests",
      },
      { name: "requests lost", value: lost.length, unit: "requests", bar: "0", holds: lost.length === 0 },
    ];
  }
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
