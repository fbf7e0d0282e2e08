import { ProviderError } from "../clients/errors";
import type { Clients } from "./clients";
import { type PlaceInputs, targetPlaceOf } from "./places";
import { registryTarget } from "./registry-target";
import type { ModelKind, ModelTarget } from "./target";
import { workspaceTarget } from "./workspace-target";

/** @throws ProviderError where the inputs name no target that there is */
export function openTarget(clients: Clients, inputs: PlaceInputs, kind: ModelKind): ModelTarget {
  const place = targetPlaceOf(inputs);
  if (place?.kind === "workspace") return workspaceTarget(clients, place.workspaceId, kind);
  if (place?.kind === "registry") return registryTarget(clients, place.registryId, kind);
  throw new ProviderError({
    what: "no registry of this kind is known",
    allowed: "workspaceId or registryId",
  });
}
