import { abort as abortGeneration, type Where } from "../../providers/rollout/commands";
import { EXIT } from "../exit-codes";
import { printEnding } from "../print";

/** A generation that is on its way is rolled back. */
export async function abort(
  where: Where,
  generation: string,
  { reason }: { readonly reason?: string },
): Promise<number> {
  const outcome = await abortGeneration(where, generation, reason);
  printEnding(outcome);
  return outcome.ending.kind === "fail" ? EXIT.failed : EXIT.done;
}
