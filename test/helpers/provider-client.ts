import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../local/json";

type Unary<Request, Response> = (
  request: Request,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** A resource as the engine remembers it. */
export interface Remembered {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

export interface Change {
  readonly kind: string;
  readonly replaces: readonly string[];
  readonly paths: Readonly<Record<string, string>>;
  readonly deleteBeforeReplace: boolean;
}

/** Asks a provider what the engine asks it, over gRPC. */
export class ProviderClient {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  close(): void {
    this.client.close();
  }

  async configure(config: Record<string, string>): Promise<proto.ConfigureResponse> {
    const request = new proto.ConfigureRequest();
    for (const [key, value] of Object.entries(config)) request.getVariablesMap().set(key, value);
    request.setArgs(struct(config));
    request.setSendsOldInputs(true);
    return await this.call<proto.ConfigureRequest, proto.ConfigureResponse>("configure", request);
  }

  async handshake(): Promise<proto.ProviderHandshakeResponse> {
    return await this.call("handshake", new proto.ProviderHandshakeRequest());
  }

  async version(): Promise<string> {
    const info = await this.call<Empty, { getVersion(): string }>("getPluginInfo", new Empty());
    return info.getVersion();
  }

  async check(
    type: string,
    name: string,
    inputs: JsonObject,
    old: JsonObject = {},
  ): Promise<{ inputs: JsonObject; failures: Record<string, string> }> {
    const request = new proto.CheckRequest();
    request.setUrn(urn(type, name));
    request.setNews(struct(inputs));
    request.setOlds(struct(old));
    request.setRandomseed(Buffer.from("a seed"));
    const response = await this.call<proto.CheckRequest, proto.CheckResponse>("check", request);
    const failures = response.getFailuresList().map((each) => [each.getProperty(), each.getReason()]);
    return { inputs: plain(response.getInputs()), failures: Object.fromEntries(failures) };
  }

  async diff(old: Remembered, inputs: JsonObject): Promise<Change> {
    const request = new proto.DiffRequest();
    request.setUrn(urn(old.type, old.name));
    request.setId(old.id);
    request.setOlds(struct(old.outputs));
    request.setOldInputs(struct(old.inputs));
    request.setNews(struct(inputs));
    const response = await this.call<proto.DiffRequest, proto.DiffResponse>("diff", request);
    const kinds = Object.entries(proto.PropertyDiff.Kind);
    const paths = new Map<string, string>();
    response.getDetaileddiffMap().forEach((diff: proto.PropertyDiff, path: string) => {
      paths.set(path, kinds.find(([, kind]) => kind === diff.getKind())?.[0] ?? "");
    });
    return {
      kind: ["unknown", "none", "some"][response.getChanges()] ?? "",
      replaces: response.getReplacesList(),
      paths: Object.fromEntries(paths),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(type: string, name: string, inputs: JsonObject, preview = false): Promise<Remembered> {
    const request = new proto.CreateRequest();
    request.setUrn(urn(type, name));
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    const response = await this.call<proto.CreateRequest, proto.CreateResponse>("create", request);
    return { type, name, id: response.getId(), inputs, outputs: plain(response.getProperties()) };
  }

  /** Undefined when the resource is gone. */
  async refresh(old: Remembered): Promise<Remembered | undefined> {
    return await this.read(old, old.inputs);
  }

  async importById(type: string, id: string): Promise<Remembered | undefined> {
    return await this.read({ type, name: "imported", id, inputs: {}, outputs: {} }, undefined);
  }

  async update(old: Remembered, inputs: JsonObject, preview = false): Promise<Remembered> {
    const request = new proto.UpdateRequest();
    request.setUrn(urn(old.type, old.name));
    request.setId(old.id);
    request.setOlds(struct(old.outputs));
    request.setOldInputs(struct(old.inputs));
    request.setNews(struct(inputs));
    request.setPreview(preview);
    const response = await this.call<proto.UpdateRequest, proto.UpdateResponse>("update", request);
    return { ...old, inputs, outputs: plain(response.getProperties()) };
  }

  async delete(old: Remembered): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setUrn(urn(old.type, old.name));
    request.setId(old.id);
    request.setProperties(struct(old.outputs));
    request.setOldInputs(struct(old.inputs));
    await this.call("delete", request);
  }

  async invoke(token: string, args: JsonObject): Promise<JsonObject> {
    const request = new proto.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    return plain((await this.call<proto.InvokeRequest, proto.InvokeResponse>("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  private async read(old: Remembered, inputs: JsonObject | undefined): Promise<Remembered | undefined> {
    const request = new proto.ReadRequest();
    request.setUrn(urn(old.type, old.name));
    request.setId(old.id);
    request.setProperties(struct(old.outputs));
    if (inputs !== undefined) request.setInputs(struct(inputs));
    const response = await this.call<proto.ReadRequest, proto.ReadResponse>("read", request);
    if (response.getId() === "") return undefined;
    return { ...old, inputs: plain(response.getInputs()), outputs: plain(response.getProperties()) };
  }

  private async call<Request, Response>(
    method: keyof ResourceProviderClient,
    request: Request,
  ): Promise<Response> {
    const send = (this.client[method] as Unary<Request, Response>).bind(this.client);
    return await new Promise((resolve, reject) => {
      send(request, (failure, response) => (failure === null ? resolve(response) : reject(failure)));
    });
  }
}

/** What an error of create or update lets the engine keep; undefined when it keeps nothing. */
export function keptAfter(
  failure: ServiceError,
): { id: string; inputs: JsonObject; outputs: JsonObject; reasons: string[] } | undefined {
  const [details] = failure.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Uint8Array)) return undefined;
  const [any] = Status.deserializeBinary(details).getDetailsList();
  if (any === undefined) return undefined;
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  return {
    id: failed.getId(),
    inputs: plain(failed.getInputs()),
    outputs: plain(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
}

/** The error that a call ends in. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (failure) {
    return failure as ServiceError;
  }
  throw new Error("the call succeeded");
}

function urn(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

function struct(value: JsonObject): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

function plain(value: Struct | undefined): JsonObject {
  return (value?.toJavaScript() ?? {}) as JsonObject;
}
