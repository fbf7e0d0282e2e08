import { randomUUID } from "node:crypto";
import { containerSas } from "../../../blobs/sas";
import { datastorePathOf } from "../../../mlflow/artifact-uri";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { objectAt, stringAt } from "../../objects";
import { parentId } from "../../ids";
import { lastName } from "../../path";
import type { Answer, PutRequest, Request, ResourceType } from "../../resource-type";
import { assetTypes } from "./assets";

import { workspaceIdOf } from "./provider";

/** Milliseconds that a client has for an upload. */
const UPLOAD_TIME = 60 * 60 * 1000;

const DESCRIPTIVE = ["description", "tags", "properties", "isArchived"] as const;

function completeModel({ body, name }: PutRequest): JsonObject {
  if (!/^[1-9]\d*$/.test(name))
    throw badArgument(`The version '${name}' of a model is not a positive whole number.`, "version");
  const wanted = objectAt(body, "properties");
  const modelUri = stringAt(wanted, "modelUri");
  if (modelUri === undefined) throw badArgument("A model version needs 'modelUri'.", "properties.modelUri");
  if (datastorePathOf(modelUri) === undefined && !modelUri.startsWith("azureml://jobs/")) {
    throw badArgument(
      `'${modelUri}' is no modelUri: azureml://subscriptions/…/datastores/…/paths/…, azureml://jobs/{job}/outputs/{output}/paths/… or runs:/{run}/{path}.`,
      "properties.modelUri",
    );
  }
  return {
    modelType: stringAt(wanted, "modelType") ?? "custom_model",
    flavors: objectAt(wanted, "flavors"),
    stage: stringAt(wanted, "stage") ?? "None",
  };
}

/** Where a client puts the files of a new version: the workspace's blob store, with a SAS to write to it. */
function startPendingUpload({ arm, id, name }: Request): Answer {
  const workspace = arm.store.get(workspaceIdOf(id));
  const properties = objectAt(workspace?.body ?? {}, "properties");
  const storageAccountArmId = String(properties["storageAccount"]);
  const account = lastName(storageAccountArmId);
  const container = `azureml-blobstore-${String(properties["workspaceId"])}`;
  const blobUri = `https://${account}.blob.core.windows.net/${container}`;
  const expiresOn = new Date(arm.now().getTime() + UPLOAD_TIME);
  const sasUri = `${blobUri}?${containerSas(arm.keys, { account, container }, "racwdl", expiresOn)}`;
  return {
    status: 200,
    body: {
      blobReferenceForConsumption: {
        blobUri,
        storageAccountArmId,
        credential: { credentialType: "SAS", sasUri },
      },
      pendingUploadId: `${lastName(parentId(id))}-${name}-${randomUUID()}`,
      pendingUploadType: "TemporaryBlobReference",
    },
  };
}

/** What is registered in a workspace: models, environments, data, code, components. */
export const assets: readonly ResourceType[] = [
  ...assetTypes({
    collection: "models",
    changeable: [...DESCRIPTIVE, "stage", "flavors"],
    complete: completeModel,
  }),
  ...assetTypes({
    collection: "environments",
    changeable: DESCRIPTIVE,
    complete: ({ body }) => {
      const { image, build, condaFile } = objectAt(body, "properties");
      const environmentType = "UserCreated";
      if ((image ?? build ?? condaFile ?? undefined) === undefined) {
        throw badArgument("An environment needs an 'image' or a 'build'.", "properties.image");
      }
      return { environmentType, osType: objectAt(body, "properties")["osType"] ?? "Linux" };
    },
  }),
  ...assetTypes({ collection: "data", changeable: DESCRIPTIVE, complete: () => ({}) }),
  ...assetTypes({
    collection: "codes",
    changeable: DESCRIPTIVE,
    complete: () => ({}),
    earlyActions: { startpendingupload: startPendingUpload },
  }),
  ...assetTypes({ collection: "components", changeable: DESCRIPTIVE, complete: () => ({}) }),
];
