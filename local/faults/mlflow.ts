import { ServiceError } from "../mlflow/errors";
import type { FaultDraw } from "./draw";

/** Refuses what the draw says, before anything is done. @throws ServiceError */
export type MlflowFaults = (address: string) => void;

/** The faults of the draw, as the clients of Azure ML's MLflow API meet them. */
export function mlflowFaults(draw: FaultDraw): MlflowFaults {
  return (address) => {
    if (draw.meets(({ mlflow }) => mlflow.refused, address)) throw draw.pick(refusals)();
  };
}

const refusals: readonly [() => ServiceError, ...(() => ServiceError)[]] = [
  () => new ServiceError(429, "TooManyRequests", "The request is being throttled."),
  () => new ServiceError(500, "ServiceError", "Received 500 from a service request."),
];
