import { exportJWK, generateKeyPair, SignJWT, type JWTPayload, type KeyLike } from "jose";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { openAuthority } from "../../local/door/authority";
import type { StatePaths } from "../../local/state";

/** What Entra's documents have federated tokens be for. */
export const FEDERATED_AUDIENCE = "api://AzureADTokenExchange";

export interface SignOptions {
  /** `RS256` by default. */
  readonly alg?: string;
  /** Signs in place of the issuer's own key. */
  readonly key?: KeyLike | Uint8Array;
  readonly kid?: string;
}

/** Somebody else's issuer of tokens on this machine: OpenID configuration, published keys, and tokens at will. */
export interface TokenIssuer {
  /** `iss` of its tokens; what a federated credential names. */
  readonly issuer: string;
  /** `http://127.0.0.1:PORT` or `https://localhost:PORT`, where it listens. */
  readonly address: string;
  /**
   * A token good for five minutes.
   *
   * @param claims over `iss`, `aud`, `iat`, `nbf` and `exp`, which a token has by itself
   */
  sign(subject: string, claims?: JWTPayload, options?: SignOptions): Promise<string>;
  close(): Promise<void>;
}

/** Any issuer, at loopback HTTPS under the certificate authority of that local Azure: no setting leads there. */
export async function openTokenIssuer(paths: StatePaths): Promise<TokenIssuer> {
  const authority = await openAuthority(paths);
  const server = createSecureServer(await authority.leaf("localhost"));
  return await open(
    server,
    (port) => `https://localhost:${port}`,
    undefined,
    () => undefined,
  );
}

export interface GitHubIssuer extends TokenIssuer {
  /** What a local Azure is started with, so that it asks this one in GitHub's place. */
  readonly setting: { readonly PULUMI_AZUREML_LOCAL_GITHUB: string };
  /** What a job with `permissions: id-token: write` finds in its environment. Goes through the local Azure's door. */
  readonly jobEnvironment: {
    readonly GITHUB_ACTIONS: "true";
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** Which job asks for its token from now on: `repo:OWNER/NAME:ref:refs/heads/main` by default. */
  subject: string;
}

/** GitHub Actions' issuer, by GitHub's own names: to be started before the local Azure. */
export async function openGitHubIssuer(): Promise<GitHubIssuer> {
  const requestToken = randomUUID();
  const job = { subject: "repo:octo-org/octo-repo:ref:refs/heads/main" };
  const server = createServer();
  const issuer = await open(
    server,
    (port) => `http://127.0.0.1:${port}`,
    "https://token.actions.githubusercontent.com",
    (request, url) => {
      if (url.pathname !== "/idtoken") return undefined;
      if (request.headers.authorization?.toLowerCase() !== `bearer ${requestToken}`) return 401;
      const audience = url.searchParams.get("audience") ?? "https://github.com/octo-org";
      return issuer.sign(job.subject, { aud: audience }).then((value) => ({ count: value.length, value }));
    },
  );
  return Object.assign(job, issuer, {
    setting: { PULUMI_AZUREML_LOCAL_GITHUB: issuer.address },
    jobEnvironment: {
      GITHUB_ACTIONS: "true" as const,
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://pipelines.actions.githubusercontent.com/idtoken?api-version=2.0",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
  });
}

type Answer = Promise<object> | number | undefined;

async function open(
  server: ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>,
  addressOf: (port: number) => string,
  named: string | undefined,
  more: (request: IncomingMessage, url: URL) => Answer,
): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "RS256" };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = addressOf((server.address() as AddressInfo).port);
  const issuer = named ?? address;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "", address);
    void answer(response, known(url.pathname) ?? more(request, url));
  });
  const known = (path: string): Answer => {
    if (path === "/.well-known/openid-configuration")
      return Promise.resolve({ issuer, jwks_uri: `${issuer}/.well-known/jwks` });
    return path === "/.well-known/jwks" ? Promise.resolve({ keys: [jwk] }) : undefined;
  };
  return {
    issuer,
    address,
    sign: async (subject, claims = {}, options = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const own = { iss: issuer, sub: subject, aud: FEDERATED_AUDIENCE, iat: now, nbf: now, exp: now + 300 };
      return await new SignJWT({ ...own, ...claims })
        .setProtectedHeader({ alg: options.alg ?? "RS256", typ: "JWT", kid: options.kid ?? kid })
        .sign(options.key ?? privateKey);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(response: ServerResponse, given: Answer): Promise<void> {
  const body = typeof given === "number" ? undefined : await given;
  response.writeHead(body === undefined ? ((given as number | undefined) ?? 404) : 200, {
    "content-type": "application/json",
  });
  response.end(body === undefined ? "" : JSON.stringify(body));
}
