import { StorageError } from "../blobs/storage-error";
import type { FaultDraw } from "./draw";

/** What may go wrong around the blob service's own work; addresses are `account.blob.core.windows.net/…`. */
export interface BlobFaults {
  /** @throws StorageError where the request is refused before anything is done */
  beforeRequest(address: string): void;
  /** @throws StorageError where what writes finds no space */
  beforeWrite(address: string): void;
  /** Whether the connection breaks in the middle of the body. */
  cutsBody(address: string): boolean;
  /** Whether the answer gets lost. */
  losesAnswer(address: string): boolean;
}

/** The faults of the draw, as the blob service's clients meet them. */
export function blobFaults(draw: FaultDraw): BlobFaults {
  return {
    beforeRequest: (address) => {
      if (draw.meets(({ blobs }) => blobs.refused, address)) throw draw.pick(refusals)();
    },
    beforeWrite: (address) => {
      if (draw.meets(({ blobs }) => blobs.full, address)) throw internalError();
    },
    cutsBody: (address) => draw.meets(({ blobs }) => blobs.cut, address),
    losesAnswer: (address) => draw.meets(({ blobs }) => blobs.lost, address),
  };
}

const internalError = (): StorageError =>
  new StorageError(
    500,
    "InternalError",
    "The server encountered an internal error. Please retry the request.",
  );

const refusals: readonly [() => StorageError, ...(() => StorageError)[]] = [
  internalError,
  () =>
    new StorageError(
      503,
      "ServerBusy",
      "The server is currently unable to receive requests. Please retry your request.",
      { "retry-after": "1" },
    ),
  () =>
    new StorageError(
      500,
      "OperationTimedOut",
      "The operation could not be completed within the permitted time.",
    ),
];
