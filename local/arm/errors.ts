import type { JsonObject } from "../json";

/** A refusal as ARM words it: `{error: {code, message, target, details, additionalInfo}}` under a status. */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: { readonly target?: string; readonly details?: readonly ErrorDetail[] } = {},
  ) {
    super(message);
  }
}

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** The `error` of a response body, or of an operation that failed. */
export function errorObject(error: ArmError): JsonObject {
  return {
    code: error.code,
    message: error.message,
    target: error.more.target ?? null,
    details: (error.more.details ?? []).map((detail) => ({ ...detail, target: detail.target ?? null })),
    additionalInfo: [],
  };
}

export function errorBody(error: ArmError): JsonObject {
  return { error: errorObject(error) };
}

/** Azure ML's word for what a request gets wrong. */
export function badArgument(message: string, target?: string): ArmError {
  return new ArmError(400, "BadArgument", message, target === undefined ? {} : { target });
}

export function resourceNotFound(type: string, name: string, resourceGroup: string | undefined): ArmError {
  const where = resourceGroup === undefined ? "" : ` under resource group '${resourceGroup}'`;
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}
