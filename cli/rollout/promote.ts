import { promote as promoteGeneration, type Where } from "../../providers/rollout/commands";
import { exitOfEnding } from "../exit-codes";
import { printEnding } from "../print";

/** A paused generation goes on. @param maxHold seconds */
export async function promote(
  where: Where,
  generation: string,
  { maxHold }: { readonly maxHold?: number },
): Promise<number> {
  const outcome = await promoteGeneration(where, generation, maxHold);
  printEnding(outcome);
  return exitOfEnding(outcome.ending);
}
