import type { Exclusive } from "./exclusive";
import { randomUUID } from "node:crypto";
import type { ArmFaults } from "../faults/arm";
import type { Json, JsonObject } from "../json";
import { ArmError, errorObject } from "./errors";
import { objectAt, omit, stringAt } from "./objects";
import { type Arm, type ResourceTypes, rowOf } from "./resource-type";
import type { StoredResource } from "./store";

const PREFIX = "operation:";
/** How long the answer to an operation is kept: a day, as ARM keeps it at least. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** An operation under way or ended. Kept in the store, so that a kill of the process loses none. */
export interface Operation {
  /** Last segment of its addresses. */
  readonly name: string;
  /** The resource that it makes, changes or deletes. */
  readonly target: string;
  readonly kind: "write" | "delete";
  readonly purge: boolean;
  readonly status: "InProgress" | "Succeeded" | "Failed";
  readonly startTime: string;
  readonly endTime?: string;
  readonly error?: JsonObject;
  /** What is answered in the end, where it is not the resource. */
  readonly answer?: Json;
}

/** ARM's long-running operations. */
export interface Operations {
  /** The record, before its resource is marked with it; what is not marked when the process starts again is dropped. */
  begin(
    kind: Operation["kind"],
    target: StoredResource,
    prefix: string | undefined,
    more?: { readonly purge?: boolean; readonly answer?: Json | undefined },
  ): Promise<Operation>;
  /** Does the work, in the background. The resource must be stored with `internal.operation` by now. */
  run(operation: Operation, previous: StoredResource | undefined): void;
  get(name: string): Operation | undefined;
  /** Goes on with what was under way when the process ended. */
  resume(): Promise<void>;
  /** Ends without waiting for the work; `resume` takes it up again. */
  stop(): void;
}

export function createOperations(
  arm: Arm,
  types: ResourceTypes,
  exclusive: Exclusive,
  log: (message: string) => void,
  faults?: ArmFaults,
): Operations {
  let stopped = false;

  const save = (operation: Operation): Promise<void> =>
    arm.store.put({ id: PREFIX + operation.name, body: { ...operation }, internal: {} });

  /** What others have changed of the resource meanwhile stays. */
  const finish = (
    operation: Operation,
    target: StoredResource | undefined,
    failure?: ArmError,
  ): Promise<void> =>
    exclusive(async () => {
      if (stopped) return;
      const status = failure === undefined ? "Succeeded" : "Failed";
      const current = arm.store.get(operation.target);
      if (current !== undefined) await arm.store.put(settled(current, status));
      else if (operation.kind === "write" && target !== undefined) {
        // Its resource group or parent went meanwhile; what the work set going must not outlive it.
        await rowOf(types, target)?.erase?.(arm, target, { purge: true });
      }
      const error = failure === undefined ? {} : { error: errorObject(failure) };
      await save({ ...operation, status, endTime: arm.now().toISOString(), ...error });
    });

  const work = async (operation: Operation, previous: StoredResource | undefined): Promise<void> => {
    const target = arm.store.get(operation.target);
    try {
      faults?.inOperation("begun", operation.target);
      if (target !== undefined && operation.kind === "delete")
        await arm.erase(target, { purge: operation.purge });
      if (target !== undefined && operation.kind === "write") {
        await rowOf(types, target)?.write?.(arm, target, previous);
      }
      faults?.inOperation("done", operation.target);
    } catch (error) {
      if (stopped) return;
      if (!(error instanceof ArmError)) log(`${operation.kind} of ${operation.target}: ${String(error)}`);
      return finish(operation, target, asArmError(error));
    }
    return finish(operation, target);
  };

  const run = (operation: Operation, previous: StoredResource | undefined): void => {
    work(operation, previous).catch((error: unknown) => {
      if (!stopped) log(`${operation.kind} of ${operation.target} was not recorded: ${String(error)}`);
    });
  };

  return {
    begin: async (kind, target, prefix, { purge = false, answer } = {}) => {
      const name = prefix === undefined ? randomUUID() : `${prefix}:${randomUUID()}:${randomUUID()}`;
      const operation: Operation = {
        name,
        target: target.id,
        kind,
        purge,
        status: "InProgress",
        startTime: arm.now().toISOString(),
        ...(answer === undefined ? {} : { answer }),
      };
      await save(operation);
      return operation;
    },
    run,
    get: (name) => arm.store.get(PREFIX + name)?.body as unknown as Operation | undefined,
    resume: async () => {
      for (const { id, body } of arm.store.list(PREFIX)) {
        const operation = body as unknown as Operation;
        const target = arm.store.get(operation.target);
        const ours = stringAt(target?.internal ?? {}, "operation") === operation.name;
        if (operation.status === "InProgress" && ours) run(operation, undefined);
        else if (operation.status === "InProgress" && operation.kind === "delete" && target === undefined) {
          await finish(operation, undefined);
        } else if (operation.status === "InProgress" || isOld(operation, arm.now()))
          await arm.store.delete(id);
      }
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** The resource as it is when nothing is under way. */
function settled(resource: StoredResource, provisioningState: string): StoredResource {
  return {
    ...resource,
    body: { ...resource.body, properties: { ...objectAt(resource.body, "properties"), provisioningState } },
    internal: omit(resource.internal, ["operation"]),
  };
}

function isOld(operation: Operation, now: Date): boolean {
  return now.getTime() - Date.parse(operation.endTime ?? operation.startTime) > KEPT_FOR;
}

function asArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ArmError(500, "InternalServerError", message);
}
