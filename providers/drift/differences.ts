import type { SeenState } from "./events";
import { isNothing, isRecord, means } from "./same";

/** A property that is otherwise than declared. */
export interface Difference {
  /** From the resource on: `tags`, `environment`. */
  readonly path: readonly string[];
  /** Undefined where the program does not have it. */
  readonly declared: unknown;
  /** Undefined where it was taken away. */
  readonly live: unknown;
}

/** How much of what the program does not declare counts. */
export interface Reading {
  /** Whether nothing but a person adds to the resource: true of this package's own resources, which read back what they wrote. */
  readonly everything: boolean;
  /** Whether a property that came to be counts, although Azure might have filled it in. */
  readonly counts: (path: readonly string[]) => boolean;
}

/**
 * Where a resource is otherwise than declared.
 *
 * What the program does not declare counts where the state has another value of it (somebody changed it since), and not where the state has
 * none: Azure filled it in, or a policy of the subscription did.
 */
export function differencesOf(old: SeenState, now: SeenState, reading: Reading): Difference[] {
  const compare = (
    declared: unknown,
    live: unknown,
    known: unknown,
    path: readonly string[],
  ): Difference[] => {
    if (means(declared, live)) return [];
    if ((isRecord(declared) || isNothing(declared)) && isRecord(live)) {
      const [was, is, had] = [recordOf(declared), live, recordOf(known)];
      const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
        (key) => !key.startsWith("__"),
      );
      return keys.flatMap((key) => compare(was[key], is[key], had[key], [...path, key]));
    }
    if (Array.isArray(declared) && Array.isArray(live)) {
      if (isSameSet(declared, live)) return [];
      if (declared.length === live.length && declared.some(isRecord)) {
        const had = Array.isArray(known) ? known : [];
        return declared.flatMap((item, at) => compare(item, live[at], had[at], [...path, String(at)]));
      }
    }
    const isAdded = isNothing(declared);
    if (isAdded && !reading.everything && !reading.counts(path) && (isNothing(known) || means(known, live)))
      return [];
    return [{ path, declared, live }];
  };
  return compare(old.inputs, now.inputs, old.outputs, []);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isSameSet(one: readonly unknown[], other: readonly unknown[]): boolean {
  return (
    one.length === other.length &&
    one.every((item) => other.some((another) => means(item, another))) &&
    other.every((item) => one.some((another) => means(item, another)))
  );
}
