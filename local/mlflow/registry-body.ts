import type { StoredResource } from "../arm/store";
import type { JsonObject } from "../json";
import { artifactServiceUri, datastorePathOf } from "./artifact-uri";

export const MODEL_TYPE = "Microsoft.MachineLearningServices/workspaces/models";
export const VERSION_TYPE = "Microsoft.MachineLearningServices/workspaces/models/versions";
/** Where Azure ML keeps the source that an MLflow client registered. */
export const SOURCE_PROPERTY = "mlflow.modelSourceUri";
export const STAGES = ["None", "Staging", "Production", "Archived"] as const;
export type Stage = (typeof STAGES)[number];

export interface TagJson {
  readonly key: string;
  readonly value: string;
}

/** A version as MLflow's REST API shows it; times in milliseconds since 1970. */
export interface ModelVersionJson {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly version: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  readonly current_stage: Stage;
  readonly run_id: string;
  readonly tags: readonly TagJson[];
}

export interface RegisteredModelJson {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  readonly latest_versions: readonly ModelVersionJson[];
  readonly tags: readonly TagJson[];
}

type Strings = Readonly<Record<string, string>>;

export interface NewVersion {
  readonly source: string;
  readonly modelUri: string;
  readonly runId: string | undefined;
  readonly description: string | undefined;
  readonly tags: Strings;
  /** Flavors of the `MLmodel` file; undefined when the folder holds none. */
  readonly flavors: Readonly<Record<string, Strings>> | undefined;
}

/** ARM's body of a version that an MLflow client registers: what ARM itself stores for a PUT of the same. */
export function versionBody(
  id: string,
  version: string,
  made: NewVersion,
  systemData: JsonObject,
): JsonObject {
  const prefix = datastorePathOf(made.modelUri)?.path;
  return {
    id,
    name: version,
    type: VERSION_TYPE,
    properties: {
      description: made.description ?? null,
      tags: { ...made.tags },
      properties: {
        [SOURCE_PROPERTY]: made.source,
        ...(prefix !== undefined && { "azureml.artifactPrefix": prefix }),
        ...(made.flavors && { flavors: Object.keys(made.flavors).join(",") }),
      },
      isArchived: false,
      isAnonymous: false,
      flavors: Object.fromEntries(
        Object.entries(made.flavors ?? {}).map(([name, data]) => [name, { data: { ...data } }]),
      ),
      modelType: made.flavors ? "mlflow_model" : "custom_model",
      modelUri: made.modelUri,
      ...(made.runId !== undefined && { jobName: made.runId }),
      stage: "None",
      provisioningState: "Succeeded",
    },
    systemData,
  };
}

export function containerBody(
  id: string,
  name: string,
  description: string | undefined,
  tags: Strings,
  systemData: JsonObject,
): JsonObject {
  return {
    id,
    name,
    type: MODEL_TYPE,
    properties: {
      description: description ?? null,
      tags: { ...tags },
      properties: {},
      isArchived: false,
      latestVersion: null,
      nextVersion: "1",
      provisioningState: "Succeeded",
    },
    systemData,
  };
}

export function versionJson(resource: StoredResource): ModelVersionJson {
  const { name, version } = splitVersionId(resource.id);
  const properties = propertiesOf(resource.body);
  return {
    name,
    version,
    ...timestamps(resource.body),
    user_id: String((resource.body["systemData"] as JsonObject | undefined)?.["createdBy"] ?? ""),
    current_stage: stageOf(properties),
    description: textOf(properties["description"]),
    source: sourceOf(properties),
    run_id: textOf(properties["jobName"]),
    run_link: "",
    status: "READY",
    status_message: "",
    tags: tagList(properties),
  };
}

export function modelJson(
  resource: StoredResource,
  versions: readonly ModelVersionJson[],
): RegisteredModelJson {
  const properties = propertiesOf(resource.body);
  const times = timestamps(resource.body);
  return {
    name: resource.id.slice(resource.id.lastIndexOf("/") + 1),
    creation_timestamp: times.creation_timestamp,
    last_updated_timestamp: Math.max(
      times.last_updated_timestamp,
      ...versions.map((version) => version.last_updated_timestamp),
    ),
    description: textOf(properties["description"]),
    latest_versions: latestPerStage(versions, STAGES),
    tags: tagList(properties),
  };
}

/** The newest version in each of the stages. */
export function latestPerStage(
  versions: readonly ModelVersionJson[],
  stages: readonly string[],
): ModelVersionJson[] {
  return stages.flatMap((stage) =>
    versions
      .filter((version) => version.current_stage === stage)
      .sort((a, b) => Number(b.version) - Number(a.version))
      .slice(0, 1),
  );
}

/** What `get-download-uri` answers: a source that the plug-in can read back, made from ARM's `modelUri` when ARM registered it. */
export function sourceOf(properties: JsonObject): string {
  const bag = (properties["properties"] ?? {}) as JsonObject;
  const registered = bag[SOURCE_PROPERTY];
  if (typeof registered === "string") return registered;
  const modelUri = textOf(properties["modelUri"]);
  const place = datastorePathOf(modelUri);
  return place ? artifactServiceUri(place) : modelUri;
}

export const propertiesOf = (body: JsonObject): JsonObject => (body["properties"] ?? {}) as JsonObject;

export function splitVersionId(id: string): { name: string; version: string } {
  const parts = id.split("/");
  return { name: parts[parts.length - 3] ?? "", version: parts[parts.length - 1] ?? "" };
}

function stageOf(properties: JsonObject): Stage {
  return STAGES.find((stage) => stage === properties["stage"]) ?? "None";
}

function timestamps(body: JsonObject): { creation_timestamp: number; last_updated_timestamp: number } {
  const { createdAt, lastModifiedAt } = (body["systemData"] ?? {}) as Record<string, string | undefined>;
  const created = Date.parse(createdAt ?? "") || 0;
  return { creation_timestamp: created, last_updated_timestamp: Date.parse(lastModifiedAt ?? "") || created };
}

function tagList(properties: JsonObject): TagJson[] {
  return Object.entries((properties["tags"] ?? {}) as JsonObject).map(([key, value]) => ({
    key,
    value: textOf(value),
  }));
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
