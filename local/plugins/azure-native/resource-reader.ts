import type { JsonObject } from "../../json";
import { isObject } from "../values";
import { ArmClient } from "./arm-client";
import { localTransport } from "./arm-transport";
import { armId, sdkResourceOf } from "./body";
import { readConfiguration } from "./configuration";
import { rowOf } from "./table";

/** A resource that ARM has; not settled while it is being made, changed or deleted. */
export interface Found {
  readonly id: string;
  readonly settled: boolean;
}

/** Asks ARM for the resource that a type token and its inputs name; undefined when there is none, or the type is not azure-native's. */
export type ResourceReader = (token: string, inputs: JsonObject) => Promise<Found | undefined>;

/** @param environment the local Azure's, as `localEnvironment` gives it */
export function resourceReader(environment: NodeJS.ProcessEnv): ResourceReader {
  const configuration = readConfiguration({}, environment);
  const arm = new ArmClient(localTransport(environment), configuration);
  return async (token, inputs) => {
    if (!token.startsWith("azure-native:")) return undefined;
    const row = rowOf(token);
    const id = armId(row.path, inputs, configuration.subscriptionId);
    const resource = await arm.get(id, sdkResourceOf(row).apiVersion, AbortSignal.timeout(60_000));
    if (resource === undefined) return undefined;
    const properties = isObject(resource["properties"]) ? resource["properties"] : {};
    const state = properties["provisioningState"];
    return {
      id: typeof resource["id"] === "string" ? resource["id"] : id,
      settled: state === undefined || ["Succeeded", "Failed", "Canceled"].includes(String(state)),
    };
  };
}
