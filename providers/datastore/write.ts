import { ML_API_VERSION, type Arm } from "../clients/arm";
import type { Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { readSecret, type Vaults } from "../clients/vault";
import { bodyOf, isSame } from "./body";
import type { DatastoreInputs, LiveDatastore } from "./types";

/** What writing a datastore needs of the world. */
export interface Azure {
  readonly arm: Arm;
  readonly vaults: Vaults;
  readonly deadline: Deadline;
  /** Takes lines of progress. */
  readonly say: (line: string) => void;
}

const request = { apiVersion: ML_API_VERSION };

/** Those that come with a workspace and go with it. */
const SYSTEM = new Set([
  "workspaceblobstore",
  "workspaceartifactstore",
  "workspacefilestore",
  "workspaceworkingdirectory",
]);

export function datastoreId({ workspaceId, name }: DatastoreInputs): string {
  return `${workspaceId}/datastores/${name}`;
}

export async function readDatastore(arm: Arm, id: string): Promise<LiveDatastore | undefined> {
  return await arm.read<LiveDatastore>(id, request);
}

/**
 * Makes a datastore what is declared; one of the same storage that is there already, as a workspace's own are, is taken on.
 *
 * @param was the tags that the program declared before
 * @returns what the state holds of it: the version of the secret, never the key
 * @throws ProviderError where a datastore of that name leads to other storage
 */
export async function writeDatastore(
  { arm, vaults, deadline, say }: Azure,
  inputs: DatastoreInputs,
  was: Readonly<Record<string, string>> = {},
): Promise<DatastoreInputs> {
  const id = datastoreId(inputs);
  const live = await readDatastore(arm, id);
  if (live !== undefined && !isSame(live, inputs))
    throw new ProviderError({
      what: "there is a datastore of this name already, which leads to other storage or acts as another identity",
      where: id,
      tryThis: "another name, or the storage and identity that it has",
    });
  const { accountKeySecretId: secretId } = inputs;
  const secret = secretId === undefined ? undefined : await readSecret(vaults, secretId, deadline, say);
  const put = async (before: LiveDatastore | undefined): Promise<LiveDatastore> =>
    await arm.put<LiveDatastore>(id, { ...request, body: bodyOf(inputs, before, was, secret?.value) });
  const written = await put(live);
  // Azure makes nothing new the default, only what is there.
  if (inputs.isDefault === true && written.properties.isDefault !== true) await put(written);
  return { ...inputs, ...(secret === undefined ? {} : { secretVersion: secret.version }) };
}

/** Deletes a datastore (never its files); the workspace's own and its default stay. */
export async function deleteDatastore({ arm, say }: Pick<Azure, "arm" | "say">, id: string): Promise<void> {
  const live = await readDatastore(arm, id);
  if (live === undefined) return;
  const name = id.slice(id.lastIndexOf("/") + 1);
  if (SYSTEM.has(name) || live.properties.isDefault === true)
    say(`${name}: stays in the workspace, as Azure wants it`);
  else await arm.remove(id, request);
}
