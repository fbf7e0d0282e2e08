import type { Difference } from "../drift/differences";
import { accessOperations, accessProperties } from "./access-risks";
import { dataOperations, dataProperties } from "./data-risks";
import { changedProperties } from "./differences";
import type { Change } from "./engine-json";
import { LEVELS, type Level, type Risk } from "./risk";
import { trafficOperations, trafficProperties } from "./traffic-risks";

const OPERATION_RULES = [...dataOperations, ...trafficOperations, ...accessOperations];
const PROPERTY_RULES = [...dataProperties, ...trafficProperties, ...accessProperties];

/** A change with what it does to properties, and what is risky about it. */
export interface Assessed extends Change {
  readonly properties: readonly Difference[];
  /** The gravest first. */
  readonly risks: readonly Risk[];
}

/** Pure. */
export function assess(change: Change): Assessed {
  const properties = changedProperties(change);
  const found: Risk[] = [
    ...OPERATION_RULES.filter(
      ({ types, ops, when }) =>
        types.test(change.type) && ops.includes(change.op) && (when === undefined || when(change)),
    ),
    ...PROPERTY_RULES.filter(
      ({ types, path, when }) =>
        types.test(change.type) && properties.some((each) => path.test(each.path.join(".")) && when(each)),
    ),
  ];
  const risks = found
    .map(({ id, level, reason }) => ({ id, level, reason }))
    .sort((one, other) => LEVELS.indexOf(other.level) - LEVELS.indexOf(one.level));
  return { ...change, properties, risks };
}

/** The gravest level of several changes. */
export function gravest(changes: readonly Assessed[]): Level | undefined {
  return [...LEVELS]
    .reverse()
    .find((level) => changes.some(({ risks }) => risks.some((risk) => risk.level === level)));
}
