import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** Files that environments and data are made of. */
export function assetFixture(...path: readonly string[]): string {
  return join(packageRoot(), "test", "fixtures", "assets", ...path);
}
