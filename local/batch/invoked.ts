import { lastName } from "../arm/path";
import type { StoredResource } from "../arm/store";
import { jobProperties, withoutOwnOutput } from "../jobs/job-properties";
import type { JsonObject } from "../json";

/** Whom a job was asked of. */
export interface Invoked {
  /** ARM id of the batch endpoint. */
  readonly endpointId: string;
  readonly deployment: string;
  /** ISO 8601. */
  readonly created: string;
}

/** A job of a batch endpoint as ARM keeps it. @param properties what is not the same in every new one; its tags come to those that all have */
export function invokedJob(
  id: string,
  { endpointId, deployment, created }: Invoked,
  clientId: string,
  { tags, ...properties }: JsonObject & { readonly tags?: JsonObject },
  internal: JsonObject,
): StoredResource {
  const name = lastName(id);
  return {
    id,
    body: {
      id,
      name,
      type: "Microsoft.MachineLearningServices/workspaces/jobs",
      properties: withoutOwnOutput(
        jobProperties(name, {
          jobType: "Pipeline",
          settings: {},
          ...properties,
          tags: {
            "azureml.batchrun": "true",
            "azureml.endpointname": lastName(endpointId),
            "azureml.deploymentname": deployment,
            ...tags,
          },
        }),
      ),
      systemData: {
        createdAt: created,
        createdBy: clientId,
        createdByType: "Application",
        lastModifiedAt: created,
        lastModifiedBy: clientId,
        lastModifiedByType: "Application",
      },
    },
    internal,
  };
}
