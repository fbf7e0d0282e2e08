import { advance as advanceRollout, type Where } from "../../providers/rollout/commands";
import { exitOfEnding } from "../exit-codes";
import { printEnding } from "../print";

/** What is under way goes on. @param maxHold seconds */
export async function advance(where: Where, { maxHold }: { readonly maxHold?: number }): Promise<number> {
  const outcome = await advanceRollout(where, maxHold);
  printEnding(outcome);
  return exitOfEnding(outcome.ending);
}
