import { objectAt, stringAt } from "../arm/objects";
import type { Store, StoredResource } from "../arm/store";
import { readIfThere, writeWhole } from "../files";
import type { Principal } from "../identity/principal";
import type { JsonObject } from "../json";
import { repeat } from "../repeat";
import { nextTime, unreadable } from "./next-time";

/** Milliseconds between two looks at the schedules, in the local Azure's own time. */
const EVERY = 10_000;
const TYPE = "microsoft.machinelearningservices/workspaces/schedules";

export interface SchedulerOptions {
  readonly store: Store;
  /** The local Azure's time, milliseconds since 1970. */
  readonly now: () => number;
  /** How many times faster than the machine's that time runs. */
  readonly speed: number;
  /** Where it keeps when each schedule last ran. */
  readonly file: string;
  /** Does what a schedule's action says, as whoever declared it. @throws Error with why it can't be */
  readonly run: (scheduleId: string, action: JsonObject, owner: Principal, at: Date) => Promise<void>;
  readonly log: (line: string) => void;
}

/** When a schedule was first seen, and last ran; another trigger begins anew. */
interface Seen {
  readonly trigger: string;
  readonly since: number;
  readonly last: number;
}

/** What a schedule keeps beside its body. */
export const scheduleInternal = (owner: Principal): JsonObject => ({
  owner: owner as unknown as JsonObject,
});

/**
 * Runs what the enabled schedules say when it is time. A time that was missed, because the local Azure did not run, is made up for once.
 *
 * @returns ends it, when what is under way is over
 */
export function startScheduler(options: SchedulerOptions): () => Promise<void> {
  return repeat(createScheduler(options), EVERY, options.speed);
}

/** One look at all schedules. */
export function createScheduler({
  store,
  now,
  file,
  run,
  log,
}: Omit<SchedulerOptions, "speed">): () => Promise<void> {
  const seen = new Map(Object.entries(JSON.parse(readIfThere(file) ?? "{}") as Record<string, Seen>));
  const keep = (id: string, what: Seen): void => {
    seen.set(id, what);
    writeWhole(file, JSON.stringify(Object.fromEntries(seen)));
  };
  return async () => {
    const at = now();
    const schedules = store.list("/subscriptions/").filter(isEnabled);
    for (const { id, body, internal } of schedules) {
      const { trigger, action } = { trigger: triggerOf(body), action: actionOf(body) };
      const text = JSON.stringify(trigger);
      const known = seen.get(id);
      if (known?.trigger !== text) {
        const reason = unrunnable(trigger, action, internal);
        if (reason !== undefined) log(`the schedule ${id} does not run here: ${reason}`);
        keep(id, { trigger: text, since: at, last: at });
        continue;
      }
      const owner = internal["owner"] as unknown as Principal | undefined;
      if (owner === undefined || unrunnable(trigger, action, internal) !== undefined) continue;
      const due = nextTime(trigger, known.since, known.last);
      if (due === undefined || due > at) continue;
      // Before it runs: whatever becomes of it, it runs once.
      keep(id, { ...known, last: at });
      await run(id, action, owner, new Date(due)).then(
        () => log(`the schedule ${id} has run`),
        (error: unknown) => log(`the schedule ${id} could not run: ${(error as Error).message}`),
      );
    }
  };
}

/** Why the local Azure does not run a schedule; undefined where it does. */
export function unrunnable(
  trigger: JsonObject,
  action: JsonObject,
  internal: JsonObject,
): string | undefined {
  const type = stringAt(action, "actionType");
  if (type === "CreateMonitor")
    return "it monitors a model, and the Spark jobs that Azure ML does that with are not on this machine";
  if (type !== "CreateJob" && type !== "InvokeBatchEndpoint") return `its action is ${type ?? "none"}`;
  if (internal["owner"] === undefined) return "nobody is known who declared it";
  return unreadable(trigger);
}

function isEnabled({ body }: StoredResource): boolean {
  if (String(body["type"]).toLowerCase() !== TYPE) return false;
  return objectAt(body, "properties")["isEnabled"] !== false;
}

const triggerOf = (body: JsonObject): JsonObject => objectAt(objectAt(body, "properties"), "trigger");
const actionOf = (body: JsonObject): JsonObject => objectAt(objectAt(body, "properties"), "action");
