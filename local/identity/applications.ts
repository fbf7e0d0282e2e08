import { createHash, randomBytes, randomUUID, X509Certificate } from "node:crypto";
import type { Store } from "../arm/store";
import { DEPLOYER, TENANT_ID } from "../cloud";
import { UserError } from "../user-error";
import { noteDeleted } from "./deleted-principals";
import type { KnownPrincipal } from "./principals";

/** Beside ARM's ids, which begin with a slash: applications belong to the tenant, not to a subscription. */
const FOLDER = "entra/applications/";

/** A registered application with its service principal, as the store keeps it. */
export interface Application extends KnownPrincipal {
  /** SHA-256 of its secret, hexadecimal; undefined for one without. */
  readonly secretHash: string | undefined;
  /** PEM, the public part alone; undefined for one without. */
  readonly certificate: string | undefined;
}

/** What `npm run local -- service-principal` asks for. */
export interface ApplicationOrder {
  readonly name: string;
  /** Who signs in by a certificate instead of a secret: the certificate, PEM. */
  readonly certificate?: string;
  /** A new secret; the old one ends at once. */
  readonly rotate?: boolean;
  readonly delete?: boolean;
}

/** What whoever ordered it is told. */
export interface ApplicationReport {
  readonly displayName: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly tenantId: string;
  /** Told this once, when it was made. */
  readonly secret?: string;
  readonly did: "made" | "changed" | "deleted" | "nothing";
}

export function applications(store: Store): Application[] {
  return store.list(FOLDER).map(({ internal }) => internal as unknown as Application);
}

export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/**
 * Registers an application, gives it a new secret or certificate, or takes it away.
 *
 * @throws UserError for a name or a certificate that none can have
 */
export async function orderApplication(store: Store, order: ApplicationOrder): Promise<ApplicationReport> {
  const name = checkName(order.name);
  const before = applications(store).find((each) => each.displayName.toLowerCase() === name.toLowerCase());
  if (order.delete === true) return await takeAway(store, name, before);
  const certificate = order.certificate === undefined ? undefined : checkCertificate(order.certificate);
  if (before !== undefined && certificate === undefined && order.rotate !== true)
    return report(before, "nothing");
  const secret = certificate === undefined ? randomBytes(30).toString("base64url") : undefined;
  const after: Application = {
    objectId: before?.objectId ?? randomUUID(),
    clientId: before?.clientId ?? randomUUID(),
    tenantId: TENANT_ID,
    displayName: before?.displayName ?? name,
    resourceId: undefined,
    secretHash: secret === undefined ? before?.secretHash : secretHash(secret),
    certificate: certificate ?? before?.certificate,
  };
  const id = FOLDER + name;
  await store.put({ id, body: {}, internal: JSON.parse(JSON.stringify(after)) as never });
  return { ...report(after, before === undefined ? "made" : "changed"), ...(secret && { secret }) };
}

async function takeAway(
  store: Store,
  name: string,
  before: Application | undefined,
): Promise<ApplicationReport> {
  if (before === undefined)
    throw new UserError(`There is no service principal ${name}; ${listed(applications(store))}`);
  await noteDeleted(store, before.objectId);
  await store.delete(FOLDER + name);
  return report(before, "deleted");
}

function listed(known: readonly Application[]): string {
  if (known.length === 0) return "there is none besides the deployer.";
  return `there are ${known.map(({ displayName }) => displayName).join(", ")}.`;
}

function report(application: Application, did: ApplicationReport["did"]): ApplicationReport {
  const { displayName, clientId, objectId, tenantId } = application;
  return { displayName, clientId, objectId, tenantId, did };
}

function checkName(name: unknown): string {
  if (typeof name === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/.test(name)) {
    if (name.toLowerCase() !== DEPLOYER.displayName) return name;
    throw new UserError(`${name} is who runs \`pulumi up\` here: give the service principal another name.`);
  }
  throw new UserError(
    `${JSON.stringify(name)} is no name of a service principal: 1 to 120 letters, digits, '.', '_' and '-', a letter or digit first.`,
  );
}

/** The public part, made whole: a private key beside it is left out. */
function checkCertificate(pem: string): string {
  const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0];
  const certificate = block === undefined ? undefined : parse(block);
  if (certificate === undefined) throw new UserError("The file holds no certificate in PEM form.");
  if (certificate.publicKey.asymmetricKeyType !== "rsa")
    throw new UserError("Entra takes certificates with an RSA key alone; this one's key is another.");
  if (Date.parse(certificate.validTo) < Date.now())
    throw new UserError(`The certificate ran out at ${certificate.validTo}.`);
  return certificate.toString();
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
