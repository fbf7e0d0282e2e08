import { explain } from "./explain";
import { startLocalAzure } from "./local-azure";
import type { StartMessage } from "./running";
import { statePaths } from "./state";

/** The process that is the local Azure: started by a command, found again by the next one through `run.json`, ended by SIGTERM. */
async function main(): Promise<void> {
  const azure = await startLocalAzure(statePaths(), (text) => tell({ kind: "progress", text }));
  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= azure.close().finally(() => process.exit());
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  tell({ kind: "ready", run: azure.run });
}

function tell(message: StartMessage): void {
  if (process.connected) process.send?.(message);
}

main().catch((error: unknown) => {
  const reason = `The local Azure could not start. ${explain(error)}`;
  process.stderr.write(`${reason}\n`);
  if (!process.connected) process.exit(1);
  process.send?.({ kind: "failed", reason } satisfies StartMessage, () => process.exit(1));
});
