import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ProxyAgent, request } from "undici";
import type { LocalAzure } from "../../test/helpers/local-azure";

/** One request and what became of it. Times are the machine's, milliseconds since 1970. */
export interface Asked {
  /** When it was sent. */
  readonly from: number;
  /** When its answer was whole, or it was given up. */
  readonly to: number;
  /** 0 without an answer. */
  readonly status: number;
  readonly deployment: string;
  readonly row: number;
  /** The model's answer; without one, why. */
  readonly answer: string;
}

export interface Target {
  readonly scoringUri: string;
  readonly key: string;
  /** Body of the request for a row. */
  readonly bodies: readonly string[];
}

/** What a request may take; then it counts as failed. */
const GIVE_UP = 5_000;
/** Every fourth request opens a connection of its own. */
const FRESH = 4;

/**
 * Asks the endpoint for rows at a fixed rate, whether answers come or not, by its own name through the door. Nothing is tried again.
 */
export class OpenLoop {
  readonly asked: Asked[] = [];
  private readonly kept: ProxyAgent;
  private readonly fresh: ProxyAgent;
  private readonly open = new Set<Promise<void>>();
  private running = true;
  private readonly sending: Promise<void>;

  constructor(
    azure: LocalAzure,
    private readonly target: Target,
    perSecond: number,
  ) {
    const agent = (): ProxyAgent =>
      new ProxyAgent({
        uri: `http://127.0.0.1:${azure.run().ports.proxy}`,
        requestTls: { ca: readFileSync(azure.paths.authorityCertificate, "utf8") },
        headersTimeout: GIVE_UP,
        bodyTimeout: GIVE_UP,
      });
    [this.kept, this.fresh] = [agent(), agent()];
    this.sending = this.send(perSecond);
  }

  /** Resolves when that many requests were sent. */
  async until(count: number): Promise<void> {
    while (this.asked.length + this.open.size < count) await sleep(100);
  }

  /** Sends no more, and waits for the answers to what was sent. */
  async stop(): Promise<readonly Asked[]> {
    if (!this.running) return this.asked;
    this.running = false;
    await this.sending;
    await Promise.all(this.open);
    await Promise.all([this.kept.close(), this.fresh.close()]);
    return this.asked;
  }

  private async send(perSecond: number): Promise<void> {
    const begun = performance.now();
    for (let count = 0; this.running; count += 1) {
      const late = performance.now() - begun - (count * 1000) / perSecond;
      if (late < 0) await sleep(-late);
      const one = this.ask(count).finally(() => this.open.delete(one));
      this.open.add(one);
    }
  }

  private async ask(count: number): Promise<void> {
    const { scoringUri, key, bodies } = this.target;
    const row = (count * 101) % bodies.length;
    const from = Date.now();
    const noted = (status: number, deployment: string, answer: string): void =>
      void this.asked.push({ from, to: Date.now(), status, deployment, row, answer });
    try {
      const isFresh = count % FRESH === 0;
      const { statusCode, headers, body } = await request(scoringUri, {
        method: "POST",
        dispatcher: isFresh ? this.fresh : this.kept,
        reset: isFresh,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: bodies[row] ?? "",
        signal: AbortSignal.timeout(GIVE_UP),
      });
      noted(statusCode, String(headers["azureml-model-deployment"] ?? ""), await body.text());
    } catch (error) {
      noted(0, "", String(error));
    }
  }
}
