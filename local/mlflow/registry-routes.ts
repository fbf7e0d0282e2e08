import type { FastifyInstance, FastifyRequest } from "fastify";
import { MlflowError } from "./errors";
import { principalOf } from "./guard";
import type { Registry } from "./registry";
import type { ModelVersionJson, RegisteredModelJson } from "./registry-body";
import { checkFilter, matches, ordered, page, parseFilter, type Comparison } from "./registry-search";
import { workspaceOfRequest } from "./workspace";

/** Where MLflow's clients and its user interface find the REST API. */
export const API_ROOTS = [
  "/api/2.0/mlflow",
  "/api/2.0/preview/mlflow",
  "/ajax-api/2.0/mlflow",
  "/ajax-api/2.0/preview/mlflow",
];

type Input = Readonly<Record<string, unknown>>;
type Handler = (request: FastifyRequest, input: Input) => unknown;

/** MLflow's own user interface asks for more than Azure ML's registry answers. */
const userInterfaceComparisons = ({ key, operator }: Comparison): boolean =>
  key === "run_id" || key.startsWith("tags.") || (key === "name" && operator !== "!=");

/**
 * MLflow's model registry API as Azure Machine Learning serves it.
 *
 * @param userInterface answers the searches of MLflow's own pages too
 */
export function registryRoutes(
  app: FastifyInstance,
  registry: Registry,
  { userInterface = false } = {},
): void {
  const more = userInterface ? userInterfaceComparisons : undefined;
  const on = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, handler: Handler): void => {
    for (const root of API_ROOTS) {
      app.route({
        method,
        url: root + path,
        handler: async (request) => await handler(request, inputOf(request)),
      });
    }
  };
  const refused = (method: "POST" | "DELETE", path: string, what: string): void =>
    on(method, path, () => {
      throw new MlflowError("BAD_REQUEST", `Azure Machine Learning does not support ${what}.`);
    });

  on("POST", "/registered-models/create", async (request, input) => ({
    registered_model: await registry.createModel(workspaceOfRequest(request), principalOf(request), {
      name: required(input, "name"),
      description: optional(input, "description"),
      tags: tagsOf(input),
    }),
  }));
  on("GET", "/registered-models/get", (request, input) => ({
    registered_model: registry.model(workspaceOfRequest(request), required(input, "name")),
  }));
  on("GET", "/registered-models/search", (request, input) => {
    const filter = checkFilter(parseFilter(optional(input, "filter") ?? ""), more);
    const found = registry.models(workspaceOfRequest(request)).filter((model) => holds(filter, model));
    const sorted = ordered(found, orderBy(input, ["name ASC"]), modelKeys);
    const { items, next } = page(sorted, limit(input, 100, 1000), optional(input, "page_token"));
    return { registered_models: items, ...(next && { next_page_token: next }) };
  });
  for (const method of ["GET", "POST"] as const) {
    on(method, "/registered-models/get-latest-versions", (request, input) => ({
      model_versions: registry.latest(
        workspaceOfRequest(request),
        required(input, "name"),
        list(input["stages"]),
      ),
    }));
  }
  on("PATCH", "/registered-models/update", async (request, input) => ({
    registered_model: await registry.changeModel(
      workspaceOfRequest(request),
      principalOf(request),
      required(input, "name"),
      {
        description: optional(input, "description") ?? "",
      },
    ),
  }));
  on("POST", "/registered-models/set-tag", async (request, input) => {
    const tags = { [required(input, "key")]: optional(input, "value") ?? "" };
    await registry.changeModel(workspaceOfRequest(request), principalOf(request), required(input, "name"), {
      tags,
    });
    return {};
  });
  on("DELETE", "/registered-models/delete-tag", async (request, input) => {
    const tags = { [required(input, "key")]: undefined };
    await registry.changeModel(workspaceOfRequest(request), principalOf(request), required(input, "name"), {
      tags,
    });
    return {};
  });
  refused("POST", "/registered-models/rename", "renaming a registered model");
  refused(
    "DELETE",
    "/registered-models/delete",
    "deleting a registered model as a whole; delete its versions",
  );

  on("POST", "/model-versions/create", async (request, input) => ({
    model_version: await registry.createVersion(workspaceOfRequest(request), principalOf(request), {
      name: required(input, "name"),
      source: required(input, "source"),
      runId: optional(input, "run_id"),
      description: optional(input, "description"),
      tags: tagsOf(input),
    }),
  }));
  on("GET", "/model-versions/get", (request, input) => ({
    model_version: registry.version(
      workspaceOfRequest(request),
      required(input, "name"),
      required(input, "version"),
    ),
  }));
  on("GET", "/model-versions/get-download-uri", (request, input) => ({
    artifact_uri: registry.version(
      workspaceOfRequest(request),
      required(input, "name"),
      required(input, "version"),
    )["source"],
  }));
  on("GET", "/model-versions/search", (request, input) => {
    const filter = checkFilter(parseFilter(optional(input, "filter") ?? ""), more);
    const found = registry.versions(workspaceOfRequest(request)).filter((one) => holds(filter, one));
    const sorted = ordered(
      found,
      orderBy(input, ["last_updated_timestamp DESC", "name ASC", "version_number DESC"]),
      versionKeys,
    );
    const { items, next } = page(sorted, limit(input, 10_000, 200_000), optional(input, "page_token"));
    return { model_versions: items, ...(next && { next_page_token: next }) };
  });
  on("PATCH", "/model-versions/update", async (request, input) => ({
    model_version: await change(request, input, { description: optional(input, "description") ?? "" }),
  }));
  on("POST", "/model-versions/set-tag", async (request, input) => {
    await change(request, input, { tags: { [required(input, "key")]: optional(input, "value") ?? "" } });
    return {};
  });
  on("DELETE", "/model-versions/delete-tag", async (request, input) => {
    await change(request, input, { tags: { [required(input, "key")]: undefined } });
    return {};
  });
  on("POST", "/model-versions/transition-stage", async (request, input) => ({
    model_version: await registry.transition(workspaceOfRequest(request), principalOf(request), {
      name: required(input, "name"),
      version: required(input, "version"),
      stage: required(input, "stage"),
      archiveOthers: String(input["archive_existing_versions"]) === "true",
    }),
  }));
  on("DELETE", "/model-versions/delete", async (request, input) => {
    await registry.deleteVersion(
      workspaceOfRequest(request),
      principalOf(request),
      required(input, "name"),
      required(input, "version"),
    );
    return {};
  });

  const change = (
    request: FastifyRequest,
    input: Input,
    what: Parameters<Registry["changeVersion"]>[4],
  ): Promise<ModelVersionJson> =>
    registry.changeVersion(
      workspaceOfRequest(request),
      principalOf(request),
      required(input, "name"),
      required(input, "version"),
      what,
    );
}

const modelKeys: Record<string, (model: RegisteredModelJson) => string | number> = {
  name: (model) => model.name,
  timestamp: (model) => model.last_updated_timestamp,
  last_updated_timestamp: (model) => model.last_updated_timestamp,
  creation_timestamp: (model) => model.creation_timestamp,
};

const versionKeys: Record<string, (version: ModelVersionJson) => string | number> = {
  ...(modelKeys as Record<
    string,
    (item: { name: string; last_updated_timestamp: number; creation_timestamp: number }) => string | number
  >),
  version_number: (version) => Number(version.version),
};

/** GET's query, or the body: DELETE has one too. */
const inputOf = (request: FastifyRequest): Input =>
  (request.method === "GET" ? request.query : (request.body ?? request.query)) as Input;

function required(input: Input, key: string): string {
  const value = optional(input, key);
  if (value === undefined || value === "")
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Missing value for required parameter '${key}'.`);
  return value;
}

function optional(input: Input, key: string): string | undefined {
  const value = input[key];
  return value === undefined || value === null ? undefined : String(value);
}

function limit(input: Input, fallback: number, most: number): number {
  const value = Number(input["max_results"] ?? fallback);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new MlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid max_results '${String(input["max_results"])}'. Use 1 to ${most}.`,
  );
}

const list = (value: unknown): string[] =>
  value === undefined || value === null ? [] : [value].flat().map(String);
const orderBy = (input: Input, fallback: string[]): string[] => {
  const given = list(input["order_by"]);
  return given.length > 0 ? given : fallback;
};

function tagsOf(input: Input): Record<string, string> {
  const tags = (input["tags"] ?? []) as { key: string; value?: string }[];
  return Object.fromEntries(tags.map(({ key, value }) => [key, value ?? ""]));
}

const holds = (filter: readonly Comparison[], item: RegisteredModelJson | ModelVersionJson): boolean =>
  filter.every((comparison) => matches(comparison, valueAt(item, comparison.key)));

function valueAt(item: RegisteredModelJson | ModelVersionJson, key: string): string {
  if (!key.startsWith("tags.")) return String(item[key]);
  return item.tags.find((tag) => `tags.${tag.key}` === key)?.value ?? "";
}
