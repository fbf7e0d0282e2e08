import { goBack, type Where } from "../../providers/rollout/commands";
import { EXIT } from "../exit-codes";
import { printEnding } from "../print";

/** The generation that served before serves again, at once. */
export async function rollback(where: Where, { reason }: { readonly reason?: string }): Promise<number> {
  const outcome = await goBack(where, reason);
  printEnding(outcome);
  return outcome.ending.kind === "fail" ? EXIT.failed : EXIT.done;
}
