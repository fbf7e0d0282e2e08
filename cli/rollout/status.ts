import { clock } from "../../providers/clients/clock";
import { readStatus } from "../../providers/rollout/status";
import type { Where } from "../../providers/rollout/commands";
import { EXIT } from "../exit-codes";
import { print } from "../print";
import { statusLines } from "../view/status";

/** How the rollout is now. */
export async function status(
  { arm, endpointId }: Where,
  { json }: { readonly json?: boolean },
): Promise<number> {
  const now = await readStatus(arm, endpointId);
  const { history, ...shown } = now;
  if (json === true) print(JSON.stringify({ ...shown, measurement: lastOf(history) }, undefined, 2));
  else print(...statusLines(now, clock().now()));
  return EXIT.done;
}

function lastOf<T extends { readonly kind: string }>(history: readonly T[] = []): T | undefined {
  return history.filter(({ kind }) => kind === "measured").at(-1);
}
