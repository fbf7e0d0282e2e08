import type { Json, JsonObject } from "../json";
import { ArmError } from "./errors";
import { type ModelOperation, type ModelTable, operationFinder } from "./model-table";
import { checkRequest, checkResponse, type Problem, withoutReadOnly } from "./models";
import { isObject, omit } from "./objects";

/** Holds bodies against Microsoft's models, where there are some of their type at their API version. */
export interface Truth {
  /** The body as the API takes it, without read-only properties. @throws ArmError for one that breaks its model. */
  request(
    method: string,
    path: string,
    apiVersion: string,
    body: JsonObject,
    existing?: JsonObject,
  ): JsonObject;
  /** Counts (and logs) what is wrong with an answer of ours. */
  response(method: string, path: string, apiVersion: string, status: number, body: Json | undefined): void;
  violations(): readonly string[];
}

export function createTruth(tables: readonly ModelTable[], log: (message: string) => void): Truth {
  const find = operationFinder(tables);
  const violations: string[] = [];
  const violated = (method: string, path: string, problem: string): void => {
    violations.push(`${method} ${path}: ${problem}`);
    log(`an answer breaks Microsoft's model: ${method} ${path}: ${problem}`);
  };
  return {
    request: (method, path, apiVersion, body, existing) => {
      const found = find(method, path);
      const model = found?.operation.request;
      if (found === undefined || model === undefined) return body;
      const { operation, table } = found;
      if (apiVersion === table.apiVersion) {
        const problems = checkRequest(table, model, body, existing && comparable(existing));
        if (problems.length > 0) throw refusal(operation, problems);
      }
      return withoutReadOnly(table, model, body);
    },
    response: (method, path, apiVersion, status, body) => {
      const found = find(method, path);
      if (found === undefined || apiVersion !== found.table.apiVersion || status >= 400) return;
      const { operation, table } = found;
      if (!operation.codes.includes(status))
        violated(method, path, `status ${status} is none of ${operation.codes.join()}`);
      for (const problem of responseProblems(table, operation, body)) violated(method, path, problem);
    },
    violations: () => violations,
  };
}

/**
 * Of a resource, what create-only properties are held against. A location is compared in its own way, and by ARM. The script of a
 * deployment is create-only in the model, but Microsoft's page on online endpoints changes it by an update.
 */
function comparable(existing: JsonObject): JsonObject {
  const { properties } = existing;
  return {
    ...omit(existing, ["location"]),
    ...(isObject(properties) && { properties: omit(properties, ["codeConfiguration"]) }),
  };
}

function responseProblems(table: ModelTable, operation: ModelOperation, body: Json | undefined): string[] {
  if (body === undefined || body === null) return [];
  if (operation.item === undefined) {
    return operation.response === undefined ? [] : messages(checkResponse(table, operation.response, body));
  }
  if (!isObject(body) || !Array.isArray(body["value"])) return ["a list has its members under `value`"];
  const { item } = operation;
  return body["value"].flatMap((member) => messages(checkResponse(table, item, member)));
}

function messages(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.message);
}

const CODES: Readonly<Record<Problem["kind"], string>> = {
  unknown: "UnknownProperty",
  type: "InvalidPropertyType",
  missing: "RequiredPropertyMissing",
  enum: "InvalidPropertyValue",
  limit: "InvalidPropertyValue",
  createOnly: "PropertyChangeNotAllowed",
  writeOnly: "InvalidPropertyValue",
};

/** How a provider calls a body it does not take; others leave it to ARM's word. */
const BAD_REQUEST: Readonly<Record<string, string>> = {
  "Microsoft.KeyVault": "BadRequest",
  "Microsoft.MachineLearningServices": "BadArgument",
  "Microsoft.Storage": "InvalidRequestPropertyValue",
};

function refusal({ path }: ModelOperation, problems: readonly Problem[]): ArmError {
  const provider = /.*\/providers\/([^/]+)/.exec(path)?.[1] ?? "";
  const details = problems.map(({ kind, path: target, message }) => ({ code: CODES[kind], message, target }));
  return new ArmError(
    400,
    BAD_REQUEST[provider] ?? "InvalidRequestContent",
    `The request is invalid: ${details.map(({ message }) => message).join("; ")}.`,
    {
      target: problems[0]?.path ?? "",
      details,
    },
  );
}
