import { ArmError, badArgument } from "../arm/errors";
import type { Store } from "../arm/store";
import { ARTIFACT_STORE, runFolder } from "../mlflow/artifact-uri";
import { blobFolder, blobFolderOf } from "../mlflow/model-files";
import type { Workspace } from "../mlflow/workspace";
import type { BlobPlace } from "./blob-place";

/** As Azure's REST pages address a datastore's files: by the datastore's ARM id. */
const BY_DATASTORE = /^(?:azureml:)?\/subscriptions\/.+\/(datastores\/[^/]+\/paths\/.*)$/i;

/** Whether the address names an asset's version, and not files. */
export const isAsset = (uri: string): boolean =>
  !BY_DATASTORE.test(uri) && (/^(azureml:)?\/subscriptions\//i.test(uri) || /^azureml:[^/]/i.test(uri));

/** Where the files of an address are. @throws ArmError (400) for one that names none here */
export function placeOf(store: Store, workspace: Workspace, uri: string, target: string): BlobPlace {
  const place = blobFolderOf(store, workspace, uri.replace(BY_DATASTORE, "azureml://$1"));
  if (place === undefined)
    throw badArgument(
      `'${uri}' is no address that the local Azure reads: azureml://datastores/{datastore}/paths/{path}, a data asset's version, or an https address of a blob.`,
      target,
    );
  return place;
}

/** Where a run's own files are. */
export function artifactsOf(store: Store, workspace: Workspace, run: string): BlobPlace {
  const place = blobFolder(store, workspace, { datastore: ARTIFACT_STORE, path: runFolder(run) });
  if (place === undefined) throw new ArmError(500, "InternalServerError", "There is no artifact store.");
  return place;
}
