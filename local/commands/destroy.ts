import type { StatePaths } from "../state";
import { change } from "./change";

/** Takes away everything that stack `local` made; the local Azure goes on, empty. */
export async function destroy(paths: StatePaths): Promise<number> {
  return await change(
    paths,
    async (engine) => await engine.show("local", ["destroy", "--yes", "--skip-preview"]),
  );
}
