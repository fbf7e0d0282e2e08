import { randomUUID } from "node:crypto";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { TokenRefused } from "../identity/principal";
import type { JsonObject } from "../json";

/** MLflow's own error codes that its clients act upon. */
export type MlflowErrorCode =
  | "RESOURCE_DOES_NOT_EXIST"
  | "RESOURCE_ALREADY_EXISTS"
  | "INVALID_PARAMETER_VALUE"
  | "BAD_REQUEST"
  | "INTERNAL_ERROR";

/** An answer of MLflow's REST API: `{error_code, message}`. */
export class MlflowError extends Error {
  readonly statusCode: number;
  constructor(
    readonly code: MlflowErrorCode,
    message: string,
  ) {
    super(message);
    this.statusCode = code === "RESOURCE_DOES_NOT_EXIST" ? 404 : code === "INTERNAL_ERROR" ? 500 : 400;
  }
}

/** An answer of Azure ML's data-plane services (`ErrorResponse` of the plug-in's models). */
export class ServiceError extends Error {
  constructor(
    readonly statusCode: number,
    readonly code:
      "Unauthorized" | "Forbidden" | "NotFound" | "BadArgument" | "TooManyRequests" | "ServiceError",
    message: string,
  ) {
    super(message);
  }
}

export function serviceErrorBody(error: ServiceError, requestId: string = randomUUID()): JsonObject {
  return {
    error: {
      code: error.statusCode >= 500 ? "ServiceError" : "UserError",
      severity: null,
      message: error.message,
      target: null,
      details: [],
      innerError: { code: error.code, innerError: null },
      additionalInfo: null,
    },
    correlation: { operation: null, request: requestId },
    environment: "local",
    location: "local",
    time: new Date().toISOString(),
  };
}

/** Fastify's error handler of the MLflow front: each error in the shape that the caller's client reads. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof MlflowError) {
    return reply.code(error.statusCode).send({ error_code: error.code, message: error.message });
  }
  if (error instanceof TokenRefused) {
    const unauthorized = new ServiceError(401, "Unauthorized", error.message);
    return reply.code(401).header("www-authenticate", "Bearer").send(serviceErrorBody(unauthorized));
  }
  if (error instanceof ServiceError) {
    if (error.statusCode === 429) void reply.header("retry-after", "1");
    return reply.code(error.statusCode).send(serviceErrorBody(error));
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error(error);
  const plain =
    status < 500
      ? new ServiceError(status, "BadArgument", error.message)
      : new ServiceError(500, "ServiceError", "The local Azure's MLflow service failed; its log says why.");
  return reply.code(status).send(serviceErrorBody(plain));
}
