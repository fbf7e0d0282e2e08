import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { numberAt, objectAt } from "../../objects";

/** Deployment name → percent. */
export type Traffic = Readonly<Record<string, number>>;

/** Percent of the requests that may be mirrored at most. */
const MOST_MIRRORED = 50;

/** The traffic map under a key of an endpoint's properties; empty when there is none. */
export function trafficAt(properties: JsonObject, key: "traffic" | "mirrorTraffic"): Traffic {
  const map = objectAt(properties, key);
  return Object.fromEntries(Object.keys(map).map((name) => [name, numberAt(map, name) ?? Number.NaN]));
}

/** @throws ArmError for traffic that Azure does not take, among the deployments there are. */
export function checkTraffic(traffic: Traffic, mirror: Traffic, deployments: readonly string[]): void {
  checkShares(traffic, "properties.traffic", deployments);
  const total = sum(traffic);
  if (total !== 0 && total !== 100) {
    throw badArgument(
      `The traffic of an endpoint sums to 0 or 100 percent, not ${total}.`,
      "properties.traffic",
    );
  }
  checkShares(mirror, "properties.mirrorTraffic", deployments);
  const mirrored = Object.keys(mirror).filter((name) => (mirror[name] ?? 0) > 0);
  if (mirrored.length > 1) {
    throw badArgument("Traffic is mirrored to one deployment at most.", "properties.mirrorTraffic");
  }
  if (sum(mirror) > MOST_MIRRORED) {
    throw badArgument(
      `At most ${MOST_MIRRORED} percent of the traffic are mirrored.`,
      "properties.mirrorTraffic",
    );
  }
  const live = mirrored.find((name) => weightOf(traffic, name) > 0);
  if (live !== undefined) {
    throw badArgument(
      `The deployment '${live}' has live traffic; it cannot be mirrored to.`,
      "properties.mirrorTraffic",
    );
  }
}

function checkShares(traffic: Traffic, target: string, deployments: readonly string[]): void {
  const known = deployments.map((name) => name.toLowerCase());
  for (const [name, percent] of Object.entries(traffic)) {
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
      throw badArgument(`The share of '${name}' must be a whole number of percent from 0 to 100.`, target);
    }
    if (!known.includes(name.toLowerCase())) {
      throw badArgument(`The endpoint has no deployment '${name}'.`, target);
    }
  }
}

/** What of the traffic is the deployment's, whatever the case of its name. */
export function weightOf(traffic: Traffic, deployment: string): number {
  const wanted = deployment.toLowerCase();
  return Object.entries(traffic).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? 0;
}

/** Without a deployment that is gone. */
export function without(traffic: Traffic, deployment: string): Traffic {
  const gone = deployment.toLowerCase();
  return Object.fromEntries(Object.entries(traffic).filter(([name]) => name.toLowerCase() !== gone));
}

function sum(traffic: Traffic): number {
  return Object.values(traffic).reduce((total, percent) => total + percent, 0);
}
