import { datastoreUri, uploadToWorkspace } from "../assets/upload";
import { armVersions } from "./arm-versions";
import type { Clients } from "./clients";
import type { ModelKind, ModelTarget } from "./target";

/** An Azure ML workspace: files go to its own blob store. */
export function workspaceTarget(
  { arm, openContainer, say }: Clients,
  workspaceId: string,
  { name, type }: ModelKind,
): ModelTarget {
  return {
    ...armVersions(arm, `${workspaceId}/models/${name}`, type),
    async upload(files, key) {
      const folder = `LocalUpload/${key}`;
      const { digest } = await uploadToWorkspace(arm, openContainer, workspaceId, folder, files, say);
      return { digest, modelUri: datastoreUri(workspaceId, folder) };
    },
  };
}
