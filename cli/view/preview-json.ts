import { nameOf } from "../../providers/drift/names";
import { pathText, valueText } from "../../providers/drift/shown";
import { isUnknown } from "../../providers/preview/differences";
import type { StackReport } from "../preview-report/stack-report";

/** Of the JSON; another one where a field changes its meaning or goes. */
const VERSION = 1;

/** The report for scripts; values as they are shown, never a secret. */
export function reportJson(stacks: readonly StackReport[]): string {
  const shown = stacks.map(({ changes, registered, ...stack }) => ({
    ...stack,
    risk: stack.risk ?? null,
    policies: stack.policies ?? null,
    registered: registered.map(({ version, asked }) => ({ ...version, ...asked })),
    changes: changes.map((change) => ({
      op: change.op,
      urn: change.urn,
      type: change.type,
      name: nameOf({ ...change }),
      replacedFor: change.replacedFor,
      risks: change.risks,
      properties: change.properties.map(({ path, declared, live }) => ({
        path: pathText(path),
        from: shownValue(declared, path),
        to: shownValue(live, path),
      })),
    })),
  }));
  return JSON.stringify({ version: VERSION, stacks: shown }, undefined, 2);
}

/** A value in words: one that is known only after an `up` says so. */
export function shownValue(value: unknown, path: readonly string[]): string {
  return isUnknown(value) ? "known after up" : valueText(value, path);
}
