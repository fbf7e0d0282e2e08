import { ProviderError } from "../clients/errors";
import type { Clients } from "./clients";
import { sourcePlaceOf, targetPlaceOf } from "./places";
import { registryTarget } from "./registry-target";
import { serverTarget } from "./server-target";
import type { ModelKind, ModelTarget } from "./target";
import type { ModelVersionInputs } from "./types";
import { workspaceTarget } from "./workspace-target";

/** @throws ProviderError where the inputs name no target that there is */
export function openTarget(clients: Clients, inputs: ModelVersionInputs): ModelTarget {
  const kind: ModelKind = { name: inputs.name, type: inputs.type ?? "mlflow_model" };
  const place = targetPlaceOf(inputs);
  if (place?.kind === "workspace") return workspaceTarget(clients, place.workspaceId, kind);
  if (place?.kind === "registry") return registryTarget(clients, place.registryId, kind);
  if (place?.kind === "server") return serverTarget(clients, place.server, kind, sourcePlaceOf(inputs));
  throw new ProviderError({ what: "no registry is named", allowed: "workspaceId, registryId or server" });
}
