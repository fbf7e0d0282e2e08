import type { dynamic } from "@pulumi/pulumi";
import { deleteVersion, describeVersion, readVersion } from "../assets/versions";
import { arm } from "../clients/arm";
import { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { changedKeys, present, say, withoutProvider } from "../inputs";
import { UNKNOWN } from "../rules";
import { contentOf } from "./content";
import { register } from "./register";
import type { AssetVersionInputs, AssetVersionOutputs } from "./types";

/** Puts in the content's digest, so that the preview already knows whether there will be a new version, and which. */
export async function check(
  _olds: AssetVersionInputs,
  news: AssetVersionInputs,
): Promise<dynamic.CheckResult<AssetVersionInputs>> {
  const inputs = withoutProvider(news);
  if (JSON.stringify([inputs.definition, inputs.path]).includes(UNKNOWN))
    return { inputs: { ...inputs, digest: UNKNOWN } };
  try {
    const { digest, files } = await contentOf(inputs);
    if (inputs.path !== undefined && files.length === 0)
      return { inputs, failures: [{ property: "path", reason: "the folder has no files" }] };
    return { inputs: { ...inputs, digest } };
  } catch (error) {
    if (error instanceof ProviderError)
      return { inputs, failures: [{ property: "path", reason: error.message }] };
    throw error;
  }
}

/** A version is immutable: other content is another version, made before what uses the old one moves on. */
export async function diff(
  _id: string,
  olds: AssetVersionOutputs,
  news: AssetVersionInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys<AssetVersionInputs>(olds, news, [
    "workspaceId",
    "collection",
    "name",
    "digest",
  ]);
  const updates = changedKeys<AssetVersionInputs>(olds, news, ["description", "tags", "onDelete"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(inputs: AssetVersionInputs): Promise<dynamic.CreateResult<AssetVersionOutputs>> {
  return await register(arm(), containerClient, withoutProvider(inputs), say);
}

/** Shows a changed description and changed values of declared tags; tags that others added are theirs. */
export async function read(
  id: string,
  props?: AssetVersionOutputs,
): Promise<dynamic.ReadResult<AssetVersionOutputs>> {
  const live = await readVersion(arm(), id);
  if (live === undefined || props === undefined) return { id: "" };
  const { version, ...inputs } = withoutProvider(props);
  const actual = live.properties.tags ?? {};
  const declared = Object.entries(actual).filter(([key]) => key in (inputs.tags ?? {}));
  const seen = present({
    ...inputs,
    description: live.properties.description || undefined,
    tags: inputs.tags && Object.fromEntries(declared),
  });
  return { id, props: { ...seen, version }, inputs: seen as AssetVersionOutputs };
}

export async function update(
  id: string,
  olds: AssetVersionOutputs,
  news: AssetVersionInputs,
): Promise<dynamic.UpdateResult<AssetVersionOutputs>> {
  await describeVersion(arm(), id, olds.tags ?? {}, news);
  const { digest, version } = olds;
  return { outs: { ...withoutProvider(news), digest, version } };
}

export async function deleteResource(id: string, props: AssetVersionOutputs): Promise<void> {
  if (props.onDelete === "delete") await deleteVersion(arm(), id);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
