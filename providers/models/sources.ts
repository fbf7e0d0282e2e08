import { ProviderError } from "../clients/errors";
import { AZURE_ADDRESSES, azureAddress, withoutSignature } from "./addresses";
import { archiveSource } from "./archive-source";
import { azureSource } from "./azure-source";
import { createMlflow } from "../clients/mlflow";
import type { Clients } from "./clients";
import { localSource } from "./local-source";
import { type PlaceInputs, sourcePlaceOf } from "./places";
import { serverSource } from "./server-source";
import type { ModelSource } from "./source";

/** @throws ProviderError where the inputs name no source that there is */
export function openSource(clients: Clients, inputs: PlaceInputs): ModelSource {
  const place = sourcePlaceOf(inputs);
  if (place?.kind === "path") return localSource(place.path);
  const address = place?.kind === "uri" ? azureAddress(place.uri) : undefined;
  if (address?.kind === "archive") return archiveSource(clients, address.url);
  if (place?.kind === "uri" && place.server !== undefined) {
    const { server } = place;
    return serverSource(() => createMlflow(server), place.uri);
  }
  if (place?.kind === "uri") {
    if (address !== undefined) return azureSource(clients, place.uri, address, inputs.workspaceId);
    throw new ProviderError({
      what: "is no address of a model",
      where: withoutSignature(place.uri),
      allowed: AZURE_ADDRESSES,
    });
  }
  throw new ProviderError({ what: "no source is named", allowed: "path or source" });
}
