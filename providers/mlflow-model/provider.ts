import type { dynamic } from "@pulumi/pulumi";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { digestOf, readFolder } from "../assets/files";
import { deleteVersion, describeVersion, readVersion } from "../assets/versions";
import { arm } from "../clients/arm";
import { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { armId, oneOf, optional, tags, text, UNKNOWN, type Rules } from "../rules";
import { inspectModel } from "./mlmodel";
import { register } from "./register";
import type { MlflowModelInputs, MlflowModelOutputs } from "./types";

const rules: Rules<MlflowModelInputs> = {
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

/** Puts in the content's digest, so that the preview already knows whether there will be a new version. */
export async function check(
  _olds: MlflowModelInputs,
  news: MlflowModelInputs,
): Promise<dynamic.CheckResult<MlflowModelInputs>> {
  const inputs = withoutProvider(news);
  const failures = checkFailures(rules, inputs);
  if (failures.length > 0) return { inputs, failures };
  if (inputs.path === UNKNOWN) return { inputs: { ...inputs, digest: UNKNOWN } };
  const reasons = folderErrors(inputs.path);
  if (reasons.length > 0)
    return {
      inputs,
      failures: reasons.map((reason) => ({ property: "path", reason })),
    };
  try {
    return { inputs: { ...inputs, digest: digestOf(await readFolder(resolve(inputs.path))) } };
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

export async function create(inputs: MlflowModelInputs): Promise<dynamic.CreateResult<MlflowModelOutputs>> {
  return await register(arm(), containerClient, withoutProvider(inputs), say);
}

/** Shows a changed description and changed values of declared tags; tags that others added are theirs. */
export async function read(
  id: string,
  props?: MlflowModelOutputs,
): Promise<dynamic.ReadResult<MlflowModelOutputs>> {
  const version = await readVersion(arm(), id);
  if (version === undefined || props === undefined) return { id: "" };
  const { version: number, modelUri, ...inputs } = withoutProvider(props);
  const actual = version.properties.tags ?? {};
  const live = {
    ...inputs,
    description: version.properties.description,
    tags: Object.fromEntries(Object.entries(actual).filter(([key]) => key in (inputs.tags ?? {}))),
  };
  return { id, props: { ...live, version: number, modelUri }, inputs: live as MlflowModelOutputs };
}

export async function update(
  id: string,
  olds: MlflowModelOutputs,
  news: MlflowModelInputs,
): Promise<dynamic.UpdateResult<MlflowModelOutputs>> {
  await describeVersion(arm(), id, olds.tags ?? {}, news);
  const { digest, version, modelUri } = olds;
  return { outs: { ...withoutProvider(news), digest, version, modelUri } };
}

export async function deleteResource(id: string, props: MlflowModelOutputs): Promise<void> {
  if (props.onDelete === "delete") await deleteVersion(arm(), id);
}

export { deleteResource as delete };
