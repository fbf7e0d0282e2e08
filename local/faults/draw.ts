import { uniform } from "../random";
import type { Faults } from "./settings";

export type Phase = keyof Faults["operations"];

/** Decides which request or operation meets which fault: in turn, by the seed. */
export class FaultDraw {
  private drawn = 0;

  constructor(private readonly faults: () => Faults) {}

  /** Whether this phase of a request or operation on that resource goes wrong. */
  meets(phase: Phase, id: string): boolean {
    const { operations, only } = this.faults();
    const share = operations[phase];
    if (share === 0 || !id.toLowerCase().includes(only.toLowerCase())) return false;
    return this.next() < share;
  }

  /** A number in [0, 1), the next of the seed's. */
  next(): number {
    return uniform(this.faults().seed, this.drawn++);
  }
}
