import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import type { Behaviour } from "./settings";

/** The part of a process's answer that the front reads. */
export interface ContainerAnswer {
  readonly statusCode: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly body: { arrayBuffer(): Promise<ArrayBuffer | Uint8Array> };
}

/** The container's answer, or what a misbehaving one makes of the request. @throws when `signal` ends it */
export async function misbehave(
  behaviour: Behaviour | undefined,
  random: () => number,
  signal: AbortSignal,
  ask: () => Promise<ContainerAnswer>,
): Promise<ContainerAnswer> {
  if (behaviour === undefined || behaviour.kind === "crashes" || random() >= behaviour.share)
    return await ask();
  switch (behaviour.kind) {
    case "slow":
      await sleep(behaviour.milliseconds, undefined, { signal });
      return await ask();
    case "hangs":
      await sleep(2 ** 31 - 1, undefined, { signal });
      return await ask();
    case "fails":
      return text(
        500,
        "text/plain",
        "An unexpected error occurred in scoring script. Check the logs for more info.",
      );
    case "rubbish":
      return text(200, "application/octet-stream", "\u0000\u0001 this is no answer");
  }
}

function text(statusCode: number, type: string, body: string): ContainerAnswer {
  return {
    statusCode,
    headers: { "content-type": type },
    body: { arrayBuffer: () => Promise.resolve(Buffer.from(body)) },
  };
}
