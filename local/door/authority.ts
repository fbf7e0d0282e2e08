import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { rmSync } from "node:fs";
import { keepPrivate, readIfThere, writeWhole } from "../files";
import type { StatePaths } from "../state";
import { destination } from "./hosts";
import { nameConstraints } from "./name-constraints";

/** A certificate for one server name, with its key; both PEM. */
export interface Leaf {
  readonly cert: string;
  readonly key: string;
}

/** This machine's own certificate authority: nobody trusts it but what the local Azure starts. */
export interface Authority {
  /** The authority's own certificate, PEM: what a client is told to trust. */
  readonly certificate: string;
  /** A certificate for one of Azure's names; for any other name, the one for 127.0.0.1 and localhost. */
  leaf(serverName: string): Promise<Leaf>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;
const authorityName = "CN=pulumi-azureml local Azure, O=this machine only";

/**
 * Reads the authority from the state folder; makes it (valid for ten years) when there is none, it has run out, or it may not vouch for the
 * names of today.
 */
export async function openAuthority(paths: StatePaths): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto);
  const own = (await readAuthority(paths)) ?? (await makeAuthority(paths));
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const key = await privateKeyPem(keys.privateKey);
  const minted = new Map<string, Promise<Leaf>>();
  return {
    certificate: own.certificate.toString("pem"),
    leaf: (serverName) => {
      const name = destination(serverName) === undefined ? "localhost" : serverName.toLowerCase();
      let leaf = minted.get(name);
      if (leaf === undefined) {
        leaf = mint(own, keys, name).then((certificate) => ({ cert: certificate.toString("pem"), key }));
        minted.set(name, leaf);
      }
      return leaf;
    },
  };
}

function sameBytes(left: ArrayBuffer, right: ArrayBuffer): boolean {
  return Buffer.from(left).equals(Buffer.from(right));
}

interface OwnAuthority {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

async function readAuthority(paths: StatePaths): Promise<OwnAuthority | undefined> {
  const certificateText = readIfThere(paths.authorityCertificate);
  const keyText = readIfThere(paths.authorityKey);
  if (certificateText === undefined || keyText === undefined) return undefined;
  keepPrivate(paths.authorityKey);
  const certificate = new x509.X509Certificate(certificateText);
  if (certificate.notAfter.getTime() < Date.now() + 30 * day) return undefined;
  const constraints = certificate.getExtension("2.5.29.30");
  if (constraints === null || !sameBytes(constraints.value, nameConstraints().value)) return undefined;
  const [key] = x509.PemConverter.decode(keyText);
  if (key === undefined) return undefined;
  const privateKey = await webcrypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]);
  return { certificate, privateKey };
}

async function makeAuthority(paths: StatePaths): Promise<OwnAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: authorityName,
    serialNumber: serialNumber(),
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys: keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      nameConstraints(),
    ],
  });
  // The certificate goes first and comes last: a process that is killed in between leaves no pair that doesn't match.
  rmSync(paths.authorityCertificate, { force: true });
  writeWhole(paths.authorityKey, await privateKeyPem(keys.privateKey), 0o600);
  writeWhole(paths.authorityCertificate, `${certificate.toString("pem")}\n`, 0o644);
  return { certificate, privateKey: keys.privateKey };
}

async function mint(
  own: OwnAuthority,
  keys: webcrypto.CryptoKeyPair,
  name: string,
): Promise<x509.X509Certificate> {
  const names: x509.JsonGeneralNames = [{ type: "dns", value: name }];
  if (name === "localhost") names.push({ type: "ip", value: "127.0.0.1" });
  return await x509.X509CertificateGenerator.create({
    subject: "CN=local Azure",
    issuer: own.certificate.subject,
    serialNumber: serialNumber(),
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: own.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(own.certificate.publicKey),
    ],
  });
}

/** Positive, so that strict clients take it: a leading bit would make it negative. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
