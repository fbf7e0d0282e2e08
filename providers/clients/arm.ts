import {
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { ArmError, armErrorOf, operationErrorOf } from "./arm-error";
import { cloud } from "./cloud";
import { deadlineIn, type Deadline } from "./deadline";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { retryAfter } from "./retry-after";
import { signInPolicy } from "./sign-in-policy";

/** How often a long-running operation is asked after where Azure names no interval, in milliseconds. */
const POLL_INTERVAL = 5_000;
const REQUEST_TIMEOUT = 120_000;

/** The Machine Learning API that the dynamic providers speak: the same as azure-native's. */
export const ML_API_VERSION = "2025-12-01";

export interface ArmRequest {
  readonly apiVersion: string;
  /** Further query parameters. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Ends the wait for a long-running operation; 60 minutes from the call by default. */
  readonly deadline?: Deadline;
}

/** Azure Resource Manager, with throttling, retries, the environment's proxy, and long-running operations waited for. */
export interface Arm {
  /** @returns the resource, or undefined where there is none. @throws ArmError */
  read<T>(id: string, request: ArmRequest): Promise<T | undefined>;
  /** Every element of a list, page by page. @throws ArmError */
  list<T>(id: string, request: ArmRequest): Promise<T[]>;
  /** PUT. @throws ArmError, ProviderError at the deadline */
  put<T>(id: string, request: ArmRequest): Promise<T>;
  /** DELETE; what is not there is deleted. @throws ArmError, ProviderError at the deadline */
  remove(id: string, request: ArmRequest): Promise<void>;
  /** POST; the answer to the request itself. @throws ArmError, ProviderError at the deadline */
  post<T>(id: string, request: ArmRequest): Promise<T | undefined>;
}

export interface ArmOptions {
  readonly credential?: TokenCredential;
  readonly httpClient?: HttpClient;
}

let shared: Arm | undefined;

/** The process's own client. */
export function arm(): Arm {
  shared ??= createArm({});
  return shared;
}

export function createArm(options: ArmOptions): Arm {
  const client = options.httpClient ?? httpClient();
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(
    signInPolicy(({ resourceManagerScope }) => resourceManagerScope, options.credential),
    {
      phase: "Sign",
    },
  );

  /** @param address a path of Azure Resource Manager, or an address that it gave */
  async function send(method: HttpMethods, address: string, body?: object): Promise<PipelineResponse> {
    const { resourceManager } = await cloud();
    const url = address.startsWith("/") ? `${resourceManager}${address}` : address;
    if (new URL(url).origin !== resourceManager)
      throw new ProviderError({
        what: `Azure Resource Manager answered with an address elsewhere (${new URL(url).host}), which gets no token`,
      });
    const request = createPipelineRequest({ method, url, timeout: REQUEST_TIMEOUT });
    request.headers.set("accept", "application/json");
    if (body !== undefined) {
      request.headers.set("content-type", "application/json");
      request.body = JSON.stringify(body);
    }
    return await pipeline.sendRequest(client, request);
  }

  async function succeed(method: HttpMethods, url: string, body?: object): Promise<PipelineResponse> {
    const response = await send(method, url, body);
    if (response.status >= 400) throw armErrorOf(response);
    return response;
  }

  /** Waits until the operation that `started` began has ended. */
  async function finish(started: PipelineResponse, deadline: Deadline): Promise<void> {
    const status = started.headers.get("azure-asyncoperation");
    const result = started.headers.get("location");
    const address = status ?? (started.status === 202 ? result : undefined);
    if (address === undefined) return;
    for (let last = started; ;) {
      if (!(await deadline.sleep(retryAfter(last.headers) ?? POLL_INTERVAL)))
        throw new ProviderError({
          what: `${started.request.method} ${new URL(started.request.url).pathname} has not ended after ${deadline.allowance}`,
          tryThis: "the same command again: it goes on from what Azure has reached",
        });
      last = await succeed("GET", address);
      if (status === undefined) {
        if (last.status !== 202) return;
        continue;
      }
      const state = (parsed<{ status?: string }>(last)?.status ?? "").toLowerCase();
      if (state === "succeeded") return;
      if (state === "failed" || state === "canceled") throw operationErrorOf(state, last);
    }
  }

  async function change(method: HttpMethods, id: string, request: ArmRequest): Promise<PipelineResponse> {
    const started = await succeed(method, pathOf(id, request), request.body);
    await finish(started, request.deadline ?? deadlineIn(60));
    return started;
  }

  return {
    async read<T>(id: string, request: ArmRequest) {
      const response = await send("GET", pathOf(id, request));
      if (response.status === 404) return undefined;
      if (response.status >= 400) throw armErrorOf(response);
      return parsed<T>(response);
    },
    async list<T>(id: string, request: ArmRequest) {
      const elements: T[] = [];
      for (let url: string | undefined = pathOf(id, request); url !== undefined;) {
        const page: { value?: T[]; nextLink?: string } | undefined = parsed(await succeed("GET", url));
        elements.push(...(page?.value ?? []));
        url = page?.nextLink || undefined;
      }
      return elements;
    },
    async put<T>(id: string, request: ArmRequest) {
      await change("PUT", id, request);
      return parsed<T>(await succeed("GET", pathOf(id, { apiVersion: request.apiVersion }))) as T;
    },
    async remove(id, request) {
      try {
        await change("DELETE", id, request);
      } catch (error) {
        if (!(error instanceof ArmError && error.status === 404)) throw error;
      }
    },
    async post<T>(id: string, request: ArmRequest) {
      return parsed<T>(await change("POST", id, request));
    },
  };
}

function pathOf(id: string, { apiVersion, query }: ArmRequest): string {
  return `${id}?${new URLSearchParams({ "api-version": apiVersion, ...query }).toString()}`;
}

function parsed<T>(response: PipelineResponse): T | undefined {
  return response.bodyAsText ? (JSON.parse(response.bodyAsText) as T) : undefined;
}
