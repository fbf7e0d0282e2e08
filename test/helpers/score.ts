import { expect } from "chai";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ProxyAgent, request } from "undici";
import type { LocalAzure } from "./local-azure";

/** Between two requests: enough of them for every figure, and time of the machine for what is tested. */
const PAUSE_MS = 25;

/** A caller of the endpoint, as a service of the user's would be: through Azure's name for it, with the key. */
export class Caller {
  readonly #agent: ProxyAgent;

  constructor(
    azure: LocalAzure,
    private readonly scoringUri: string,
    private readonly key: string,
  ) {
    this.#agent = new ProxyAgent({
      uri: `http://127.0.0.1:${azure.run().ports.proxy}`,
      requestTls: { ca: readFileSync(azure.paths.authorityCertificate, "utf8") },
    });
  }

  async score(body: unknown): Promise<{ readonly status: number; readonly answer: unknown }> {
    const { statusCode, body: answer } = await request(this.scoringUri, {
      method: "POST",
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: statusCode, answer: statusCode === 200 ? JSON.parse(text) : text };
  }

  /** Scores over and over, one request after the other, while the work goes on; gives every status that was not 200, and the count. */
  async scoreDuring(
    body: unknown,
    work: () => Promise<unknown>,
  ): Promise<{ readonly failed: string[]; readonly count: number }> {
    let working = true;
    const failed: string[] = [];
    let count = 0;
    const calling = (async () => {
      while (working) {
        const { status, answer } = await this.score(body).catch((error: unknown) => ({
          status: 0,
          answer: String(error),
        }));
        count += 1;
        if (status !== 200) failed.push(`${status} ${String(answer)}`);
        await sleep(PAUSE_MS);
      }
    })();
    try {
      await work();
    } finally {
      working = false;
      await calling;
    }
    return { failed, count };
  }

  /** The work's result, while which every one of many requests is answered. */
  async answeredDuring<T>(body: unknown, work: () => Promise<T>): Promise<T> {
    let result: T | undefined;
    const { failed, count } = await this.scoreDuring(body, async () => (result = await work()));
    expect(failed).to.deep.equal([]);
    expect(count).to.be.greaterThan(5);
    return result as T;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
