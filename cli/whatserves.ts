import { resourceParts } from "../providers/clients/arm-id";
import { whatServes } from "../providers/lineage/trace";
import type { Where } from "../providers/rollout/commands";
import { EXIT } from "./exit-codes";
import { print } from "./print";
import { servedLines } from "./view/served";

/** What answers an endpoint's requests, down to the data that its model learned from. */
export async function whatserves(
  { arm, endpointId }: Where,
  { json }: { readonly json?: boolean },
): Promise<number> {
  const served = await whatServes(arm, endpointId);
  if (json === true) print(JSON.stringify(served, undefined, 2));
  else print(...servedLines(resourceParts(endpointId).name, served));
  return served.some(({ links }) => links.some(({ proof }) => proof === "broken")) ? EXIT.refused : EXIT.done;
}
