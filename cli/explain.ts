import { ArmError } from "../providers/clients/arm-error";
import { printFault, ProviderError } from "../providers/clients/errors";

/** Names of the errors that @azure/identity throws. */
const SIGN_IN = /^(CredentialUnavailable|Authentication|AggregateAuthentication)/;

/** An error in words for the person at the keyboard; no stack. */
export function explain(error: unknown): string {
  if (error instanceof ProviderError) return error.message;
  if (error instanceof ArmError)
    return error.status === 403
      ? printFault({
          what: error.message,
          tryThis: "AzureML Data Scientist on the workspace for who runs this command",
        })
      : error.message;
  if (!(error instanceof Error)) return String(error);
  const [first = error.name] = error.message.split("\n");
  if (SIGN_IN.test(error.name))
    return printFault({
      what: `Azure does not sign this command in: ${first}`,
      tryThis: "`az login`, or the environment variables of a service principal",
    });
  return first;
}
