import type execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../../local/arm/store";
import { openStore } from "../../local/arm/store-lmdb";
import { processStart } from "../../local/process-identity";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { journalIn } from "../../providers/rollout/journal";
import type { Journal } from "../../providers/rollout/types";
import { changedExample } from "../../test/helpers/changed-example";
import type { LocalAzure } from "../../test/helpers/local-azure";
import type { ProgramStack } from "../../test/helpers/program-stack";
import { rolloutStack } from "../../test/helpers/rollout-stack";
import { Caller } from "../../test/helpers/score";
import { packageRoot } from "../../tools/paths";
import { phaseOf, type Kill, type Phase, type Victim } from "./kill-plan";
import { OpenLoop, type Asked } from "./open-loop";
import { processTree, type Process } from "./processes";

/** Requests a second. */
export const RATE = 10;
/** At the speed of this many, a minute of bake time is a quarter of a second. */
export const SPEED = { PULUMI_AZUREML_LOCAL_SPEED: "240" };
const SAMPLE = readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8");
const STEPS = [
  { weight: 0, mirror: 50, bakeSeconds: 240 },
  { weight: 20, bakeSeconds: 240 },
];
/** Each phase lasts for two seconds or more: longer than a kill waits in it. */
const ROLLOUT = {
  strategy: { kind: "steps", steps: STEPS },
  watchSeconds: 240,
  // Requests pile up where the machine is busy: none of them is refused.
  concurrentRequestsPerInstance: 128,
  smokeRequests: [{ body: JSON.parse(SAMPLE) as unknown, expected: [0] }],
  gates: {
    limits: [{ metric: "errorPercent", max: 1 }],
    minRequests: 1,
    intervalSeconds: 120,
    inconclusiveLimit: 100,
  },
  retireAfterSeconds: 480,
  maxHoldSeconds: 360_000,
};
const UP = ["up", "--yes", "--skip-preview"] as const;
/** How often a rollout may have to be asked for beyond its kills until it is at its end. */
const TRIES = 3;

/** What became of the requests. */
export interface Requests {
  readonly asked: readonly Asked[];
  /** Those that were asked or answered while a killed local Azure was down. */
  readonly down: readonly Asked[];
  /** Those that failed though the local Azure was there. */
  readonly lost: readonly Asked[];
}

/** Rollouts by the real engine under a steady load, each killed with kill -9 again and again, and asked for again by the same command. */
export class KilledRollouts {
  /** The kills that met a rollout at work. */
  readonly hits: Kill[] = [];
  rounds = 0;
  /** How many rounds came to the wanted generation with all of the traffic. */
  converged = 0;
  /** How many deployments were left over. */
  orphans = 0;
  private readonly downtimes: { readonly from: number; readonly to: number }[] = [];
  private readonly started = new Map<number, string>();
  private readonly store: Store;
  private readonly load: OpenLoop;

  private constructor(
    private readonly azure: LocalAzure,
    private readonly stack: ProgramStack,
    private readonly endpointId: string,
    private readonly target: { readonly scoringUri: string; readonly key: string },
    private readonly say: (line: string) => void,
  ) {
    this.store = openStore(azure.paths.arm);
    this.load = new OpenLoop(azure, { ...target, bodies: [SAMPLE] }, RATE);
  }

  /** The first generation serves then. @param azure runs, at `SPEED` */
  static async create(azure: LocalAzure, say: (line: string) => void): Promise<KilledRollouts> {
    const stack = await rolloutStack(azure, ROLLOUT);
    await stack.succeeds(...UP);
    const { endpointId = "", scoringUri = "", key = "" } = await stack.outputs();
    return new KilledRollouts(azure, stack, endpointId, { scoringUri, key }, say);
  }

  /** One rollout to a new model, killed in each phase that it still comes through. */
  async round(kills: readonly Kill[]): Promise<void> {
    this.rounds += 1;
    this.stack.set("model", changedExample(this.azure, `round-${this.rounds}`));
    const before = this.journal()?.serving;
    const isThere = (): boolean => {
      const { serving, moving, old = [] } = this.journal() ?? {};
      return serving !== before && moving === undefined && old.length === 0;
    };
    let left = kills;
    for (let tries = 0; tries < TRIES + kills.length; tries += 1) {
      const up = this.stack.start(...UP);
      left = await this.killIn(up, left);
      const { exitCode, stdout, stderr } = await up;
      if (exitCode === 0 && isThere()) break;
      this.say(`${stdout}\n${stderr}`.split("\n").find((line) => /^\s*error:/.test(line)) ?? "");
      // The engine's lock stays after it was killed.
      if (exitCode === undefined) await this.stack.pulumi("cancel", "--yes");
    }
    this.endLeftovers();
    const { serving = "" } = this.journal() ?? {};
    const [endpoint] = (await askAdmin<Status>(this.azure.paths, this.azure.run(), "status")).endpoints;
    const { traffic = {}, deployments = [] } = endpoint ?? {};
    this.orphans += deployments.filter(({ name }) => name !== serving).length;
    if (isThere() && traffic[serving] === 100) this.converged += 1;
    else this.say(`round ${this.rounds} did not converge: ${JSON.stringify(endpoint)}`);
  }

  async stop(): Promise<Requests> {
    const asked = await this.load.stop();
    this.endLeftovers();
    await this.store.close();
    const isDown = ({ from, to }: Asked): boolean =>
      this.downtimes.some((each) => from <= each.to && to >= each.from);
    const down = asked.filter(isDown);
    return { asked, down, lost: asked.filter((one) => one.status !== 200 && !isDown(one)) };
  }

  /** Kills in each of the wanted phases as it is reached, until the command has ended. @returns those kills that it did not come to */
  private async killIn(up: execa.ExecaChildProcess, wanted: readonly Kill[]): Promise<readonly Kill[]> {
    let left = wanted;
    let ended = false;
    let said = "";
    for (const stream of [up.stdout, up.stderr])
      stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    void up.then(() => (ended = true));
    for (; !ended; await sleep(20)) {
      const kill = left.find(({ phase }) => phase === this.phase());
      // Until it speaks of its generation it waits for its turn.
      if (kill === undefined || !/churn-model-[0-9a-f]/.test(said)) continue;
      await sleep(kill.after);
      const phase = this.phase();
      const tree = processTree(up.pid ?? 0);
      const victim = this.find(kill.victim, tree);
      if (ended || phase === undefined || victim === undefined) continue;
      left = left.slice(left.indexOf(kill) + 1);
      this.say(`round ${this.rounds}: ${kill.victim} killed, ${phase}`);
      await this.end(kill.victim, victim, tree);
      this.hits.push({ ...kill, phase });
    }
    return left;
  }

  private journal(): Journal | undefined {
    return journalIn(this.store.get(this.endpointId)?.body["tags"] as Record<string, string>);
  }

  private phase(): Phase | undefined {
    return phaseOf(this.journal(), STEPS.length);
  }

  private find(victim: Victim, tree: readonly Process[]): number | undefined {
    if (victim === "local Azure") return this.azure.run().pid;
    const pattern = victim === "pulumi" ? /\/pulumi up / : PROVIDER;
    return tree.find(({ command }) => pattern.test(command))?.pid;
  }

  private async end(victim: Victim, pid: number, tree: readonly Process[]): Promise<void> {
    const from = Date.now();
    const starts = new Map(tree.map((one) => [one.pid, processStart(one.pid)]));
    process.kill(pid, "SIGKILL");
    if (victim === "pulumi") {
      // The program asks the dead engine again and again on a whole core; the provider is left to itself.
      for (const one of tree) {
        const start = starts.get(one.pid);
        if (one.pid === pid || start === undefined) continue;
        this.started.set(one.pid, start);
        if (!PROVIDER.test(one.command)) this.endStarted(one.pid);
      }
    }
    if (victim !== "local Azure") return;
    await this.azure.start();
    const caller = new Caller(this.azure, this.target.scoringUri, this.target.key);
    while ((await caller.score(JSON.parse(SAMPLE)).catch(() => undefined))?.status !== 200) await sleep(50);
    await caller.close();
    this.downtimes.push({ from, to: Date.now() });
  }

  /** What a killed engine left running. */
  private endLeftovers(): void {
    for (const pid of this.started.keys()) this.endStarted(pid);
  }

  private endStarted(pid: number): void {
    if (processStart(pid) === this.started.get(pid)) process.kill(pid, "SIGKILL");
    this.started.delete(pid);
  }
}

const PROVIDER = /dynamic-provider/;
