import type { Difference } from "../drift/differences";
import type { Change, Operation } from "./engine-json";

export const LEVELS = ["low", "medium", "high"] as const;
export type Level = (typeof LEVELS)[number];

/** Why a change deserves a second look. */
export interface Risk {
  readonly level: Level;
  /** Of the rule: `deletes-storage`. */
  readonly id: string;
  /** What it does, a clause without a full stop: `deletes the data in it`. */
  readonly reason: string;
}

/** What is done to a resource as a whole. */
export interface OperationRule extends Risk {
  /** Of the type token. */
  readonly types: RegExp;
  readonly ops: readonly Operation[];
  readonly when?: (change: Change) => boolean;
}

/** What becomes of a property. */
export interface PropertyRule extends Risk {
  readonly types: RegExp;
  /** Of its address, dots between the parts. */
  readonly path: RegExp;
  readonly when: (difference: Difference) => boolean;
}

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** A resource type of azure-native, in whatever API version. */
export function azure(module: string, ...names: readonly string[]): RegExp {
  return new RegExp(`^azure-native:${module}(/v\\w+)?:(${names.join("|")})$`);
}

/** A dynamic resource of this package. */
export function own(...names: readonly string[]): RegExp {
  return new RegExp(`^pulumi-nodejs:dynamic/pulumi-azureml:(${names.join("|")})$`);
}
