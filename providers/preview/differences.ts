import { differencesOf, type Difference } from "../drift/differences";
import { isRecord } from "../drift/same";
import type { Change } from "./engine-json";

/** What the engine writes for a value that is known only after `up` (sdk/go/common/resource/plugin: UnknownStringValue and its kin). */
const UNKNOWN =
  /^(04da6b54-80e4-46f7-96ec-b56ff0331ba9|1c4a061d-8072-4f0a-a4cb-0ff528b18fe7|3eeb2bf0-c639-47a8-9e75-3b44932eb421|6a19a0b0-7e62-4c92-b797-7f8e31da9cc2|030794c1-ac77-496b-92df-f27374a8bd58|e48ece36-62e2-4504-bad9-02848725956a|dd056dcd-154b-4c76-9bd3-c8f88648b5ff)$/;

const EVERYTHING = { everything: true, counts: () => true };

/** Where a resource is to be otherwise than it was, by what the program declares; nothing for what is created or deleted. */
export function changedProperties({ old, new: now }: Change): Difference[] {
  return old === undefined || now === undefined ? [] : differencesOf(old, now, EVERYTHING);
}

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN.test(value);
}

/** The value at a path of properties. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}
