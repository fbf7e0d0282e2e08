import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import type { LocalAzure } from "./local-azure";

type Endpoint = Status["endpoints"][number];
/** Percent a deployment. */
export type Traffic = Endpoint["traffic"];

/** The only endpoint of a local Azure, as it is. */
export class ServedEndpoint {
  constructor(private readonly azure: LocalAzure) {}

  async traffic(): Promise<Traffic> {
    return (await this.now())?.traffic ?? {};
  }

  /** Names and states. */
  async deployments(): Promise<Endpoint["deployments"]> {
    return (await this.now())?.deployments ?? [];
  }

  /** Resolves at the first moment of which `reached` says so. */
  async until(reached: (endpoint: Endpoint) => boolean): Promise<void> {
    for (; ; await sleep(20)) {
      const now = await this.now();
      if (now !== undefined && reached(now)) return;
    }
  }

  /** Every traffic map that is live while the work goes on, each once. */
  async mapsDuring(work: () => Promise<unknown>): Promise<Traffic[]> {
    let working = true;
    const seen = new Map<string, Traffic>();
    const looking = (async () => {
      for (; working; await sleep(20)) {
        const map = await this.traffic();
        seen.set(JSON.stringify(Object.entries(map).sort()), map);
      }
    })();
    await work().finally(() => (working = false));
    await looking;
    return [...seen.values()];
  }

  private async now(): Promise<Endpoint | undefined> {
    return (await askAdmin<Status>(this.azure.paths, this.azure.run(), "status")).endpoints[0];
  }
}
