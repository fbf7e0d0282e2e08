import * as pulumi from "@pulumi/pulumi";
import { AZURE_ADDRESSES, azureAddress, isSigned, withoutSignature } from "../providers/models/addresses";
import { digestRule } from "../providers/models/expected-digest";
import { isServerAddress, refusedTarget } from "../providers/models/server-addresses";
import { armId, listOf, oneOf, optional, tags, text, type Problem, type Rules } from "../providers/rules";
import { type Constraint, isKnown } from "./args";
import { mlflowServerRule, type MlflowServerArgs } from "./mlflow-server-args";
import { localPlace, type ModelPath, modelPath } from "./model-path";
import type { Tags } from "./tags";

/** What versions of all kinds of models are declared with. */
export interface ModelVersionArgs {
  /** ARM id of the workspace that the version is registered in. This, `registryId` or `server`. Another one makes another version there. */
  readonly workspaceId?: pulumi.Input<string>;
  /** ARM id of the organisation registry that the version is registered in. This, `workspaceId` or `server`. Another one makes another version there. */
  readonly registryId?: pulumi.Input<string>;
  /**
   * MLflow server (2.22 or later) that the version is registered on. Its files become artifacts of a run in the server's experiment `pulumi-azureml/MODELNAME`, by the server itself or in the blobs or the folder of this
   * machine that it keeps artifacts in. Databricks too (on Azure and AWS, the workspace's own registry, not Unity Catalog): there the experiment is in the home folder of who signs in. Not a workspace's. This, `workspaceId` or `registryId`. Another one makes another version there.
   */
  readonly server?: MlflowServerArgs;
  /** Name of the registered model, `churn`: 1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first. */
  readonly modelName: pulumi.Input<string>;
  /**
   * Folder, archive (`.zip`, `.tar`, `.tar.gz`, `.tgz`) or file on this machine, relative to the program's own folder; an archive is the folder that it was packed from. Or Pulumi's assets: a
   * `FileArchive` is the same as its path; an `AssetArchive` puts files together from `FileAsset`, `StringAsset` (whose text is in the state) and archives; a `FileAsset` is one file as it is, an archive too.
   * This or `source`.
   */
  readonly path?: pulumi.Input<ModelPath>;
  /**
   * Address of a model that is in Azure already, or on an MLflow server: `runs:/RUN/PATH`, `models:/NAME/VERSION`, `models:/NAME@ALIAS`, `azureml://jobs/JOB/outputs/OUTPUT/paths/PATH`, `azureml://datastores/NAME/paths/PATH`, all of the
   * workspace; the ARM id of a version in any workspace or registry, which is what another `MlflowModel` has as `id`; or a folder of blobs, `https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH`, read as whoever
   * runs `pulumi up` or by a signature in the address; or an archive, `https://HOST/PATH.zip` (`.tar`, `.tar.gz`, `.tgz`), by itself or with what opens it in its query. A query is kept as a secret. The files are copied, as they
   * are, through this machine, an archive's by way of its temporary folder, others' without a copy on its disk. This or `path`.
   */
  readonly source?: pulumi.Input<string>;
  /** The MLflow server that `source` is an address of, `runs:/RUN/PATH`, `models:/NAME/VERSION`, `models:/NAME@ALIAS` or `models:/NAME/latest`: the files are copied from there. Databricks too, by `runs:` and by version. The workspace, or `server`, by default. */
  readonly sourceServer?: MlflowServerArgs;
  /**
   * The only digest that is registered, 64 hexadecimal digits: what another stack has as `digest` and has proven. Other content is refused, at the preview where it is known there. Any content by default.
   */
  readonly expectedDigest?: pulumi.Input<string>;
  /** Of the version, shown in the studio; it changes in place. None by default. */
  readonly description?: pulumi.Input<string>;
  /** Of the version; they change in place, and tags of others stay. None by default. */
  readonly tags?: Tags;
  /** Names that lead to this version and to no other of the model, `champion`. An MLflow server has them; Azure ML and Databricks have none of their own: there each is a tag `alias.NAME`. They change in place. None by default. */
  readonly aliases?: pulumi.Input<pulumi.Input<string>[]>;
  /** `retain` (the default): versions outlive the stack. `delete`: a version goes when another takes its place, or the resource goes. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

/** A name that leads to one version of a model. */
export const aliasRule = text(
  "1 to 249 letters, digits, dashes and underscores, not latest and not v with a number",
  /^(?!latest$|v\d+$)[\w-]{1,249}$/i,
  "mlflow.utils.validation: aliases of registered models",
);

export const modelVersionRules: Rules<ModelVersionArgs> = {
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  registryId: optional(armId("Microsoft.MachineLearningServices/registries")),
  server: optional(mlflowServerRule),
  modelName: text(
    "1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/,
    "REST API 2025-12-01, Model Containers: pattern of name",
  ),
  path: optional(modelPath),
  source: optional(text("the address of a model")),
  sourceServer: optional(mlflowServerRule),
  expectedDigest: optional(digestRule),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  aliases: optional(listOf(aliasRule)),
  onDelete: optional(oneOf("retain", "delete")),
};

export const modelVersionConstraints: readonly Constraint<ModelVersionArgs>[] = [
  {
    id: "model-one-target",
    source: "how-to-manage-models, how-to-share-models-pipelines-across-workspaces-with-registries",
    problems: ({ workspaceId, registryId, server }) =>
      exactlyOne({ workspaceId, registryId, server }, "where the version is registered"),
  },
  {
    id: "model-server-target",
    source: "MLflow, store/artifact: Azure ML and Unity Catalog keep artifacts behind services of their own",
    problems({ server, modelName }) {
      const trackingUri = server && isKnown(server.trackingUri) ? server.trackingUri : undefined;
      const reason = trackingUri && refusedTarget(trackingUri, isKnown(modelName) ? modelName : "");
      return reason ? [{ path: "server.trackingUri", value: trackingUri, reason }] : [];
    },
  },
  {
    id: "model-one-source",
    source: "how-to-manage-models: a model is registered from one path",
    problems: ({ path, source }) => exactlyOne({ path, source }, "where the files are"),
  },
  {
    id: "model-source-address",
    source: "how-to-manage-models, how-to-manage-models-mlflow: supported paths",
    problems: ({ source, sourceServer, server }) =>
      typeof source !== "string" ||
      ((sourceServer ?? server) !== undefined && isServerAddress(source)) ||
      azureAddress(source) !== undefined
        ? []
        : [{ path: "source", value: withoutSecret(source), reason: `it must be one of ${AZURE_ADDRESSES}` }],
  },
];

/** @param choices by the name of their property */
function exactlyOne(choices: Readonly<Record<string, unknown>>, what: string): readonly Problem[] {
  const names = Object.keys(choices);
  const [given, ...more] = names.filter((name) => choices[name] !== undefined);
  if (given === undefined)
    return [
      {
        path: String(names[0]),
        value: undefined,
        reason: `it or ${names.slice(1).join(" or ")} must say ${what}`,
      },
    ];
  const reason = `${given} says ${what} already; one is enough`;
  return more.map((path) => ({ path, value: undefined, reason }));
}

function withoutSecret(source: string): string {
  return withoutSignature(source).replace(/\/\/[^/@]*@/, "//");
}

/** What the dynamic resource takes, whatever the kind of model. */
export function versionInputs({
  workspaceId,
  registryId,
  server,
  modelName,
  path,
  source,
  sourceServer,
  onDelete,
  ...words
}: ModelVersionArgs) {
  return {
    workspaceId,
    registryId,
    server: server && pulumi.output(server),
    name: modelName,
    path: path === undefined ? undefined : localPlace(path),
    source: source === undefined ? undefined : pulumi.output(source).apply(hidden),
    sourceServer: sourceServer && pulumi.output(sourceServer),
    onDelete: onDelete ?? "retain",
    expectedDigest: words.expectedDigest,
    description: words.description,
    tags: words.tags,
    aliases: words.aliases,
  };
}

/** The last part of the version's id, wherever it is registered. */
export function versionOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function hidden(source: string): pulumi.Output<string> {
  return isSigned(source) ? pulumi.secret(source) : pulumi.output(source);
}
