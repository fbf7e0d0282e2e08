import { errors, type JWTPayload } from "jose";
import { entraErrors } from "./entra-error";

/** Seconds that clocks may differ: MSAL rounds `nbf` up to the next one. */
export const CLOCK_TOLERANCE = 5;

/** What `jose` found, in Entra's words. */
export function assertionRefusal(error: unknown, claims: JWTPayload): Error {
  if (error instanceof errors.JWTExpired) return entraErrors.assertionTime(claims);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "nbf" || error.claim === "iat") return entraErrors.assertionTime(claims);
    return entraErrors.assertionInvalid(`its claim '${error.claim}' is missing or wrong`);
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return entraErrors.assertionSignature("The key was not found.");
  if (error instanceof errors.JOSEAlgNotAllowed)
    return entraErrors.assertionSignature("The algorithm that it was signed by is not taken.");
  if (error instanceof errors.JOSEError)
    return entraErrors.assertionSignature("The signature is not that of the key.");
  return error as Error;
}
