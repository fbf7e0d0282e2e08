import { randomUUID } from "node:crypto";
import type { JWTPayload } from "jose";

/** The one kind of client assertion there is (RFC 7523). */
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What the token endpoint refuses, in Entra's words. */
export class EntraError extends Error {
  constructor(
    readonly status: 400 | 401,
    readonly error: string,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const entraErrors = {
  unknownTenant: (tenant: string) =>
    new EntraError(
      400,
      "invalid_request",
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    ),
  unknownApplication: (clientId: string, tenant: string) =>
    new EntraError(
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`,
    ),
  wrongSecret: (clientId: string) =>
    new EntraError(
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  noSecret: () =>
    new EntraError(
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  missing: (parameter: string) =>
    new EntraError(
      400,
      "invalid_request",
      900144,
      `The request body must contain the following parameter: '${parameter}'.`,
    ),
  grantType: (grantType: string) =>
    new EntraError(
      400,
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${grantType}'. The local Azure takes 'client_credentials'.`,
    ),
  assertionType: (type: string) =>
    new EntraError(
      400,
      "invalid_request",
      90023,
      `The authentication service request isn't valid: client_assertion_type is '${type}', and has to be '${ASSERTION_TYPE}'.`,
    ),
  assertionMalformed: () =>
    new EntraError(400, "invalid_request", 50027, "JWT token is invalid or malformed: client_assertion."),
  assertionInvalid: (detail: string) =>
    new EntraError(400, "invalid_request", 50027, `JWT token is invalid or malformed: ${detail}.`),
  assertionSignature: (reason: string) =>
    new EntraError(
      401,
      "invalid_client",
      700027,
      `Client assertion failed signature validation. [Reason - ${reason}]`,
    ),
  assertionAudience: () =>
    new EntraError(
      401,
      "invalid_client",
      700023,
      "Client assertion audience claim does not match Realm issuer. It has to be the token endpoint of this tenant.",
    ),
  assertionTime: ({ nbf, iat, exp }: JWTPayload) =>
    new EntraError(
      401,
      "invalid_client",
      700024,
      `Client assertion is not within its valid time range. Current time: ${new Date().toISOString()}, assertion valid from ${time(nbf ?? iat)}, expiry time of assertion ${time(exp)}.`,
    ),
  noFederatedIssuer: (issuer: string) => noFederated(700211, "issuer", issuer),
  noFederatedAudience: (audience: string) => noFederated(700212, "audience", audience),
  noFederatedSubject: (subject: string) => noFederated(700213, "subject", subject),
  issuerElsewhere: (issuer: string, url: string) =>
    new EntraError(
      400,
      "invalid_request",
      90061,
      `Request to External OIDC endpoint failed: the issuer '${issuer}' publishes its keys at ${url}, and nothing of a local run leaves this machine. ` +
        "The local Azure asks issuers at https://localhost:PORT and https://127.0.0.1:PORT, and whoever stands in for GitHub (PULUMI_AZUREML_LOCAL_GITHUB).",
    ),
  issuerUnreachable: (issuer: string, reason: string) =>
    new EntraError(
      400,
      "invalid_request",
      90061,
      `Request to External OIDC endpoint failed: the keys of the issuer '${issuer}' could not be read (${reason}).`,
    ),
  scope: (scope: string) =>
    new EntraError(
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  unknownResource: (resource: string, tenant: string) =>
    new EntraError(
      400,
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}.`,
    ),
};

function noFederated(code: number, what: string, given: string): EntraError {
  return new EntraError(
    401,
    "invalid_client",
    code,
    `No matching federated identity record found for presented assertion ${what} '${given}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
  );
}

function time(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

/** The body that Entra answers with; MSAL and azure-core read `error`, `error_description` and `error_codes`. */
export function entraErrorBody(error: EntraError): Record<string, unknown> {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = new Date().toISOString().replace("T", " ").replace(/\..*/, "Z");
  return {
    error: error.error,
    error_description: `AADSTS${error.code}: ${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.code}`,
  };
}
