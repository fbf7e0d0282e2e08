import { type Arm, arm } from "../clients/arm";
import { containerAt, containerClient } from "../clients/blob";
import { download } from "../clients/download";
import { say } from "../inputs";

/** What sources and targets reach the world by. */
export interface Clients {
  readonly arm: Arm;
  readonly openContainer: typeof containerClient;
  readonly containerAt: typeof containerAt;
  readonly download: typeof download;
  /** Takes lines of progress. */
  say(line: string): void;
}

/** The process's own. */
export function clients(): Clients {
  return { arm: arm(), openContainer: containerClient, containerAt, download, say };
}
