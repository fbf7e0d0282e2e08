import { setTimeout as sleep } from "node:timers/promises";
import { misbehave } from "../faults/container";
import type { Deployment } from "./deployment";
import type { Instance } from "./instance";

export interface ScoringRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface ScoringAnswer {
  readonly statusCode: number;
  /** What the model's process answered with, when it did. */
  readonly modelStatusCode?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Headers of the model's process that its caller gets. */
const PASSED_ON = [
  "content-type",
  "x-ms-client-request-id",
  "x-ms-run-fn-exec-ms",
  "x-ms-run-function-failed",
  "x-ms-server-version",
];
/** The connection failed before the process could have seen the request. */
const NEVER_SENT = new Set(["ECONNREFUSED", "UND_ERR_DESTROYED", "UND_ERR_CLOSED", "INSTANCE_NOT_READY"]);
/** Milliseconds until the end of a process that refuses connections is noticed. */
const RETRY_PAUSE = 20;

/**
 * Takes one request to a deployment, as Azure's front does: 429 beyond twice what its instances work on, 408 after its request timeout,
 * 424 when the model's process answers anything but 200, 503 when no process could. Never rejects.
 */
export async function forward(
  deployment: Deployment | undefined,
  request: ScoringRequest,
): Promise<ScoringAnswer> {
  if (!deployment) return notReady();
  if (deployment.pending >= deployment.limit) return frontAnswer(429, "", "too_many_pending_request");
  const deadline = Date.now() + deployment.spec.requestTimeout;
  deployment.pending++;
  try {
    return await attempts(deployment, request, deadline);
  } finally {
    deployment.pending--;
  }
}

async function attempts(
  deployment: Deployment,
  request: ScoringRequest,
  deadline: number,
): Promise<ScoringAnswer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), Math.max(0, deadline - Date.now()));
  try {
    for (;;) {
      const instance = await deployment.acquire(deadline);
      if (!instance) return Date.now() >= deadline ? timedOut() : notReady();
      try {
        if (deployment.behaviour?.kind === "crashes") {
          instance.crash();
          return notReady();
        }
        return await send(deployment, instance, request, abort.signal);
      } catch (error) {
        if (abort.signal.aborted) return timedOut();
        if (!NEVER_SENT.has((error as { code?: string }).code ?? "")) return notReady();
      } finally {
        deployment.release(instance);
      }
      await sleep(RETRY_PAUSE);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function send(
  { behaviour }: Deployment,
  instance: Instance,
  request: ScoringRequest,
  signal: AbortSignal,
): Promise<ScoringAnswer> {
  const { statusCode, headers, body } = await misbehave(behaviour, Math.random, signal, () =>
    instance.request({
      method: request.method as "POST",
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      signal,
    }),
  );
  const content = Buffer.from(new Uint8Array(await body.arrayBuffer()));
  const kept: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (value !== undefined) kept[name] = String(value);
  }
  if (statusCode === 200) return { statusCode, modelStatusCode: statusCode, headers: kept, body: content };
  return {
    statusCode: 424,
    modelStatusCode: statusCode,
    headers: {
      ...kept,
      "ms-azureml-model-error-reason": "model_error",
      "ms-azureml-model-error-statuscode": String(statusCode),
    },
    body: content,
  };
}

const timedOut = (): ScoringAnswer => frontAnswer(408, "upstream request timeout");
const notReady = (): ScoringAnswer =>
  frontAnswer(503, "The deployment has no process that takes requests.", "model_not_ready");

function frontAnswer(statusCode: number, body: string, reason?: string): ScoringAnswer {
  return {
    statusCode,
    headers: {
      "content-type": "text/plain",
      ...(reason === undefined ? {} : { "ms-azureml-model-error-reason": reason }),
    },
    body,
  };
}
