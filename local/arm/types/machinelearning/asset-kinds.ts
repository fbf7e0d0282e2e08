import { randomUUID } from "node:crypto";
import { parse } from "yaml";
import { containerSas } from "../../../blobs/sas";
import { datastorePathOf } from "../../../mlflow/artifact-uri";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { objectAt, stringAt } from "../../objects";
import { parentId } from "../../ids";
import { lastName } from "../../path";
import type { Answer, PutRequest, Request, ResourceType } from "../../resource-type";
import { type AssetKind, assetTypes } from "./assets";
import { REGISTRIES, workspaceIdOf, WORKSPACES } from "./provider";
import { registryAccount, registryContainer, registryIdOf, uploadContainer } from "./registry-store";

/** Milliseconds that a client has for an upload. */
const UPLOAD_TIME = 60 * 60 * 1000;

const DESCRIPTIVE = ["description", "tags", "properties", "isArchived"] as const;

const REGISTRY_VERSION = /\/registries\/[^/]+\/models\//i;

function completeModel({ body, id, name }: PutRequest): JsonObject {
  if (!/^[1-9]\d*$/.test(name))
    throw badArgument(`The version '${name}' of a model is not a positive whole number.`, "version");
  const wanted = objectAt(body, "properties");
  const modelUri = stringAt(wanted, "modelUri");
  if (modelUri === undefined) throw badArgument("A model version needs 'modelUri'.", "properties.modelUri");
  const known =
    datastorePathOf(modelUri) !== undefined ||
    modelUri.startsWith("azureml://jobs/") ||
    (REGISTRY_VERSION.test(id) && modelUri.startsWith("https://"));
  if (!known) {
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

/** A container of the workspace's store for each version to come: clients put its files at the root. */
async function startPendingUpload(request: Request): Promise<Answer> {
  const { arm, id } = request;
  const workspace = arm.store.get(workspaceIdOf(id));
  const properties = objectAt(workspace?.body ?? {}, "properties");
  const storageAccountArmId = String(properties["storageAccount"]);
  const account = lastName(storageAccountArmId);
  const container = uploadContainer(String(properties["workspaceId"]), id);
  await arm.effects.containerCreated(account, container);
  return pendingUpload(request, storageAccountArmId, account, container);
}

/** A container of the registry's own store for each version to come. */
async function startPendingRegistryUpload(request: Request): Promise<Answer> {
  const { arm, id } = request;
  const storageAccountArmId = registryAccount(arm.store.get(registryIdOf(id)));
  const account = lastName(storageAccountArmId);
  const container = registryContainer(id);
  await arm.effects.containerCreated(account, container);
  return pendingUpload(request, storageAccountArmId, account, container);
}

/** With a SAS to write there. */
function pendingUpload(
  { arm, id, name }: Request,
  storageAccountArmId: string,
  account: string,
  container: string,
): Answer {
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

/** An image, with or without conda packages on it, or what to build one from. */
function completeEnvironment({ body }: PutRequest): JsonObject {
  const wanted = objectAt(body, "properties");
  const image = stringAt(wanted, "image");
  const condaFile = stringAt(wanted, "condaFile");
  const build = wanted["build"] ?? undefined;
  if ((image === undefined) === (build === undefined))
    throw badArgument("An environment needs an 'image' or a 'build', and not both.", "properties.image");
  if (condaFile !== undefined && build !== undefined)
    throw badArgument("A 'condaFile' is for an 'image', not for a 'build'.", "properties.condaFile");
  if (condaFile !== undefined && !isConda(condaFile))
    throw badArgument("The 'condaFile' is not a conda environment in YAML.", "properties.condaFile");
  const contextUri = stringAt(objectAt(wanted, "build"), "contextUri") ?? "https://";
  if (!/^https:\/\//.test(contextUri))
    throw badArgument(`'${contextUri}' is no address of a blob.`, "properties.build.contextUri");
  return { environmentType: "UserCreated", osType: wanted["osType"] ?? "Linux" };
}

function isConda(text: string): boolean {
  try {
    const conda = parse(text) as { dependencies?: unknown } | null;
    return Array.isArray(conda?.dependencies);
  } catch {
    return false;
  }
}

const DATA_ADDRESS = /^(azureml|https?|abfss?|wasbs?|adl):\/\//i;

/** All versions of a name are of one type. */
function completeData({ arm, body, id }: PutRequest): JsonObject {
  const wanted = objectAt(body, "properties");
  const dataUri = stringAt(wanted, "dataUri") ?? "";
  if (!DATA_ADDRESS.test(dataUri))
    throw badArgument(`'${dataUri}' is no address of data.`, "properties.dataUri");
  if (wanted["dataType"] === "uri_file" && dataUri.endsWith("/"))
    throw badArgument(`'${dataUri}' is a folder, not a uri_file.`, "properties.dataUri");
  const container = arm.store.get(parentId(id));
  const dataType = container === undefined ? undefined : objectAt(container.body, "properties")["dataType"];
  if (dataType !== undefined && dataType !== wanted["dataType"])
    throw badArgument(
      `The data asset is of type '${String(dataType)}', and so must its versions be.`,
      "properties.dataType",
    );
  return {};
}

const kinds: readonly AssetKind[] = [
  { collection: "models", changeable: [...DESCRIPTIVE, "stage", "flavors"], complete: completeModel },
  { collection: "environments", changeable: DESCRIPTIVE, complete: completeEnvironment },
  {
    collection: "data",
    changeable: DESCRIPTIVE,
    complete: completeData,
    fromFirst: ["dataType"],
    hasState: false,
  },
  {
    collection: "codes",
    changeable: DESCRIPTIVE,
    complete: () => ({}),
    earlyActions: { startpendingupload: startPendingUpload },
  },
  { collection: "components", changeable: DESCRIPTIVE, complete: () => ({}) },
];

/** Kinds with files that a client uploads to a registry. */
const UPLOADED = ["models", "codes", "data"];

/** What is registered in a workspace: models, environments, data, code, components. */
export const assets: readonly ResourceType[] = kinds.flatMap((kind) => assetTypes(kind, WORKSPACES));

/** What is registered in a registry; files of new versions go to its own store. */
export const registryAssets: readonly ResourceType[] = kinds.flatMap(
  ({ collection, changeable, complete, fromFirst, hasState }) =>
    assetTypes(
      {
        collection,
        changeable,
        complete,
        ...(fromFirst === undefined ? {} : { fromFirst }),
        ...(hasState === undefined ? {} : { hasState }),
        ...(UPLOADED.includes(collection)
          ? { earlyActions: { startpendingupload: startPendingRegistryUpload } }
          : {}),
      },
      REGISTRIES,
    ),
);
