import { uniform } from "../random";
import type { Faults } from "./settings";

/** Decides which request or operation meets which fault: in turn, by the seed. */
export class FaultDraw {
  private drawn = 0;

  constructor(private readonly faults: () => Faults) {}

  /**
   * Whether a request or operation goes wrong.
   *
   * @param shareOf of all of its kind
   * @param id of the resource, or the address, that it is about
   */
  meets(shareOf: (faults: Faults) => number, id: string): boolean {
    const faults = this.faults();
    const share = shareOf(faults);
    if (share === 0 || !id.toLowerCase().includes(faults.only.toLowerCase())) return false;
    return this.next() < share;
  }

  /** One of them, by the seed. */
  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.next() * from.length)] ?? from[0];
  }

  /** A number in [0, 1), the next of the seed's. */
  next(): number {
    return uniform(this.faults().seed, this.drawn++);
  }
}
