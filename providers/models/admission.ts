import { ProviderError } from "../clients/errors";
import { quickly } from "../generations/quickly";
import { UNKNOWN } from "../rules";
import { refusalOf, type Refusal } from "./acceptance";
import { azureAddress } from "./addresses";
import type { Clients } from "./clients";
import { targetPlaceOf } from "./places";
import type { ModelSource } from "./source";
import { openTarget } from "./targets";
import type { ModelVersionInputs } from "./types";

/** Why a plan knows that the model will not be accepted; undefined where it will be, or where `up` has to tell. */
export async function plannedRefusal(
  clients: Clients,
  source: ModelSource,
  inputs: ModelVersionInputs,
): Promise<string | undefined> {
  const { accept, digest, name } = inputs;
  if (accept === undefined || digest === UNKNOWN) return undefined;
  if (JSON.stringify(targetPlaceOf(inputs)).includes(UNKNOWN)) return undefined;
  // What an archive elsewhere holds is known once it is downloaded.
  if (azureAddress(inputs.source ?? "")?.kind === "archive") return undefined;
  const { endpointId, ...metrics } = accept;
  // Behind an endpoint that is not there yet nothing serves.
  const compared = endpointId === UNKNOWN ? metrics : accept;
  try {
    const candidate = {
      source,
      target: openTarget(clients, inputs),
      inputs: { ...inputs, accept: compared },
    };
    const refusal = await quickly(refusalOf(clients.arm, candidate));
    if (refusal === undefined) return undefined;
    if (!refusal.unread) return refused(refusal);
    clients.say(`${name}: whether it is accepted is not known yet: ${refusal.reason}`);
  } catch {
    // Not the error's message, which may hold an address with its signature.
    clients.say(`${name}: whether it is accepted could not be asked; \`up\` asks again`);
  }
  return undefined;
}

/** @throws ProviderError where the model is not accepted, or where that can't be told */
export async function mustBeAccepted(
  clients: Clients,
  source: ModelSource,
  inputs: ModelVersionInputs,
): Promise<void> {
  const { accept } = inputs;
  if (accept === undefined) return;
  const candidate = { source, target: openTarget(clients, inputs), inputs: { ...inputs, accept } };
  const refusal = await refusalOf(clients.arm, candidate);
  if (refusal === undefined) return;
  throw new ProviderError({
    what: refusal.unread ? refusal.reason : refused(refusal),
    where: "accept",
    tryThis: refusal.unread ? "the same command again" : "a better model: no version was made of this one",
  });
}

function refused({ reason }: Refusal): string {
  return `it is not accepted: ${reason}`;
}
