import type { JsonObject } from "../../json";
import { changesOf, withChanges } from "../object-diff";
import { PartialFailure, type CheckFailure, type Provider, type ResourceState } from "../provider";
import { azureNativeVersion, sdkFunction } from "../sdk/azure-native";
import { equal, isUnknown, UNKNOWN } from "../values";
import { ArmClient, OperationFailed } from "./arm-client";
import { localTransport, type Transport } from "./arm-transport";
import { armId, bodyInputs, bodyOf, outputsOf, pathInputsIn, sdkResourceOf } from "./body";
import { readConfiguration, type Configuration } from "./configuration";
import { CLIENT_CONFIG, invokeOf } from "./invokes";
import { kept, withEmptyLists, withoutUnset, withoutTrivialValues } from "./kept-lists";
import { autoName } from "./names";
import { previewOf, problemsOf, propertiesAsInput, toWire } from "./shape";
import { pathInputs, rowOf, type Row } from "./table";

/** Marks an input name as random: the replacement can stand beside what it replaces. */
const createBeforeDelete = "__createBeforeDelete";
/** Seconds a create, update or delete may take when the program sets no timeout; the official plugin's. */
const defaultTimeout = 7200;

/** azure-native over ARM's REST interface, for the types of `table.ts`. */
export class AzureNative implements Provider {
  readonly version = azureNativeVersion();
  private readonly ended = new AbortController();
  private readonly groupLocations = new Map<string, string>();
  private configuration: Configuration | undefined;
  private client: ArmClient | undefined;

  /** @param transport what carries the requests; by default HTTPS through the local Azure's door. */
  constructor(private readonly transport?: Transport) {}

  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    this.configuration = readConfiguration(config);
    this.client = new ArmClient(this.transport ?? localTransport(), this.configuration);
  }

  async check({
    urn,
    oldInputs,
    newInputs,
    randomSeed,
    autonaming,
  }: Parameters<Provider["check"]>[0]): ReturnType<Provider["check"]> {
    const row = rowOf(urn.type);
    const resource = sdkResourceOf(row);
    const inputs: JsonObject = { ...newInputs };
    const auto = autoName(row.path, urn.name, randomSeed, autonaming);
    if (auto !== undefined && inputs[auto.input] === undefined) {
      const previous = oldInputs[auto.input];
      inputs[auto.input] = previous ?? auto.name;
      if (previous === undefined ? auto.isRandom : oldInputs[createBeforeDelete] === true)
        inputs[createBeforeDelete] = true;
    }
    const failures: CheckFailure[] = [];
    if (resource.inputs.has("location") && inputs["location"] === undefined) {
      const location = oldInputs["location"] ?? (await this.defaultLocation(row, inputs));
      if (location === undefined)
        failures.push({
          property: "location",
          reason:
            "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.",
        });
      else inputs["location"] = location;
    }
    inputs["azureApiVersion"] ??= resource.apiVersion;
    failures.push(...problemsOf(inputs, resource.inputs));
    for (const name of pathInputs(row.path)) {
      if (inputs[name] === undefined && resource.inputs.get(name)?.required !== true)
        failures.push({ property: name, reason: `missing required property '${name}'` });
    }
    return { inputs, failures };
  }

  async diff({
    urn,
    oldInputs,
    oldOutputs,
    newInputs,
  }: Parameters<Provider["diff"]>[0]): ReturnType<Provider["diff"]> {
    const row = rowOf(urn.type);
    const before: JsonObject = {
      ...oldInputs,
      azureApiVersion: oldInputs["azureApiVersion"] ?? oldOutputs["azureApiVersion"],
    };
    const after: JsonObject = { ...newInputs };
    if (sameLocation(before["location"], after["location"])) after["location"] = before["location"];
    const creating = new Set(["location", ...row.createOnly, ...pathInputs(row.path)]);
    const changes = changesOf(before, after, (path) => creating.has(path));
    for (const [path, change] of changes) {
      // Naming what Azure had chosen already is no reason for a new resource.
      if (change.kind === "add" && change.replaces && equal(oldOutputs[path], after[path]))
        changes.set(path, { ...change, replaces: false });
    }
    const replaces = [...changes.values()].some((change) => change.replaces);
    return { changes, deleteBeforeReplace: replaces && oldInputs[createBeforeDelete] !== true };
  }

  async create({ urn, inputs, preview, timeout }: Parameters<Provider["create"]>[0]): Promise<ResourceState> {
    const row = rowOf(urn.type);
    if (preview) return { id: "", outputs: previewOutputs(row, inputs) };
    const id = armId(row.path, inputs, this.settings.subscriptionId);
    const signal = this.deadline(timeout);
    if (row.defaultBody === undefined && (await this.arm.get(id, apiVersionOf(row), signal)) !== undefined) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    return await this.write(row, id, inputs, withEmptyLists(row, bodyOf(row, inputs)), signal);
  }

  async read({
    urn,
    id,
    oldInputs,
    oldOutputs,
  }: Parameters<Provider["read"]>[0]): ReturnType<Provider["read"]> {
    const row = rowOf(urn.type);
    const inId = pathInputsIn(row.path, id);
    if (inId === undefined)
      throw new Error(`'${id}' is not the id of a ${urn.type}: it should look like ${row.path}`);
    const response = await this.arm.get(id, apiVersionOf(row), this.deadline(0));
    if (response === undefined) return undefined;
    const outputs = outputsOf(row, response);
    const settable = bodyInputs(row);
    if (oldInputs === undefined) {
      const names = Object.fromEntries(pathInputs(row.path).map((name) => [name, inId[name]]));
      return {
        id,
        outputs,
        inputs: { ...withoutTrivialValues(propertiesAsInput(outputs, settable)), ...names },
      };
    }
    const before = propertiesAsInput(oldOutputs, settable);
    const after = propertiesAsInput(withoutUnset(row, outputs, oldInputs), settable);
    return { id, outputs, inputs: withChanges(oldInputs, before, after) };
  }

  async update({
    urn,
    id,
    oldOutputs,
    newInputs,
    preview,
    timeout,
  }: Parameters<Provider["update"]>[0]): Promise<JsonObject> {
    const row = rowOf(urn.type);
    if (preview) {
      const { name, location } = oldOutputs;
      return {
        ...previewOutputs(row, newInputs),
        ...(name === undefined ? {} : { name }),
        ...(location === undefined ? {} : { location }),
      };
    }
    const signal = this.deadline(timeout);
    const reset = Object.entries(row.defaults).filter(
      ([name]) => newInputs[name] === undefined && oldOutputs[name] !== undefined,
    );
    const body = bodyOf(row, { ...newInputs, ...Object.fromEntries(reset) });
    const live =
      row.keptWhenUnset.length === 0 ? undefined : await this.arm.get(id, apiVersionOf(row), signal);
    return (await this.write(row, id, newInputs, kept(row, body, live ?? {}), signal)).outputs;
  }

  async delete({ urn, id, timeout }: Parameters<Provider["delete"]>[0]): Promise<void> {
    const row = rowOf(urn.type);
    const signal = this.deadline(timeout);
    if (row.defaultBody !== undefined) await this.arm.put(id, apiVersionOf(row), row.defaultBody, {}, signal);
    else await this.arm.delete(id, apiVersionOf(row), row.deleteQuery, signal);
  }

  async invoke(token: string, args: JsonObject): Promise<JsonObject> {
    if (token === CLIENT_CONFIG) return await this.clientConfig();
    const invoke = invokeOf(token);
    const path = armId(invoke.path, args, this.settings.subscriptionId);
    if (invoke.method === "GET") {
      const response = await this.arm.get(path, apiVersionOf(invoke.row), this.ended.signal);
      if (response === undefined)
        throw new Error(`${token}: Status=404 Code="ResourceNotFound": there is no '${path}'`);
      return { ...outputsOf(invoke.row, response), id: response["id"] };
    }
    const declared = sdkFunction(token);
    if (declared === undefined)
      throw new Error(`The installed @pulumi/azure-native has no function ${token}.`);
    const body: JsonObject = {};
    for (const name of invoke.body) {
      const value = args[name];
      if (value !== undefined) body[name] = toWire(value, declared.args.get(name)?.type ?? { kind: "any" });
    }
    return await this.arm.post(path, declared.apiVersion, body, this.ended.signal);
  }

  cancel(): void {
    this.ended.abort(new Error("The operation was cancelled."));
  }

  /** PUT, then GET: what a refresh would read is what the state holds from the start. */
  private async write(
    row: Row,
    id: string,
    inputs: JsonObject,
    body: JsonObject,
    signal: AbortSignal,
  ): Promise<ResourceState> {
    const query = Object.fromEntries(
      row.query.flatMap((name) => (inputs[name] === undefined ? [] : [[name, String(inputs[name])]])),
    );
    try {
      const own = await this.arm.put(id, apiVersionOf(row), body, query, signal);
      const response = await this.arm.get(own, apiVersionOf(row), signal);
      if (response === undefined)
        throw new OperationFailed(new Error(`Azure took '${own}' and has none of that id now`));
      return { id: own, outputs: outputsOf(row, response) };
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error;
      // Where ARM can't say, it is taken for there: the next update writes it, whether it is or not; a create would be refused.
      const there = await this.arm.get(id, apiVersionOf(row), AbortSignal.timeout(10_000)).catch(() => ({}));
      if (there === undefined) throw error;
      throw new PartialFailure(error.message, { id, outputs: outputsOf(row, there) }, inputs);
    }
  }

  private async defaultLocation(row: Row, inputs: JsonObject): Promise<string | undefined> {
    if (this.settings.location !== undefined) return this.settings.location;
    const group = inputs["resourceGroupName"];
    if (isUnknown(group)) return UNKNOWN;
    if (typeof group !== "string" || row.token === "azure-native:resources:ResourceGroup") return undefined;
    const known = this.groupLocations.get(group);
    if (known !== undefined) return known;
    const groups = rowOf("azure-native:resources:ResourceGroup");
    const found = await this.arm
      .get(
        armId(groups.path, inputs, this.settings.subscriptionId),
        apiVersionOf(groups),
        AbortSignal.timeout(10_000),
      )
      .catch(() => undefined);
    const location = found?.["location"];
    if (typeof location !== "string") return undefined;
    this.groupLocations.set(group, location);
    return location;
  }

  private async clientConfig(): Promise<JsonObject> {
    const claims = await this.arm.claims();
    const { clientId, subscriptionId, tenantId } = this.settings;
    return {
      clientId: claims["appid"] ?? clientId,
      objectId: claims["oid"],
      subscriptionId,
      tenantId: claims["tid"] ?? tenantId,
    };
  }

  private deadline(seconds: number): AbortSignal {
    return AbortSignal.any([
      this.ended.signal,
      AbortSignal.timeout((seconds > 0 ? seconds : defaultTimeout) * 1000),
    ]);
  }

  private get settings(): Configuration {
    if (this.configuration === undefined)
      throw new Error("The azure-native provider was asked before it was configured.");
    return this.configuration;
  }

  private get arm(): ArmClient {
    if (this.client === undefined)
      throw new Error("The azure-native provider was asked before it was configured.");
    return this.client;
  }
}

function apiVersionOf(row: Row): string {
  return sdkResourceOf(row).apiVersion;
}

function previewOutputs(row: Row, inputs: JsonObject): JsonObject {
  const { outputs, apiVersion } = sdkResourceOf(row);
  const known = [...outputs].map(([name, { type }]) => [name, previewOf(inputs[name], type)]);
  return { ...Object.fromEntries(known), azureApiVersion: apiVersion };
}

function sameLocation(before: unknown, after: unknown): boolean {
  const plain = (location: string): string => location.toLowerCase().replace(/ /g, "");
  return typeof before === "string" && typeof after === "string" && plain(before) === plain(after);
}
