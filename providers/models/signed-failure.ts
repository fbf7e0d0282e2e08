import type { dynamic } from "@pulumi/pulumi";
import { isSigned, withoutSignature } from "./addresses";
import type { ModelVersionInputs } from "./types";

/** The engine shows the value of a property that a failure names, secret or not: a signed source's failure names none. */
export function withoutSecrets(
  { source = "" }: ModelVersionInputs,
  { property, reason }: dynamic.CheckFailure,
): dynamic.CheckFailure {
  if (property !== "source" || !isSigned(source)) return { property, reason };
  return { property: "", reason: `source: ${reason.replaceAll(source, withoutSignature(source))}` };
}
