import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import type { LocalAzure } from "../../test/helpers/local-azure";
import type { Asked } from "./open-loop";

type Traffic = Readonly<Record<string, number>>;

/** A time in which the endpoint's traffic map was seen to be the same, milliseconds since 1970. */
export interface Held {
  readonly traffic: Traffic;
  /** First and last time that it was seen. */
  readonly from: number;
  readonly to: number;
}

/** Looks at the only endpoint's traffic map five times a second. */
export class TrafficWatch {
  readonly held: Held[] = [];
  private running = true;
  private readonly looking: Promise<void>;

  constructor(private readonly azure: LocalAzure) {
    this.looking = this.look();
  }

  async stop(): Promise<readonly Held[]> {
    this.running = false;
    await this.looking;
    return this.held;
  }

  private async look(): Promise<void> {
    for (; this.running; await sleep(200)) {
      // The map is read between these two times.
      const from = Date.now();
      const { endpoints } = await askAdmin<Status>(this.azure.paths, this.azure.run(), "status");
      const traffic = endpoints[0]?.traffic ?? {};
      const last = this.held.at(-1);
      if (last !== undefined && isDeepStrictEqual(last.traffic, traffic))
        this.held[this.held.length - 1] = { ...last, to: from };
      else this.held.push({ traffic, from: Date.now(), to: from });
    }
  }
}

export interface Split {
  readonly deployment: string;
  readonly weight: number;
  readonly requests: number;
  readonly got: number;
  /** How many standard deviations from what the weight makes likely. */
  readonly sigma: number;
}

/** How long before its answer a request may have been routed, in milliseconds. */
const ON_ITS_WAY = 300;

/** How the requests of that time were split, a row a deployment with a weight between 0 and 100. */
export function splitOf({ traffic, from, to }: Held, asked: readonly Asked[]): Split[] {
  const within = asked.filter(
    (one) => one.from >= from && one.from <= to - ON_ITS_WAY && one.deployment !== "",
  );
  return Object.entries(traffic).flatMap(([deployment, weight]) => {
    if (weight <= 0 || weight >= 100 || within.length === 0) return [];
    const got = within.filter((one) => one.deployment === deployment).length;
    const share = weight / 100;
    const deviation = Math.sqrt(within.length * share * (1 - share));
    const sigma = Math.abs(got - within.length * share) / deviation;
    return [{ deployment, weight, requests: within.length, got, sigma }];
  });
}
