import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { correlationOf } from "./correlation";

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ErrorBody[];
}

/** What Azure Resource Manager answered instead of doing what was asked. */
export class ArmError extends Error {
  constructor(
    /** HTTP status; 200 where a long-running operation ended in a failure. */
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ArmError";
    this.stack = "";
  }
}

/** The error of a response, with the request's method and path (no query: it may hold tokens) and the id that support asks for. */
export function armErrorOf(response: PipelineResponse): ArmError {
  const { method, url } = response.request;
  const error = errorBody(response.bodyAsText);
  const code = error.code ?? "Unknown";
  return new ArmError(
    response.status,
    code,
    `${method} ${new URL(url).pathname}: ${response.status} ${code}: ${messageOf(error)}${correlationOf(response.headers)}`,
  );
}

/** The error of a long-running operation that ended as `status` says. */
export function operationErrorOf(status: string, response: PipelineResponse): ArmError {
  const error = errorBody(response.bodyAsText);
  const { pathname } = new URL(response.request.url);
  return new ArmError(
    200,
    error.code ?? status,
    // The cause first: what keeps only the beginning, as a journal in tags does, keeps that.
    `${error.code ?? status}: ${messageOf(error)} (${pathname} ended ${status})${correlationOf(response.headers)}`,
  );
}

function errorBody(text: string | null | undefined): ErrorBody {
  try {
    const body = JSON.parse(text ?? "") as { error?: ErrorBody } & ErrorBody;
    return body.error ?? body;
  } catch {
    return {};
  }
}

function messageOf(error: ErrorBody): string {
  const details = (error.details ?? []).map((detail) => detail.message).filter((text) => text);
  return [error.message ?? "no message", ...details].join(" ");
}
