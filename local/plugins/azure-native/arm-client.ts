import { setTimeout as sleep } from "node:timers/promises";
import type { Json, JsonObject } from "../../json";
import { isObject } from "../values";
import { armError, ArmError } from "./arm-error";
import type { HttpRequest, HttpResponse, Transport } from "./arm-transport";
import type { Configuration } from "./configuration";

const resourceManager = "https://management.azure.com";
const authority = "https://login.microsoftonline.com";

/** Answers that say "again, later", as Azure's own clients read them. */
const again: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const attempts = 4;

/** A write of which ARM has taken the request, or may have, and which then failed: the resource may be there. */
export class OperationFailed extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

/** Requests to ARM as the deployer. Writes wait for their long-running operation. */
export class ArmClient {
  private token: { readonly text: string; readonly expires: number } | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly configuration: Configuration,
  ) {}

  /** Undefined when ARM has none of that id. */
  async get(id: string, apiVersion: string, signal?: AbortSignal): Promise<JsonObject | undefined> {
    const response = await this.send("GET", urlOf(id, apiVersion), { signal });
    if (response.status === 404 || response.status === 204) return undefined;
    if (response.status !== 200) throw armError(response.status, response.body, `GET ${id}`);
    return isObject(response.body) ? response.body : {};
  }

  async post(path: string, apiVersion: string, body: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
    const response = await this.send("POST", urlOf(path, apiVersion), { body, signal });
    if (response.status !== 200 && response.status !== 201)
      throw armError(response.status, response.body, `POST ${path}`);
    if (isObject(response.body)) return response.body;
    return response.body === undefined ? {} : { value: response.body };
  }

  /** Creates or replaces, and waits until it is done; answers with the id that ARM gave. */
  async put(
    id: string,
    apiVersion: string,
    body: JsonObject,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    const url = urlOf(id, apiVersion, query);
    // Once it is sent it is waited for, even by a cancelled run: what ARM has taken must not be missing in the state.
    signal.throwIfAborted();
    const response = await this.send("PUT", url, { body }).catch((error: Error) => {
      throw new OperationFailed(error);
    });
    if (![200, 201, 202].includes(response.status))
      throw armError(response.status, response.body, `PUT ${id}`);
    try {
      await this.finish(response, url, `PUT ${id}`, signal);
    } catch (error) {
      throw new OperationFailed(error as Error);
    }
    const own = isObject(response.body) ? response.body["id"] : undefined;
    return typeof own === "string" ? own : id;
  }

  /** Deletes and waits; what is gone already counts as deleted. */
  async delete(
    id: string,
    apiVersion: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.send("DELETE", urlOf(id, apiVersion, query), { signal });
    if (response.status === 404 || response.status === 204) return;
    if (response.status !== 200 && response.status !== 202)
      throw armError(response.status, response.body, `DELETE ${id}`);
    await this.finish(response, undefined, `DELETE ${id}`, signal);
  }

  /** The claims of the token that ARM is asked with. */
  async claims(): Promise<JsonObject> {
    const [, payload = ""] = (await this.accessToken()).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8") || "{}") as Json;
    return isObject(claims) ? claims : {};
  }

  /**
   * Waits for what a write has set going: the operation that `Azure-AsyncOperation` or `Location` names, or, where ARM names none,
   * the resource's own provisioning state.
   */
  private async finish(
    response: HttpResponse,
    resourceUrl: string | undefined,
    what: string,
    signal: AbortSignal,
  ): Promise<void> {
    const operation = header(response, "azure-asyncoperation");
    const location = header(response, "location");
    let last = response;
    for (;;) {
      if (
        last === response &&
        operation === undefined &&
        (response.status === 202 ? location === undefined : isSettled(stateOf(response)))
      )
        return;
      await sleep(pause(last), undefined, { signal });
      const url = operation ?? (response.status === 202 ? location : resourceUrl);
      if (url === undefined) return;
      last = await this.send("GET", ownUrl(url), { signal });
      if (last.status === 404 && what.startsWith("DELETE")) return;
      if (last.status >= 400) throw armError(last.status, last.body, what);
      if (operation !== undefined || url === resourceUrl) {
        const state = operation === undefined ? stateOf(last) : statusOf(last);
        if (state === "Failed" || state === "Canceled")
          throw armError(last.status, failureOf(last, state), what);
        if (isSettled(state)) return;
      } else if (last.status !== 202) return;
    }
  }

  private async send(
    method: HttpRequest["method"],
    url: string,
    { body, signal }: { body?: JsonObject; signal?: AbortSignal },
  ): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      const headers = {
        authorization: `Bearer ${await this.accessToken()}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      };
      const response = await this.transport({
        method,
        url,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
      });
      if (!again.has(response.status) || attempt === attempts) return response;
      await sleep(pause(response, 1000 * 2 ** (attempt - 1)), undefined, { signal });
    }
  }

  private async accessToken(): Promise<string> {
    if (this.token !== undefined && this.token.expires > Date.now() + 60_000) return this.token.text;
    const { tenantId, clientId, clientSecret } = this.configuration;
    const response = await this.transport({
      method: "POST",
      url: `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${resourceManager}/.default`,
      }).toString(),
    });
    const answer = isObject(response.body) ? response.body : {};
    if (typeof answer["access_token"] !== "string") {
      throw new ArmError(
        response.status,
        String(answer["error"] ?? `HTTP ${response.status}`),
        `The local Azure refused to sign client ${clientId} in: ${String(answer["error_description"] ?? "it gave no token")}`,
      );
    }
    const seconds = Number(answer["expires_in"] ?? 300);
    this.token = { text: answer["access_token"], expires: Date.now() + seconds * 1000 };
    return this.token.text;
  }
}

function urlOf(path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string {
  return `${resourceManager}${path}?${new URLSearchParams({ "api-version": apiVersion, ...query }).toString()}`;
}

/** Where an operation is asked for: ARM alone, for the request carries the deployer's token. */
function ownUrl(url: string): string {
  const absolute = new URL(url, resourceManager);
  if (absolute.origin !== resourceManager)
    throw new Error(
      `An operation's address should be at ${resourceManager} but is at ${absolute.origin}; it is not asked.`,
    );
  return absolute.toString();
}

/** Milliseconds to wait, as the answer asks for; `otherwise` when it does not. */
function pause(response: HttpResponse, otherwise = 500): number {
  const milliseconds = header(response, "x-ms-retry-after-ms") ?? header(response, "retry-after-ms");
  if (milliseconds !== undefined && Number.isFinite(Number(milliseconds))) return Number(milliseconds);
  const seconds = header(response, "retry-after");
  return seconds !== undefined && Number.isFinite(Number(seconds)) ? Number(seconds) * 1000 : otherwise;
}

function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function statusOf(response: HttpResponse): string | undefined {
  const status = isObject(response.body) ? response.body["status"] : undefined;
  return typeof status === "string" ? status : undefined;
}

function stateOf(response: HttpResponse): string | undefined {
  const properties = isObject(response.body) ? response.body["properties"] : undefined;
  const state = isObject(properties) ? properties["provisioningState"] : undefined;
  return typeof state === "string" ? state : undefined;
}

function isSettled(state: string | undefined): boolean {
  return state === undefined || ["Succeeded", "Failed", "Canceled"].includes(state);
}

/** What an operation that did not succeed says; the state itself where it says nothing. */
function failureOf(response: HttpResponse, state: string): Json {
  if (isObject(response.body) && isObject(response.body["error"])) return response.body;
  return {
    error: {
      code: state === "Canceled" ? "OperationCanceled" : "OperationFailed",
      message: `The operation ended as ${state}.`,
    },
  };
}
