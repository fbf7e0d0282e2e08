import { bearerTokenAuthenticationPolicy, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { cloud, type Cloud } from "./cloud";
import { credential, type AnyCredential } from "./credential";

/**
 * Signs requests with a token for a service of the cloud, which is kept and fetched anew shortly before it ends. A service that asks for claims gets a
 * token with them; one that refuses a token in another way, as one that has been revoked, is asked once more with a new one.
 *
 * Belongs to the phase "Sign": after the retries, so that a retry signs in again where the token has run out.
 *
 * @param scope of the service, in a cloud
 */
export function signInPolicy(
  scope: (of: Cloud) => string,
  signedInAs: AnyCredential = credential(),
): PipelinePolicy {
  let current: Promise<PipelinePolicy> | undefined;
  const open = async (): Promise<PipelinePolicy> =>
    bearerTokenAuthenticationPolicy({ credential: signedInAs, scopes: scope(await cloud()) });
  return {
    name: "signIn",
    async sendRequest(request, next) {
      const used = (current ??= open());
      const response = await (await used).sendRequest(request, next).catch((error: unknown) => {
        if (current === used) current = undefined;
        throw error;
      });
      if (response.status !== 401 || signedInAs.renew === undefined) return response;
      // Of many requests that are refused at a time, the first renews.
      if (current === used) {
        signedInAs.renew();
        current = open();
      }
      return await (await (current ??= open())).sendRequest(request, next);
    },
  };
}
