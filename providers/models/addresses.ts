/** What an address of a model in Azure, or of an archive anywhere, names. */
export type AzureAddress =
  | { readonly kind: "run"; readonly runId: string; readonly path: string }
  | { readonly kind: "job"; readonly jobName: string; readonly output: string; readonly path: string }
  | {
      readonly kind: "datastore";
      /** ARM id of the workspace, where the address names one. */
      readonly workspaceId?: string;
      readonly datastore: string;
      readonly path: string;
    }
  | {
      readonly kind: "version";
      /** ARM id of the workspace or registry, where the address names one. */
      readonly homeId?: string;
      readonly model: string;
      readonly version: string;
    }
  | { readonly kind: "alias"; readonly model: string; readonly alias: string }
  | { readonly kind: "archive"; readonly url: string }
  | { readonly kind: "blobs"; readonly url: string };

/** The forms that `azureAddress` takes, in words. */
export const AZURE_ADDRESSES =
  "runs:/RUN/PATH, models:/NAME/VERSION, models:/NAME@ALIAS, azureml://jobs/JOB/outputs/OUTPUT/paths/PATH, azureml://datastores/NAME/paths/PATH, the ARM id of a model's version, https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH, https://HOST/PATH.zip (.tar, .tar.gz, .tgz)";

const FORMS: readonly (readonly [RegExp, (parts: readonly string[]) => AzureAddress])[] = [
  [/^runs:\/([^/]+)\/(.+)$/, ([runId = "", path = ""]) => ({ kind: "run", runId, path: trimmed(path) })],
  [/^models:\/([^/@]+)\/([1-9]\d*)$/, ([model = "", version = ""]) => ({ kind: "version", model, version })],
  [/^models:\/([^/@]+)@([^/@]+)$/, ([model = "", alias = ""]) => ({ kind: "alias", model, alias })],
  [
    /^azureml:\/\/jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths)?(\/.*)?$/,
    ([jobName = "", output = "", path = ""]) => ({ kind: "job", jobName, output, path: trimmed(path) }),
  ],
  [
    /^azureml:\/\/datastores\/([^/]+)\/paths\/(.+)$/,
    ([datastore = "", path = ""]) => ({ kind: "datastore", datastore, path: trimmed(path) }),
  ],
  [
    /^azureml:\/\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/([^/]+)\/datastores\/([^/]+)\/paths\/(.+)$/i,
    ([subscription = "", group = "", workspace = "", datastore = "", path = ""]) => ({
      kind: "datastore",
      workspaceId: `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`,
      datastore,
      path: trimmed(path),
    }),
  ],
  [
    /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/(?:workspaces|registries)\/[^/]+)\/models\/([^/]+)\/versions\/([1-9]\d*)$/i,
    ([homeId = "", model = "", version = ""]) => ({ kind: "version", homeId, model, version }),
  ],
  [
    /^(https:\/\/[^/?#@\s]+\/[^?#\s]+\.(?:zip|tar|tar\.gz|tgz)(?:\?[^#]*)?)$/i,
    ([url = ""]) => ({ kind: "archive", url }),
  ],
  [
    /^(https:\/\/[a-z0-9]{3,24}\.blob\.[a-z0-9.-]+\/[a-z0-9$-]+\/[^?#]+(?:\?[^#]*)?)$/,
    ([url = ""]) => ({ kind: "blobs", url }),
  ],
];

/** @returns undefined for what is no address of a model in Azure */
export function azureAddress(text: string): AzureAddress | undefined {
  for (const [form, read] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return read(match.slice(1));
  }
  return undefined;
}

/** The address without a query: a shared access signature, or what another server opens by. For states and logs. */
export function withoutSignature(address: string): string {
  return address.replace(/\?.*$/s, "");
}

/** Whether the address has a query, which is a secret: who has it may read. */
export function isSigned(address: string): boolean {
  return /^https:.*\?/is.test(address);
}

/** The last part of an address's path: what its folder is called. */
export function lastPart(address: string): string {
  return trimmed(withoutSignature(address)).split("/").at(-1) ?? "";
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
