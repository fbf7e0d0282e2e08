import { objectAt, omit } from "../arm/objects";
import type { JsonObject } from "../json";

/** A job's properties as ARM shows them, with what it has where its PUT says nothing. @param before those of the job so far */
export function jobProperties(name: string, wanted: JsonObject, before: JsonObject = {}): JsonObject {
  return {
    description: null,
    tags: {},
    isArchived: false,
    experimentName: "Default",
    displayName: name,
    services: {},
    status: "NotStarted",
    ...before,
    ...wanted,
    properties: { ...objectAt(before, "properties"), ...objectAt(wanted, "properties") },
    outputs: { default: ownOutput(name), ...objectAt(before, "outputs"), ...objectAt(wanted, "outputs") },
  };
}

/** Where there is a `default`, azure-ai-ml signs its own way to the logs, with what it takes for the account's key and is a SAS. */
export function withoutOwnOutput(properties: JsonObject): JsonObject {
  return { ...properties, outputs: omit(objectAt(properties, "outputs"), ["default"]) };
}

/** What the job logs, and leaves in its folder `outputs`. */
function ownOutput(name: string): JsonObject {
  return {
    jobOutputType: "uri_folder",
    mode: "ReadWriteMount",
    uri: `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${name}`,
  };
}
