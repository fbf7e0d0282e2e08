import type { Json, JsonObject } from "../../local/json";
import type { HttpRequest, HttpResponse, Transport } from "../../local/plugins/azure-native/arm-transport";
import { isObject } from "../../local/plugins/values";

/** Just enough of ARM, in memory, to see what a client asks for: PUT replaces, endpoints take an operation. */
export class MemoryArm {
  readonly requests: HttpRequest[] = [];
  /** Ids whose next operation fails after the resource was made. */
  readonly failing = new Map<string, { code: string; message: string }>();
  /** Answers to give before anything else, one a request. */
  readonly interruptions: HttpResponse[] = [];
  /** Properties that Azure adds to what is put. */
  added: JsonObject = { provisioningState: "Succeeded" };
  /** Polls that an operation takes. */
  polls = 2;
  private readonly resources = new Map<string, JsonObject>();
  private readonly operations = new Map<string, { left: number; error: JsonObject | undefined }>();

  readonly transport: Transport = async (request) => {
    const url = new URL(request.url);
    if (url.hostname === "login.microsoftonline.com") return answer(200, token());
    this.requests.push(request);
    request.signal?.throwIfAborted();
    const interruption = this.interruptions.shift();
    if (interruption !== undefined) return interruption;
    if (url.pathname.startsWith("/operations/")) return this.poll(url.pathname);
    const id = url.pathname;
    switch (request.method) {
      case "GET": {
        const found = this.get(id);
        return found === undefined ? answer(404, error("ResourceNotFound", `no ${id}`)) : answer(200, found);
      }
      case "PUT":
        return this.put(id, JSON.parse(request.body ?? "{}") as JsonObject);
      case "DELETE":
        if (!this.resources.delete(id.toLowerCase())) return answer(204);
        return answer(202, undefined, { location: this.begin(undefined, "result") });
      default:
        return answer(200, { primaryKey: "first", secondaryKey: "second", asked: id });
    }
  };

  get(id: string): JsonObject | undefined {
    return this.resources.get(id.toLowerCase());
  }

  /** What somebody else does to a resource. */
  change(id: string, properties: JsonObject): void {
    const found = this.get(id) ?? {};
    const old = isObject(found["properties"]) ? found["properties"] : {};
    this.resources.set(id.toLowerCase(), { ...found, properties: { ...old, ...properties } });
  }

  remove(id: string): void {
    this.resources.delete(id.toLowerCase());
  }

  puts(): JsonObject[] {
    return this.requests
      .filter(({ method }) => method === "PUT")
      .map(({ body }) => JSON.parse(body ?? "{}") as JsonObject);
  }

  private put(id: string, body: JsonObject): HttpResponse {
    const created = this.get(id) === undefined;
    const own = isObject(body["properties"]) ? body["properties"] : {};
    const stored: JsonObject = {
      ...body,
      id,
      name: decodeURIComponent(id.split("/").at(-1) ?? ""),
      type: "Some.Provider/things",
      properties: { ...own, ...this.added },
    };
    this.resources.set(id.toLowerCase(), stored);
    const failure = this.failing.get(id);
    this.failing.delete(id);
    if (!/endpoints/i.test(id)) return answer(created ? 201 : 200, stored);
    const location = this.begin(
      failure === undefined ? undefined : error(failure.code, failure.message),
      "status",
    );
    return answer(created ? 201 : 200, stored, { "azure-asyncoperation": location });
  }

  private begin(failure: JsonObject | undefined, kind: "status" | "result"): string {
    const path = `/operations/${kind}/${this.operations.size}`;
    this.operations.set(path, { left: this.polls, error: failure });
    return `https://management.azure.com${path}?api-version=2025-12-01`;
  }

  private poll(path: string): HttpResponse {
    const operation = this.operations.get(path);
    if (operation === undefined) return answer(404, error("ResourceNotFound", "no such operation"));
    operation.left -= 1;
    const done = operation.left <= 0;
    if (path.startsWith("/operations/result")) return answer(done ? 200 : 202, {});
    if (!done) return answer(200, { status: "InProgress" });
    return answer(
      200,
      operation.error === undefined ? { status: "Succeeded" } : { status: "Failed", ...operation.error },
    );
  }
}

export function answer(status: number, body?: Json, headers: Record<string, string> = {}): HttpResponse {
  return { status, body, headers: { "x-ms-retry-after-ms": "1", ...headers } };
}

export function error(code: string, message: string): JsonObject {
  return { error: { code, message } };
}

function token(): JsonObject {
  const claims = Buffer.from(JSON.stringify({ oid: "object", appid: "client", tid: "tenant" })).toString(
    "base64url",
  );
  return { access_token: `x.${claims}.x`, expires_in: 3600 };
}
