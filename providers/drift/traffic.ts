import { driftOf } from "../rollout/drift";
import { journalIn } from "../rollout/journal";
import { plannerSpec, type RolloutInputs } from "../rollout/provider";
import { same, type Maps } from "../rollout/traffic";
import type { Traffic } from "../rollout/types";
import type { SeenResource, SeenState } from "./events";
import { isRecord, means } from "./same";

const ENDPOINT = /^azure-native:machinelearningservices(\/v\w+)?:OnlineEndpoint$/;

/**
 * What somebody moved by hand of the traffic that a Rollout has, a phrase a deployment: where the live map is not the one that the endpoint's
 * own journal tells. So neither a pause nor a command of `pulumi-azureml rollout` since the last `up` counts.
 *
 * An endpoint that is not of the stack shows no journal: there the map that `up` left counts, as long as the phase is the same.
 */
export function trafficMoved(rollout: SeenResource, all: readonly SeenResource[]): string[] {
  const { old, new: now } = rollout;
  if (old === undefined || now === undefined) return [];
  const known = trafficIn(old.outputs["traffic"]);
  const live = trafficIn(now.outputs["traffic"]);
  const endpoint = all.find(({ type, new: state }) => ENDPOINT.test(type) && means(state?.id, now.id))?.new;
  const wanted = endpoint === undefined ? mapOfState(old, now, known) : mapOfJournal(endpoint, now, known);
  if (wanted === undefined) return [];
  const names = [...new Set([...Object.keys(live), ...Object.keys(wanted)])];
  return names
    .filter((name) => (live[name] ?? 0) !== (wanted[name] ?? 0))
    .map((name) => `${name} has ${live[name] ?? 0} % by hand, the rollout gives it ${wanted[name] ?? 0} %`);
}

function mapOfState(old: SeenState, now: SeenState, known: Traffic): Traffic | undefined {
  return old.outputs["phase"] === "Serving" && now.outputs["phase"] === "Serving" ? known : undefined;
}

/** Undefined where nobody moved anything. */
function mapOfJournal(endpoint: SeenState, now: SeenState, known: Traffic): Traffic | undefined {
  const inputs = now.inputs as unknown as RolloutInputs;
  const { generation } = inputs;
  const { tags, properties } = endpoint.outputs;
  if (generation === undefined || !isRecord(properties)) return undefined;
  const maps: Maps = {
    traffic: trafficIn(properties["traffic"]),
    mirror: trafficIn(properties["mirrorTraffic"]),
  };
  const journal = journalIn(isRecord(tags) ? (tags as Record<string, string>) : {});
  if (journal === undefined) return undefined;
  if (inputs.onDrift === "adopt" && same(known, maps.traffic)) return undefined;
  return driftOf(plannerSpec({ ...inputs, generation }), { ...maps, journal })?.traffic;
}

function trafficIn(value: unknown): Traffic {
  return isRecord(value) ? (value as Traffic) : {};
}
