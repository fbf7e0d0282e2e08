import { uploadFiles } from "../assets/upload";
import { ML_API_VERSION } from "../clients/arm";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { armVersions } from "./arm-versions";
import type { Clients } from "./clients";
import type { ModelKind, ModelTarget } from "./target";

/** A signature that a registry gives is good for some hours. */
const UPLOAD_MINUTES = 60;

interface PendingUpload {
  readonly blobReferenceForConsumption?: {
    readonly blobUri?: string;
    readonly credential?: { readonly sasUri?: string };
  };
}

/** An organisation registry: it says where the files of the version to come go, and gives a signature to write there. */
export function registryTarget(
  { arm, containerAt, say }: Clients,
  registryId: string,
  { name, type }: ModelKind,
): ModelTarget {
  const modelId = `${registryId}/models/${name}`;
  const versions = armVersions(arm, modelId, type);
  return {
    ...versions,
    async upload(files, key) {
      const version = await versions.next();
      const pending = await arm.post<PendingUpload>(`${modelId}/versions/${version}/startPendingUpload`, {
        apiVersion: ML_API_VERSION,
        body: { pendingUploadType: "TemporaryBlobReference" },
      });
      const { blobUri, credential } = pending?.blobReferenceForConsumption ?? {};
      if (blobUri === undefined || credential?.sasUri === undefined)
        throw new ProviderError({ what: "the registry gave no place for the files", where: modelId });
      const container = containerAt(credential.sasUri);
      const digest = await uploadFiles(container, `${key}/`, files, deadlineIn(UPLOAD_MINUTES), say);
      return { digest, modelUri: `${blobUri}/${key}` };
    },
  };
}
