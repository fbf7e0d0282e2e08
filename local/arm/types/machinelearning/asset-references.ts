import type { Environment } from "../../../environments/environment";
import { blobFolderOf, type BlobFolder } from "../../../mlflow/model-files";
import { findWorkspace, type Workspace } from "../../../mlflow/workspace";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { isObject, objectAt, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Store, StoredResource } from "../../store";
import { workspaceIdOf } from "./provider";

/** Assets with versions that others refer to. */
type Collection = "models" | "codes" | "environments" | "data" | "components";

const KIND = {
  models: "model",
  codes: "code",
  environments: "environment",
  data: "data asset",
  components: "component",
} as const;

export interface ReferredModel {
  readonly place: BlobFolder;
  readonly name: string;
  readonly version: string;
  readonly modelType: string;
}

interface Found {
  readonly version: StoredResource;
  readonly workspace: Workspace;
}

/** A model version's files, names and `modelType`. @throws ArmError for what cannot be found */
export function modelOf(
  store: Store,
  deploymentId: string,
  reference: string | undefined,
): ReferredModel | undefined {
  if (reference === undefined) return undefined;
  const target = "properties.model";
  const found = assetVersion(store, deploymentId, reference, "models", target);
  const { modelUri, modelType } = objectAt(found.version.body, "properties");
  const place = filesOf(store, found, String(modelUri), `model '${reference}'`, target);
  const { id } = found.version;
  return { place, name: lastName(parentId(id)), version: lastName(id), modelType: String(modelType) };
}

/** The files of a code version. @throws ArmError for what cannot be found */
export function codeOf(
  store: Store,
  from: string,
  reference: string,
  target = "properties.codeConfiguration.codeId",
): BlobFolder {
  const found = assetVersion(store, from, reference, "codes", target);
  const { codeUri } = objectAt(found.version.body, "properties");
  return filesOf(store, found, String(codeUri), `code '${reference}'`, target);
}

/** @throws ArmError for what cannot be found */
export function environmentOf(store: Store, deploymentId: string, reference: string): Environment {
  const { version } = assetVersion(
    store,
    deploymentId,
    reference,
    "environments",
    "properties.environmentId",
  );
  const properties = objectAt(version.body, "properties");
  return {
    id: version.id,
    image: stringAt(properties, "image"),
    condaFile: stringAt(properties, "condaFile"),
    build: isObject(properties["build"]),
  };
}

/** What an asset version's ARM id, or `azureml:{name}:{version}` in the workspace of `from`, stands for. @throws ArmError (404) */
export function assetVersion(
  store: Store,
  from: string,
  reference: string,
  collection: Collection,
  target: string,
): Found {
  const workspaceId = workspaceIdOf(from);
  const id = assetId(reference, workspaceId, collection);
  const version = id === undefined ? undefined : store.get(id);
  const workspace = findWorkspace(store, id === undefined ? workspaceId : workspaceIdOf(id));
  if (version !== undefined && workspace !== undefined) return { version, workspace };
  throw new ArmError(404, "ResourceNotFound", `The ${KIND[collection]} '${reference}' was not found.`, {
    target,
  });
}

/** A version's ARM id, from that id or from `azureml:` before it or `azureml:{name}:{version}`. */
function assetId(reference: string, workspaceId: string, collection: Collection): string | undefined {
  const text = reference.replace(/^azureml:(?=\/[^/])/i, "");
  if (new RegExp(`^/subscriptions/.+/${collection}/[^/]+/versions/[^/]+$`, "i").test(text)) return text;
  const [, name, version] = /^azureml:([^:/]+):([^:/]+)$/i.exec(reference) ?? [];
  return name === undefined || version === undefined
    ? undefined
    : `${workspaceId}/${collection}/${name}/versions/${version}`;
}

function filesOf(store: Store, { workspace }: Found, uri: string, what: string, target: string): BlobFolder {
  const place = blobFolderOf(store, workspace, uri);
  if (place !== undefined) return place;
  throw badArgument(`The files of the ${what} cannot be found: ${uri}.`, target);
}
