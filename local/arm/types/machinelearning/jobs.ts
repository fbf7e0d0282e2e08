import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { objectAt } from "../../objects";
import type { Made, PutRequest, ResourceType } from "../../resource-type";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

const STATUSES = [
  "NotStarted", "Starting", "Provisioning", "Preparing", "Queued", "Running", "Finalizing", "CancelRequested",
  "Completed", "Failed", "Canceled", "NotResponding", "Paused", "Unknown",
]; // prettier-ignore

/** Jobs are records: nothing runs them, so that whoever puts one says how it went. */
export const jobs: ResourceType = {
  type: `${WORKSPACES}/jobs`,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  checkName(name) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(name))
      throw badArgument(`The job name '${name}' is not valid: letters, digits, '_' and '-'.`, "name");
  },
  make: makeJob,
  listed: (resources, { listviewtype = "ActiveOnly" }) =>
    resources.filter(({ body }) => {
      const archived = objectAt(body, "properties")["isArchived"] === true;
      return listviewtype === "All" || archived === (listviewtype === "ArchivedOnly");
    }),
};

function makeJob({ body, sent, existing, name }: PutRequest): Made {
  const before = objectAt(existing?.body ?? {}, "properties");
  const status = objectAt(sent, "properties")["status"] ?? before["status"] ?? "NotStarted";
  if (!STATUSES.includes(String(status)))
    throw badArgument(`A job's status is one of ${STATUSES.join(", ")}.`, "properties.status");
  const wanted = objectAt(body, "properties");
  return {
    body: {
      properties: {
        description: null,
        tags: {},
        isArchived: false,
        experimentName: "Default",
        displayName: name,
        services: {},
        ...before,
        ...wanted,
        properties: { ...objectAt(before, "properties"), ...objectAt(wanted, "properties") },
        outputs: { default: ownOutput(name), ...objectAt(before, "outputs"), ...objectAt(wanted, "outputs") },
        status,
      },
    },
  };
}

/** What the job logs, and leaves in its folder `outputs`. */
function ownOutput(name: string): JsonObject {
  return {
    jobOutputType: "uri_folder",
    mode: "ReadWriteMount",
    uri: `azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${name}`,
  };
}
