import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { correlationOf } from "./correlation";

/** What an MLflow server answered instead of doing what was asked. */
export class MlflowError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** MLflow's own, `RESOURCE_DOES_NOT_EXIST`; empty where the answer has none. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "MlflowError";
    this.stack = "";
  }
}

/** The error of a response, with the request's method and address (no query: it may hold signatures). */
export function mlflowErrorOf({ request, status, bodyAsText, headers }: PipelineResponse): MlflowError {
  const { error_code: code = "", message } = bodyOf(bodyAsText);
  const { origin, pathname } = new URL(request.url);
  const said = message ?? hints[status] ?? "this is not an MLflow server's answer: check the tracking URI";
  return new MlflowError(
    status,
    code,
    `${request.method} ${origin}${pathname}: ${[status, code].join(" ").trim()}: ${said}${correlationOf(headers)}`,
  );
}

/** The answer, or undefined where the server says that there is no such thing. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (hasCode(error, "RESOURCE_DOES_NOT_EXIST")) return undefined;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof MlflowError && error.code === code;
}

const hints: Readonly<Record<number, string>> = {
  401: "the server doesn't know who asks: check `auth` and the environment variables that it names",
  403: "who asks may not do this: check the permissions of the user that `auth` names",
};

function bodyOf(text: string | null | undefined): { error_code?: string; message?: string } {
  try {
    return JSON.parse(text ?? "") as { error_code?: string; message?: string };
  } catch {
    return {};
  }
}
