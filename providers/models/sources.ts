import { ProviderError } from "../clients/errors";
import type { Clients } from "./clients";
import { localSource } from "./local-source";
import { type PlaceInputs, sourcePlaceOf } from "./places";
import type { ModelSource } from "./source";

/** @throws ProviderError where the inputs name no source that there is */
export function openSource(_clients: Clients, inputs: PlaceInputs): ModelSource {
  const place = sourcePlaceOf(inputs);
  if (place?.kind === "path") return localSource(place.path);
  throw new ProviderError({ what: "no source of this kind is known", allowed: "path" });
}
