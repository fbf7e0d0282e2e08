import type { EventEmitter } from "node:events";
import { Instance, type InstanceOptions } from "./instance";

/** The instances that serve one model with one set of settings. */
export class Generation {
  private readonly instances: Instance[] = [];

  constructor(
    readonly folder: string,
    private readonly options: InstanceOptions,
    private readonly events: EventEmitter,
  ) {}

  get size(): number {
    return this.instances.length;
  }

  get processes(): number[] {
    return this.instances.flatMap(({ pid }) => pid ?? []);
  }

  /** Starts or ends instances until there are `count`; none stays when one cannot be started. */
  async scale(count: number): Promise<void> {
    const surplus = this.instances.splice(count);
    const missing = Array.from({ length: Math.max(0, count - this.instances.length) }, () => this.add());
    const outcomes = await Promise.allSettled(missing.map((instance) => instance.start()));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) await Promise.all(missing.map((instance) => this.drop(instance)));
    await Promise.all(surplus.map((instance) => instance.stop()));
    if (failed) throw failed.reason;
  }

  /** The ready instance with the fewest requests. */
  idlest(): Instance | undefined {
    let best: Instance | undefined;
    for (const instance of this.instances) {
      if (instance.ready && (!best || instance.inFlight < best.inFlight)) best = instance;
    }
    return best;
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.splice(0).map((instance) => instance.stop()));
  }

  private add(): Instance {
    const instance = new Instance(this.options);
    instance.on("ready", () => this.events.emit("ready"));
    this.instances.push(instance);
    return instance;
  }

  private async drop(instance: Instance): Promise<void> {
    this.instances.splice(this.instances.indexOf(instance), 1);
    await instance.stop();
  }
}
