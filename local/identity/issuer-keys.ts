import { readFileSync } from "node:fs";
import type { JSONWebKeySet } from "jose";
import { Agent, request } from "undici";
import { entraErrors } from "./entra-error";

/** Milliseconds that an issuer has to answer, and bytes that it may answer with. */
const DEADLINE = 5_000;
const MOST = 1024 * 1024;

export interface IssuerOptions {
  /** The certificate authority of this machine's servers; a PEM file, read when an issuer is asked. */
  readonly authorityCertificate: string;
  /** Hosts whose place something on this machine takes: host name → `http://127.0.0.1:PORT`. */
  readonly standIns: ReadonlyMap<string, string>;
}

/** Reads what issuers of federated tokens publish, as long as that is on this machine. */
export interface IssuerKeys {
  /**
   * The issuer's public keys, from its `.well-known/openid-configuration` and the `jwks_uri` in it.
   *
   * @throws EntraError for an issuer elsewhere, and for one that does not answer as OpenID says
   */
  of(issuer: string): Promise<JSONWebKeySet>;
}

export function createIssuerKeys(options: IssuerOptions): IssuerKeys {
  const read = async (issuer: string, url: string): Promise<Record<string, unknown>> => {
    const place = onThisMachine(url, options.standIns);
    if (place === undefined) throw entraErrors.issuerElsewhere(issuer, url);
    const dispatcher = new Agent({ connect: { ca: trusted(options.authorityCertificate) } });
    try {
      const { statusCode, body } = await request(place, {
        dispatcher,
        signal: AbortSignal.timeout(DEADLINE),
      });
      const text = await limited(body);
      if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
      return Object(JSON.parse(text)) as Record<string, unknown>;
    } catch (error) {
      throw entraErrors.issuerUnreachable(issuer, `${url}: ${(error as Error).message}`);
    } finally {
      await dispatcher.destroy();
    }
  };
  return {
    of: async (issuer) => {
      const configuration = await read(
        issuer,
        `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
      );
      if (configuration["issuer"] !== issuer)
        throw entraErrors.issuerUnreachable(issuer, "its configuration names another issuer");
      const keys = await read(issuer, String(configuration["jwks_uri"]));
      if (!Array.isArray(keys["keys"])) throw entraErrors.issuerUnreachable(issuer, "it publishes no keys");
      return keys as unknown as JSONWebKeySet;
    },
  };
}

/** Where to ask, when that is here: the host's stand-in, or an HTTPS server on loopback. */
export function onThisMachine(url: string, standIns: ReadonlyMap<string, string>): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search, username } = new URL(url);
  if (protocol !== "https:" || username !== "") return undefined;
  if (["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return url;
  const standIn = port === "" ? standIns.get(hostname) : undefined;
  return standIn === undefined ? undefined : `${standIn}${pathname}${search}`;
}

function trusted(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > MOST) throw new Error(`it answered more than ${MOST} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
