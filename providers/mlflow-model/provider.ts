import type { dynamic } from "@pulumi/pulumi";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, present, withoutProvider } from "../inputs";
import { clients } from "../models/clients";
import { register } from "../models/register";
import { openSource } from "../models/sources";
import type { ModelTarget, RegisteredVersion, VersionWords } from "../models/target";
import { openTarget } from "../models/targets";
import { armId, oneOf, optional, tags, text, UNKNOWN, type Rules } from "../rules";
import { inspectModel } from "./mlmodel";
import type { MlflowModelInputs, MlflowModelOutputs } from "./types";

const rules: Rules<Omit<MlflowModelInputs, "source" | "sourceServer" | "registryId" | "server" | "address">> =
  {
    workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
    name: text(
      "1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first",
      /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/,
    ),
    path: text("the path of a folder"),
    description: optional(text("text", /^/)),
    tags: optional(tags),
    onDelete: oneOf("retain", "delete"),
    digest: optional(text("what this provider puts here")),
  };

/** Milliseconds that a plan waits for what is elsewhere. */
const READ_TIME = 5_000;

/** Puts in the content's digest, so that the preview already knows whether there will be a new version. */
export async function check(
  _olds: MlflowModelInputs,
  news: MlflowModelInputs,
): Promise<dynamic.CheckResult<MlflowModelInputs>> {
  const inputs = withoutProvider(news);
  const failures = checkFailures(rules, inputs);
  if (failures.length > 0) return { inputs, failures };
  const { path = UNKNOWN } = inputs;
  if (path === UNKNOWN) return { inputs: { ...inputs, digest: UNKNOWN } };
  const reasons = folderErrors(path);
  if (reasons.length > 0)
    return {
      inputs,
      failures: reasons.map((reason) => ({ property: "path", reason })),
    };
  try {
    return {
      inputs: {
        ...inputs,
        ...(await openSource(clients(), inputs).identify(AbortSignal.timeout(READ_TIME))),
      },
    };
  } catch (error) {
    if (error instanceof ProviderError)
      return { inputs, failures: [{ property: "path", reason: error.message }] };
    throw error;
  }
}

function folderErrors(path: string): readonly string[] {
  const folder = resolve(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [`there is no such folder (looked for ${folder})`];
  return inspectModel(folder).errors;
}

/** A version is immutable: other content is another version, made before what uses the old one moves on. */
export async function diff(
  _id: string,
  olds: MlflowModelOutputs,
  news: MlflowModelInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys<MlflowModelInputs>(olds, news, ["workspaceId", "name", "digest"]);
  const updates = changedKeys<MlflowModelInputs>(olds, news, ["description", "tags", "onDelete"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(passed: MlflowModelInputs): Promise<dynamic.CreateResult<MlflowModelOutputs>> {
  const inputs = withoutProvider(passed);
  const source = openSource(clients(), inputs);
  const planned = present({ digest: inputs.digest, address: inputs.address });
  const version = await register(source, targetOf(inputs), planned, wordsOf(inputs));
  return { id: version.id, outs: outputsOf(inputs, version) };
}

/** Shows a changed description and changed values of declared tags; tags that others added are theirs. */
export async function read(
  id: string,
  props?: MlflowModelOutputs,
): Promise<dynamic.ReadResult<MlflowModelOutputs>> {
  if (props === undefined) return { id: "" };
  const live = await targetOf(props).read(id);
  if (live === undefined) return { id: "" };
  const { version, modelUri, ...inputs } = withoutProvider(props);
  const declared = Object.entries(live.tags).filter(([key]) => key in (inputs.tags ?? {}));
  const seen = present({ ...inputs, description: live.description, tags: Object.fromEntries(declared) });
  return { id, props: { ...seen, version, modelUri }, inputs: seen as MlflowModelOutputs };
}

export async function update(
  id: string,
  olds: MlflowModelOutputs,
  news: MlflowModelInputs,
): Promise<dynamic.UpdateResult<MlflowModelOutputs>> {
  await targetOf(news).describe(id, olds.tags ?? {}, wordsOf(news));
  const { digest, version, modelUri } = olds;
  return { outs: { ...withoutProvider(news), digest, version, modelUri } };
}

export async function deleteResource(id: string, props: MlflowModelOutputs): Promise<void> {
  if (props.onDelete === "delete") await targetOf(props).remove(id);
}

export { deleteResource as delete };

function targetOf(inputs: MlflowModelInputs): ModelTarget {
  return openTarget(clients(), inputs, { name: inputs.name, type: "mlflow_model" });
}

function wordsOf({ description, tags = {} }: MlflowModelInputs): VersionWords {
  return { ...(description === undefined ? {} : { description }), tags };
}

function outputsOf(
  inputs: MlflowModelInputs,
  { version, modelUri, digest = "" }: RegisteredVersion,
): MlflowModelOutputs {
  return { ...inputs, digest, version, modelUri };
}
