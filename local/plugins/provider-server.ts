import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { withoutIgnored } from "./ignored";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../json";
import {
  PartialFailure,
  Urn,
  type Autonaming,
  type Difference,
  type PropertyChange,
  type Provider,
} from "./provider";
import { withoutNulls } from "./values";

/** Serves a provider to the engine: prints the port, as the engine expects of a plugin, and ends when the engine does. */
export function main(make: () => Provider): void {
  serve(make()).then(
    ({ port }) => {
      process.stdout.write(`${port}\n`);
      endWithParent();
    },
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    },
  );
}

/** A gRPC server of the provider on a free port of 127.0.0.1. */
export async function serve(provider: Provider): Promise<{ readonly port: number; close(): void }> {
  const server = new Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
    "grpc.max_send_message_length": 400 * 1024 * 1024,
  });
  server.addService(ResourceProviderService, handlers(provider));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/**
 * The engine's calls. `@pulumi/pulumi/provider` has a server too, but it drops the configuration and knows no previews, so this one
 * speaks the protocol itself. Like the official azure-native plugin it takes plain values: the engine unwraps secrets on the way in and
 * marks the outputs of secret inputs on the way out.
 */
function handlers(provider: Provider): UntypedServiceImplementation {
  return {
    handshake: unary<proto.ProviderHandshakeRequest>(() => {
      const response = new proto.ProviderHandshakeResponse();
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    checkConfig: unary<proto.CheckRequest>((request) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    // Unknown: the engine compares the configurations itself.
    diffConfig: unary(() => new proto.DiffResponse()),
    configure: unary<proto.ConfigureRequest>(async (request) => {
      const entries = request.getVariablesMap().toArray();
      await provider.configure(
        Object.fromEntries(
          entries.map(([key, value]: [string, string]) => [key.split(":").at(-1) ?? key, value]),
        ),
      );
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    check: unary<proto.CheckRequest>(async (request) => {
      const { inputs, failures } = await provider.check({
        urn: new Urn(request.getUrn()),
        oldInputs: objectOf(request.getOlds()),
        newInputs: objectOf(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request.getAutonaming()),
      });
      const response = new proto.CheckResponse();
      response.setInputs(structOf(inputs));
      response.setFailuresList(
        failures.map(({ property, reason }) => {
          const failure = new proto.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: unary<proto.DiffRequest>(async (request) => {
      const oldInputs = objectOf(request.getOldInputs());
      return diffResponse(
        await provider.diff({
          urn: new Urn(request.getUrn()),
          id: request.getId(),
          oldInputs,
          oldOutputs: objectOf(request.getOlds()),
          newInputs: withoutIgnored(oldInputs, objectOf(request.getNews()), request.getIgnorechangesList()),
        }),
      );
    }),
    create: unary<proto.CreateRequest>(async (request) => {
      const { id, outputs } = await provider.create({
        urn: new Urn(request.getUrn()),
        inputs: objectOf(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new proto.CreateResponse();
      response.setId(id);
      response.setProperties(structOf(outputs));
      return response;
    }),
    read: unary<proto.ReadRequest>(async (request) => {
      const state = await provider.read({
        urn: new Urn(request.getUrn()),
        id: request.getId(),
        oldInputs: isEmpty(request.getInputs()) ? undefined : objectOf(request.getInputs()),
        oldOutputs: objectOf(request.getProperties()),
      });
      const response = new proto.ReadResponse();
      response.setId(state?.id ?? "");
      if (state !== undefined) {
        response.setProperties(structOf(state.outputs));
        response.setInputs(structOf(state.inputs));
      }
      return response;
    }),
    update: unary<proto.UpdateRequest>(async (request) => {
      const outputs = await provider.update({
        urn: new Urn(request.getUrn()),
        id: request.getId(),
        oldInputs: objectOf(request.getOldInputs()),
        oldOutputs: objectOf(request.getOlds()),
        newInputs: objectOf(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new proto.UpdateResponse();
      response.setProperties(structOf(outputs));
      return response;
    }),
    delete: unary<proto.DeleteRequest>(async (request) => {
      await provider.delete({
        urn: new Urn(request.getUrn()),
        id: request.getId(),
        oldInputs: objectOf(request.getOldInputs()),
        oldOutputs: objectOf(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    }),
    invoke: unary<proto.InvokeRequest>(async (request) => {
      const result = await provider.invoke(request.getTok(), objectOf(request.getArgs()));
      const response = new proto.InvokeResponse();
      response.setReturn(structOf(result));
      return response;
    }),
    cancel: unary(() => {
      provider.cancel();
      return new Empty();
    }),
  };
}

function unary<Request>(
  answer: (request: Request) => unknown,
): (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) => void {
  return (call, callback) => {
    (async () => answer(call.request))().then(
      (response) => callback(null, response),
      (error: Error) =>
        callback({ code: status.UNKNOWN, details: error.message, metadata: detailsOf(error) }),
    );
  };
}

/** What the engine needs to keep a resource whose create or update failed half way. */
function detailsOf(error: Error): Metadata {
  const metadata = new Metadata();
  if (!(error instanceof PartialFailure)) return metadata;
  const failed = new proto.ErrorResourceInitFailed();
  failed.setId(error.state.id);
  failed.setProperties(structOf(error.state.outputs));
  failed.setInputs(structOf(error.inputs));
  failed.setReasonsList([error.message]);
  const any = new Any();
  any.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const detailed = new Status();
  detailed.setCode(status.UNKNOWN);
  detailed.setMessage(error.message);
  detailed.addDetails(any);
  metadata.add("grpc-status-details-bin", Buffer.from(detailed.serializeBinary()));
  return metadata;
}

function diffResponse({ changes, deleteBeforeReplace }: Difference): proto.DiffResponse {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const response = new proto.DiffResponse();
  response.setChanges(
    changes.size > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...new Set([...changes.keys()].map((path) => path.split(/[.[]/)[0] ?? path))]);
  response.setReplacesList(
    [...changes].filter(([, change]: [string, PropertyChange]) => change.replaces).map(([path]) => path),
  );
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, change] of changes) {
    const diff = new proto.PropertyDiff();
    diff.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
    diff.setInputdiff(true);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}

function autonamingOf(options: proto.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (options === undefined) return undefined;
  const modes = ["propose", "enforce", "disable"] as const;
  return { mode: modes[options.getMode()] ?? "propose", proposedName: options.getProposedName() };
}

function objectOf(struct: Struct | undefined): JsonObject {
  return struct === undefined ? {} : withoutNulls(struct.toJavaScript() as JsonObject);
}

function structOf(value: JsonObject): Struct {
  return Struct.fromJavaScript(withoutNulls(value) as Record<string, JavaScriptValue>);
}

function isEmpty(struct: Struct | undefined): boolean {
  return struct === undefined || struct.getFieldsMap().getLength() === 0;
}

/** A plugin that its engine left behind (a kill -9) ends at once: what it would still do, the next engine would not know of. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 100).unref();
}
