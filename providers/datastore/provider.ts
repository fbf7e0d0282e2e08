import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { deadlineIn } from "../clients/deadline";
import { vaults } from "../clients/vault";
import { versionOf } from "../clients/vault-address";
import { changedKeys, say, withoutProvider } from "../inputs";
import { UNKNOWN } from "../rules";
import { observed } from "./body";
import type { DatastoreInputs } from "./types";
import { datastoreId, deleteDatastore, readDatastore, writeDatastore, type Azure } from "./write";

/** Role assignments take effect within ten minutes. */
const MINUTES = 15;
/** How long a preview waits for a vault, in milliseconds. */
const GLANCE = 10_000;

function azure(): Azure {
  return { arm: arm(), vaults: vaults(), deadline: deadlineIn(MINUTES), say };
}

/** Puts in which version of the secret is meant now, so that a preview shows one that was rotated. */
export async function check(
  olds: Partial<DatastoreInputs>,
  news: DatastoreInputs,
): Promise<dynamic.CheckResult<DatastoreInputs>> {
  const inputs = withoutProvider(news);
  const { accountKeySecretId: secretId } = inputs;
  if (secretId === undefined) return { inputs: { ...inputs, credentials: "None" } };
  const secretVersion =
    secretId === UNKNOWN
      ? undefined
      : ((versionOf(secretId) || (await newestVersion(secretId))) ??
        (secretId === olds.accountKeySecretId ? olds.secretVersion : undefined));
  return {
    inputs: {
      ...inputs,
      credentials: "AccountKey",
      ...(secretVersion === undefined ? {} : { secretVersion }),
    },
  };
}

/** Undefined where there is none yet, and where the vault can't be read from here, which is said. */
async function newestVersion(secretId: string): Promise<string | undefined> {
  try {
    return (await vaults().read(secretId, GLANCE))?.version;
  } catch (error) {
    say(
      `${secretId}: can't be read from here, so a rotated secret does not show: ${(error as Error).message}`,
    );
    return undefined;
  }
}

/** Another place is another datastore, and two of one name can't be: the old one goes first, its files stay. */
export async function diff(
  _id: string,
  olds: DatastoreInputs,
  news: DatastoreInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys(olds, news, ["workspaceId", "name", "storage", "serviceDataAccessIdentity"]);
  const updates = changedKeys(olds, news, [
    "accountKeySecretId",
    "credentials",
    "isDefault",
    "description",
    "tags",
    ...(news.secretVersion === undefined ? [] : (["secretVersion"] as const)),
  ]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: true };
}

export async function create(inputs: DatastoreInputs): Promise<dynamic.CreateResult<DatastoreInputs>> {
  const outs = await writeDatastore(azure(), withoutProvider(inputs));
  return { id: datastoreId(outs), outs };
}

export async function read(
  id: string,
  props?: DatastoreInputs,
): Promise<dynamic.ReadResult<DatastoreInputs>> {
  const live = await readDatastore(arm(), id);
  if (live === undefined || props === undefined) return { id: "" };
  const inputs = observed(live, withoutProvider(props));
  return { id, props: { ...inputs }, inputs: { ...inputs } };
}

export async function update(
  _id: string,
  olds: DatastoreInputs,
  news: DatastoreInputs,
): Promise<dynamic.UpdateResult<DatastoreInputs>> {
  return { outs: await writeDatastore(azure(), withoutProvider(news), olds.tags) };
}

export async function deleteResource(id: string): Promise<void> {
  await deleteDatastore({ arm: arm(), say }, id);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
