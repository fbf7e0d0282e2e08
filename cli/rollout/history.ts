import { resourceParts } from "../../providers/clients/arm-id";
import type { Where } from "../../providers/rollout/commands";
import { readHistory } from "../../providers/rollout/status";
import { EXIT } from "../exit-codes";
import { print } from "../print";
import { historyLines } from "../view/history";
import { reportOf } from "../view/report";

/** What happened, by whom and why. */
export async function history(
  { arm, endpointId }: Where,
  { json, markdown }: { readonly json?: boolean; readonly markdown?: boolean },
): Promise<number> {
  const events = await readHistory(arm, endpointId);
  if (json === true) print(JSON.stringify(events, undefined, 2));
  else if (markdown === true) print(reportOf(resourceParts(endpointId).name, events).trimEnd());
  else print(...historyLines(events));
  return EXIT.done;
}
