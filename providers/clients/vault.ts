import { createPipelineFromOptions, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { cloud } from "./cloud";
import { correlationOf } from "./correlation";
import type { Deadline } from "./deadline";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { signInPolicy } from "./sign-in-policy";
import { SECRET_ID, versionOf } from "./vault-address";

const API_VERSION = "7.4";
/** Milliseconds for one request, its retries included. */
const REQUEST_TIME = 30_000;
/** How often a role that may still be on its way is tried, in milliseconds. */
const ROLE_INTERVAL = 5_000;

/** A version of a secret. */
export interface Secret {
  readonly value: string;
  /** 32 hexadecimal digits. */
  readonly version: string;
}

/** Key vaults' secrets, by the vaults' own addresses. */
export interface Vaults {
  /**
   * @param secretId as `SECRET_ID` has it
   * @param within milliseconds
   * @returns undefined where there is no such secret
   * @throws VaultError
   */
  read(secretId: string, within?: number): Promise<Secret | undefined>;
}

/** What a vault answered instead of a secret. */
export class VaultError extends Error {
  constructor(
    readonly status: number,
    /** As `ForbiddenByRbac`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "VaultError";
    this.stack = "";
  }
}

let shared: Vaults | undefined;

/** The process's own client. */
export function vaults(): Vaults {
  shared ??= createVaults({});
  return shared;
}

export function createVaults(options: {
  readonly credential?: TokenCredential;
  readonly httpClient?: HttpClient;
}): Vaults {
  const client = options.httpClient ?? httpClient();
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(
    signInPolicy(({ vaultScope }) => vaultScope, options.credential),
    { phase: "Sign" },
  );
  return {
    async read(secretId, within = REQUEST_TIME) {
      // A token goes to no other address.
      const { vaultSuffix } = await cloud();
      if (!SECRET_ID.test(secretId) || !new URL(secretId).hostname.toLowerCase().endsWith(`.${vaultSuffix}`))
        throw new ProviderError({
          what: "is not the address of a Key Vault secret",
          where: secretId,
          allowed: `https://VAULT.${vaultSuffix}/secrets/NAME`,
        });
      const url = `${secretId}?api-version=${API_VERSION}`;
      const abortSignal = AbortSignal.timeout(within);
      const response = await pipeline.sendRequest(client, createPipelineRequest({ url, abortSignal }));
      if (response.status === 404) return undefined;
      const body = JSON.parse(response.bodyAsText || "{}") as SecretBundle & ErrorBody;
      if (response.status === 200) return { value: body.value, version: versionOf(body.id) };
      const { code, message, innererror } = body.error ?? {};
      const reason = innererror?.code ?? code ?? "Unknown";
      throw new VaultError(
        response.status,
        reason,
        `${secretId}: ${response.status} ${reason}: ${message ?? ""}${correlationOf(response.headers)}`,
      );
    },
  };
}

interface SecretBundle {
  readonly id: string;
  readonly value: string;
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly innererror?: { readonly code?: string };
  };
}

/**
 * Reads a secret, again while the vault doesn't know a role that Azure has just assigned (that can take minutes), which is said once.
 *
 * @param say takes one line of progress
 * @throws ProviderError where there is no such secret, and at the deadline
 */
export async function readSecret(
  vaults: Vaults,
  secretId: string,
  deadline: Deadline,
  say: (line: string) => void,
): Promise<Secret> {
  for (let said = false; ; said = true) {
    try {
      const secret = await vaults.read(secretId);
      if (secret === undefined) throw new ProviderError({ what: "there is no such secret", where: secretId });
      return secret;
    } catch (error) {
      if (!(error instanceof VaultError && error.code === "ForbiddenByRbac")) throw error;
    }
    if (!said) say(`${secretId}: waiting until the role on the key vault has effect`);
    if (!(await deadline.sleep(ROLE_INTERVAL)))
      throw new ProviderError({
        what: `the vault refuses who runs this command, still after ${deadline.allowance}`,
        where: secretId,
        tryThis: "the role Key Vault Secrets User on it for who runs `pulumi up`",
      });
  }
}
