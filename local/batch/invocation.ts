import { badArgument } from "../arm/errors";
import { isObject, numberAt, objectAt, pick, stringAt } from "../arm/objects";
import type { Json, JsonObject } from "../json";

export interface InvocationData {
  readonly kind: "uri_folder" | "uri_file";
  readonly uri: string;
}

/** What a request for a batch job asks for. */
export interface Invocation {
  /** The job's name, where the caller chooses it. */
  readonly name: string | undefined;
  readonly experimentName: string | undefined;
  readonly input: InvocationData;
  /** Where `score` goes, where the caller says so. */
  readonly output: InvocationData | undefined;
  /** What this one job has otherwise than the deployment; members as the deployment's `properties` have them. */
  readonly settings: JsonObject;
}

const OVERRIDES = [
  "miniBatchSize",
  "maxConcurrencyPerInstance",
  "errorThreshold",
  "retrySettings",
  "outputFileName",
] as const;

const KINDS: Readonly<Record<string, InvocationData["kind"]>> = {
  urifolder: "uri_folder",
  uri_folder: "uri_folder",
  urifile: "uri_file",
  uri_file: "uri_file",
};

/** What a request for a job of a pipeline's deployment asks for; inputs and outputs as a job of ARM has them, by the component's names. */
export interface PipelineInvocation extends Pick<Invocation, "name" | "experimentName"> {
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

/** Reads the body of `POST …/jobs` for a pipeline. @throws ArmError (400) */
export function readPipelineInvocation(body: Json | undefined): PipelineInvocation {
  const properties = propertiesOf(body);
  const data = (key: string): JsonObject => {
    const members = objectAt(properties, key);
    return Object.fromEntries(Object.keys(members).map((name) => [name, jobData(memberAt(members, name))]));
  };
  return { ...namesIn(properties), inputs: data("inputData"), outputs: data("outputData") };
}

/** Reads the body of `POST …/jobs` for a model; members begin with a small or a capital letter, as Azure's pages have both. @throws ArmError (400) */
export function readInvocation(body: Json | undefined): Invocation {
  const properties = propertiesOf(body);
  const instances = numberAt(memberAt(properties, "compute"), "instanceCount");
  const retries = memberAt(properties, "retrySettings");
  return {
    ...namesIn(properties),
    input: inputOf(memberAt(properties, "inputData")),
    output: outputOf(properties),
    settings: {
      ...pick(properties, OVERRIDES),
      ...(Object.keys(retries).length === 0 ? {} : { retrySettings: retries }),
      ...(instances === undefined ? {} : { resources: { instanceCount: instances } }),
    },
  };
}

/** `UriFolder` is `uri_folder` where a job has it. */
function jobData(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      /^job(In|Out)putType$/.test(key)
        ? String(value)
            .replace(/([a-z])([A-Z])/g, "$1_$2")
            .toLowerCase()
        : value,
    ]),
  );
}

function propertiesOf(body: Json | undefined): JsonObject {
  const properties = memberAt(isObject(body) ? body : {}, "properties");
  if (Object.keys(properties).length === 0)
    throw badArgument("The request needs 'properties' with 'inputData'.", "properties");
  return properties;
}

function namesIn(properties: JsonObject): Pick<Invocation, "name" | "experimentName"> {
  const bag = memberAt(properties, "properties");
  return {
    name: stringAt(properties, "name"),
    experimentName: stringAt(properties, "experimentName") ?? stringAt(bag, "experimentName"),
  };
}

function inputOf(inputs: JsonObject): InvocationData {
  const target = "properties.inputData";
  const data = Object.entries(inputs).map(([name]) => ({ name, data: memberAt(inputs, name) }));
  const [only, ...more] = data;
  if (only === undefined || more.length > 0)
    throw badArgument(
      `A model's deployment takes one input, of type UriFolder or UriFile, and not ${data.length}.`,
      target,
    );
  return dataOf(only.data, "jobInputType", `${target}.${only.name}`);
}

function outputOf(properties: JsonObject): InvocationData | undefined {
  const outputs = Object.entries(memberAt(properties, "outputData"));
  const [only, ...more] = outputs;
  if (more.length > 0)
    throw badArgument("A model's deployment has one output, 'score'.", "properties.outputData");
  if (only !== undefined) {
    const [name] = only;
    const data = memberAt(memberAt(properties, "outputData"), name);
    return dataOf(data, "jobOutputType", `properties.outputData.${name}`);
  }
  const dataset = memberAt(properties, "outputDataset");
  const datastore = stringAt(dataset, "datastoreId");
  if (datastore === undefined) return undefined;
  const path = stringAt(dataset, "path") ?? "";
  return {
    kind: "uri_folder",
    uri: `azureml://datastores/${datastore.slice(datastore.lastIndexOf("/") + 1)}/paths/${path.replace(/^\/+/, "")}`,
  };
}

function dataOf(data: JsonObject, typeKey: string, target: string): InvocationData {
  const type = stringAt(data, typeKey) ?? "";
  const kind = KINDS[type.toLowerCase()];
  if (kind === undefined)
    throw badArgument(
      `'${typeKey}' is UriFolder or UriFile where a model scores, not '${type}'.`,
      `${target}.${typeKey}`,
    );
  const uri = stringAt(data, "uri");
  if (uri === undefined || uri === "") throw badArgument("The data need a 'uri'.", `${target}.uri`);
  return { kind, uri };
}

/** The object under a key that begins with a small or a capital letter; its own keys with small ones. */
function memberAt(object: JsonObject, key: string): JsonObject {
  const found = objectAt(object, key);
  return lowered(Object.keys(found).length > 0 ? found : objectAt(object, capital(key)));
}

const capital = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

function lowered(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );
}
