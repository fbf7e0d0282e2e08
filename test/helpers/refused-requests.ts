import { expect } from "chai";
import { exportJWK, SignJWT, type JWTPayload, type KeyLike } from "jose";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { ProxyAgent, request } from "undici";
import { DEPLOYER, TENANT_ID } from "../../local/cloud";
import { openSigningKey, type SigningKey } from "../../local/identity/signing-key";
import { issuer } from "../../local/identity/tokens";
import type { StatePaths } from "../../local/state";

/** One request as it goes over the wire. */
export interface Sent {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type Service = "arm" | "mlflow" | "blobs" | "vault" | "scoring" | "entra";

/** Sends through the door by Azure's own names, with nobody's credentials but what the request has itself. */
export class Door {
  readonly #proxy: ProxyAgent;

  constructor(paths: StatePaths, proxyPort: number) {
    const requestTls = { ca: readFileSync(paths.authorityCertificate) };
    this.#proxy = new ProxyAgent({ uri: `http://127.0.0.1:${proxyPort}`, requestTls });
  }

  async send({ method, url, headers = {}, body }: Sent): Promise<Received> {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await request(url, {
      ...{ method, dispatcher: this.#proxy, headers: { ...json, ...headers } },
      ...(body !== undefined && { body }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  async close(): Promise<void> {
    await this.#proxy.close();
  }
}

/** The service's own shape of a refusal, and that it says why. */
export function expectRefusal(service: Service, { status, headers, text }: Received): void {
  expect(status, text).to.be.oneOf(service === "entra" ? [400, 401] : [401, 403]);
  if (service === "scoring") {
    expect(text).to.match(/\w{4}/);
    return;
  }
  if (service === "blobs") {
    const code = /<Error>\s*<Code>(\w+)<\/Code>\s*<Message>[^<]+/.exec(text)?.[1];
    expect(code, text).to.equal(headers["x-ms-error-code"]);
    return;
  }
  const body = JSON.parse(text) as Record<string, unknown>;
  if (service === "entra") {
    expect(body["error"]).to.be.a("string");
    expect(body["error_description"]).to.match(/^AADSTS\d+: /);
    return;
  }
  const error = body["error"] as Record<string, unknown>;
  expect(error["code"], text).to.match(/^\w+$/);
  expect(error["message"], text).to.match(/\w{4}/);
  if (service === "mlflow")
    expect(error["innerError"]).to.have.property("code", status === 401 ? "Unauthorized" : "Forbidden");
}

/** Makes `Authorization` headers that must not be taken, each wrong in one way. */
export class Forger {
  private constructor(private readonly key: SigningKey) {}

  static async open(paths: StatePaths): Promise<Forger> {
    return new Forger(await openSigningKey(paths.tokenKey));
  }

  /** With nothing wrong: the deployer's. @param claims and @param header change that */
  async sign(
    audience: string,
    claims: JWTPayload = {},
    header: { readonly alg?: string; readonly kid?: string } = {},
    key: KeyLike | Uint8Array = this.key.privateKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const own = {
      ...{ aud: audience, iss: issuer, oid: DEPLOYER.objectId, appid: DEPLOYER.clientId, tid: TENANT_ID },
      ...{ nbf: now - 5, exp: now + 300 },
    };
    const token = await new SignJWT({ ...own, ...claims })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.key.id, ...header })
      .sign(key);
    return `Bearer ${token}`;
  }

  /** Each by what is wrong with it. @param another what another service's tokens are for */
  wrong(audience: string, another: string): Readonly<Record<string, () => Promise<string | undefined>>> {
    const now = Math.floor(Date.now() / 1000);
    const cut = async (): Promise<[string, string, string]> =>
      (await this.sign(audience)).split(".") as [string, string, string];
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return {
      "no token": () => Promise.resolve(undefined),
      "an empty token": () => Promise.resolve("Bearer "),
      "another scheme": () => Promise.resolve(`Basic ${Buffer.from("deployer:secret").toString("base64")}`),
      "an expired token": () => this.sign(audience, { exp: now - 60 }),
      "a token of later": () => this.sign(audience, { nbf: now + 600 }),
      "a token without an end": () => this.sign(audience, { exp: undefined }),
      "a token for another service": () => this.sign(another),
      "another tenant's token": () => this.sign(audience, { tid: "00000000-0000-0000-0000-000000000001" }),
      "another issuer's token": () =>
        this.sign(audience, { iss: "https://sts.windows.net/00000000-0000-0000-0000-000000000001/" }),
      "an altered payload": async () => {
        const [header, , signature] = await cut();
        return `${header}.${encoded({ aud: audience, iss: issuer, oid: "x", exp: now + 300 })}.${signature}`;
      },
      "an altered signature": async () => {
        const [header, payload, signature] = await cut();
        return `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
      },
      "no signature (alg none)": async () => {
        const [, payload] = await cut();
        return `Bearer ${encoded({ alg: "none", typ: "JWT", kid: this.key.id })}.${payload}.`;
      },
      "HS256 under the public key": async () =>
        this.sign(
          audience,
          {},
          { alg: "HS256" },
          Buffer.from(String((await exportJWK(this.key.publicKey)).n)),
        ),
      "an unknown key's name": () => this.sign(audience, {}, { kid: "unknown" }),
      "somebody else's key": () =>
        this.sign(audience, {}, {}, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
    };
  }
}
