import type { Json, JsonObject } from "../json";
import { ML_API_VERSION } from "../cloud";
import { ArmError } from "./errors";
import { type ModelOperation, type ModelTable, operationFinder } from "./model-table";
import { checkRequest, checkResponse, type Problem, withoutReadOnly } from "./models";
import { isObject, omit } from "./objects";

/** Holds the Machine Learning bodies against Microsoft's models. */
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

export function createTruth(table: ModelTable, log: (message: string) => void): Truth {
  const find = operationFinder(table);
  const violations: string[] = [];
  const violated = (method: string, path: string, problem: string): void => {
    violations.push(`${method} ${path}: ${problem}`);
    log(`an answer breaks Microsoft's model: ${method} ${path}: ${problem}`);
  };
  return {
    request: (method, path, apiVersion, body, existing) => {
      const model = find(method, path)?.request;
      if (model === undefined) return body;
      if (apiVersion === ML_API_VERSION) {
        // A location is compared in its own way, and by ARM.
        const comparable = existing === undefined ? undefined : omit(existing, ["location"]);
        const problems = checkRequest(table, model, body, comparable);
        if (problems.length > 0) throw refusal(problems);
      }
      return withoutReadOnly(table, model, body);
    },
    response: (method, path, apiVersion, status, body) => {
      if (apiVersion !== ML_API_VERSION || status >= 400) return;
      const operation = find(method, path);
      if (operation === undefined) return;
      if (!operation.codes.includes(status))
        violated(method, path, `status ${status} is none of ${operation.codes.join()}`);
      for (const problem of responseProblems(table, operation, body)) violated(method, path, problem);
    },
    violations: () => violations,
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
  createOnly: "PropertyChangeNotAllowed",
  writeOnly: "InvalidPropertyValue",
};

function refusal(problems: readonly Problem[]): ArmError {
  const details = problems.map(({ kind, path, message }) => ({ code: CODES[kind], message, target: path }));
  return new ArmError(
    400,
    "BadArgument",
    `The request is invalid: ${details.map(({ message }) => message).join("; ")}.`,
    {
      target: problems[0]?.path ?? "",
      details,
    },
  );
}
