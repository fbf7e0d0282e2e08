import { ArmError } from "../arm/errors";
import type { FaultDraw } from "./draw";

/** What may go wrong around ARM's own work. */
export interface ArmFaults {
  /** @throws ArmError where the request is refused before anything is done */
  beforeRequest(url: string): void;
  /** Whether the answer gets lost. */
  losesAnswer(url: string): boolean;
  /** @throws ArmError where the operation fails before or after its work */
  inOperation(phase: "begun" | "done", target: string): void;
}

/** The faults of the draw, as ARM's clients meet them. */
export function armFaults(draw: FaultDraw): ArmFaults {
  return {
    beforeRequest: (url) => {
      if (draw.meets(({ operations }) => operations.refused, url)) throw draw.pick(refusals)();
    },
    losesAnswer: (url) => draw.meets(({ operations }) => operations.lost, url),
    inOperation: (phase, target) => {
      if (draw.meets(({ operations }) => operations[phase], target))
        throw new ArmError(500, "InternalServerError", "Received 500 from a service request.");
    },
  };
}

const refusals: readonly [() => ArmError, ...(() => ArmError)[]] = [
  () => new ArmError(429, "TooManyRequests", "The request is being throttled."),
  () => new ArmError(500, "InternalServerError", "Received 500 from a service request."),
  () => new ArmError(503, "ServiceUnavailable", "The service is unavailable. Please retry later."),
];
