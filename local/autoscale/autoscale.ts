import type { Metrics } from "../arm/metrics";
import { numberAt, objectAt, stringAt } from "../arm/objects";
import type { Store } from "../arm/store";
import { autoscaleSettingsIn } from "../arm/types/autoscale-settings";
import type { JsonObject } from "../json";
import { repeat } from "../repeat";
import { profileAt, wantedInstances, type MeasuredRule } from "./decide";
import { profilesOf, type Rule } from "./profile";

/** Between two looks at a setting, in the local Azure's own time. */
const EVERY = 30_000;
const MINUTE = 60_000;
/** A figure comes up to three minutes after its minute, which may have just begun when the window does. */
const LATEST_ARRIVAL = 4 * MINUTE;

export interface AutoscaleOptions {
  readonly store: Store;
  readonly metrics: Metrics;
  /** The local Azure's time, milliseconds since 1970. */
  readonly now: () => number;
  /** How many times faster than the machine's that time runs. */
  readonly speed: number;
  /** PATCHes the deployment, ARM id, to as many instances. @throws ArmError while something else is done to it */
  readonly scale: (deploymentId: string, instances: number) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * Looks at each autoscale setting twice a minute and does what it says.
 *
 * @returns ends it, when the look that is under way is over
 */
export function startAutoscale(options: AutoscaleOptions): () => Promise<void> {
  return repeat(createAutoscale(options), EVERY, options.speed);
}

/** One look at all settings. */
export function createAutoscale({
  store,
  metrics,
  now,
  scale,
  log,
}: Omit<AutoscaleOptions, "speed">): () => Promise<void> {
  const scaled = new Map<string, number>();
  return async () => {
    for (const { id, body } of autoscaleSettingsIn(store.list("/subscriptions/"))) {
      const { enabled, targetResourceUri } = objectAt(body, "properties");
      const deployment = store.get(String(targetResourceUri));
      const profile = profileAt(profilesOf(body), now());
      if (enabled !== true || deployment === undefined || profile === undefined) continue;
      if (stringAt(objectAt(deployment.body, "properties"), "provisioningState") !== "Succeeded") continue;
      const current = numberAt(objectAt(deployment.body, "sku"), "capacity") ?? 1;
      try {
        const measured = await Promise.all(
          profile.rules.map(async (rule): Promise<MeasuredRule> => ({
            rule,
            value: await measure(metrics, rule, now()),
          })),
        );
        const wanted = wantedInstances(profile, measured, { now: now(), current, scaled: scaled.get(id) });
        if (wanted === current) continue;
        await scale(deployment.id, wanted);
        scaled.set(id, now());
        log(`autoscale: ${deployment.id} from ${current} to ${wanted} instances by profile ${profile.name}`);
      } catch (error) {
        // It is tried again at the next look, as Azure does.
        log(`autoscale: ${deployment.id} stays at ${current} instances: ${(error as Error).message}`);
      }
    }
  };
}

/** The mean of the newest minutes that can be read, as many as the window has; undefined where there are none. */
async function measure(metrics: Metrics, rule: Rule, now: number): Promise<number | undefined> {
  const filter = Object.entries(rule.dimensions).map(([name, value]) => `${name} eq '${value}'`);
  const answer = await metrics(rule.resource, {
    metricnames: rule.metric,
    timespan: `${new Date(now - rule.window - LATEST_ARRIVAL).toISOString()}/${new Date(now).toISOString()}`,
    interval: "PT1M",
    aggregation: "Average",
    ...(filter.length === 0 ? {} : { $filter: filter.join(" and ") }),
  });
  const { value } = answer as unknown as MetricsAnswer;
  const figures = (value[0]?.timeseries ?? [])
    .flatMap(({ data }) => data)
    .flatMap(({ average }) => (average === undefined ? [] : [average]))
    .slice(-rule.window / MINUTE);
  return figures.length === 0 ? undefined : figures.reduce((sum, each) => sum + each, 0) / figures.length;
}

interface MetricsAnswer extends JsonObject {
  readonly value: { timeseries: { data: { average?: number }[] }[] }[];
}
