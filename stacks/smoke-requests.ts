import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import type { SmokeRequest } from "../components";
import { InvalidSettings } from "./settings";

/**
 * What a model has to answer before it gets traffic. Whether they are requests, the component's rules say.
 *
 * @param path as the setting `smokeRequestsPath` has it
 * @throws InvalidSettings where there is no such JSON file
 */
export function readSmokeRequests(path: string): readonly SmokeRequest[] {
  if (path === "none") return [];
  try {
    return JSON.parse(readFileSync(path, "utf8")) as SmokeRequest[];
  } catch (error) {
    throw new InvalidSettings(pulumi.getStack(), [
      `${pulumi.getProject()}:smokeRequestsPath is ${JSON.stringify(path)}: it must be the path of a JSON file: ${(error as Error).message}`,
    ]);
  }
}
