import { ok, problem, warning, type Finding } from "./finding";

/** An address that `pulumi up`, a run or a caller needs. */
export interface Place {
  /** `storage`, `tracking`, `scoring of oe-churn`, … */
  readonly name: string;
  readonly url: string;
  /** Its `publicNetworkAccess` is `Disabled`. */
  readonly isPrivate: boolean;
  /** The private DNS zone that leads to its private endpoint. */
  readonly zone?: string;
}

interface Failure {
  /** As Node or OpenSSL names it; empty where there is none. */
  readonly code: string;
  readonly message: string;
  readonly repair?: string;
}

/** What came of asking there without a token. */
export interface Seen {
  /** Where its name leads to from here; undefined where a proxy finds it. */
  readonly address?: string;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** Code and message of what failed. */
  readonly failure?: Failure;
}

/** Failures of certificates, as Node names them. */
const CERTIFICATE = /CERT|UNABLE_TO|SELF_SIGNED|ALTNAME/;

export function reachFinding(
  { name, url, isPrivate, zone }: Place,
  { address, status, failure }: Seen,
): Finding {
  const about = `reach: ${name}`;
  const { host } = new URL(url);
  const inside = `a link of private DNS zone ${zone ?? "of the service"} to this machine's network, and \`pulumi up\` inside that network`;
  if (isPrivate && address !== undefined && !isPrivateAddress(address))
    return problem(
      about,
      `${host} is closed to the internet, and its name leads to ${address}, a public address`,
      inside,
    );
  if (failure !== undefined) {
    const by = address === undefined ? "" : ` (${address})`;
    return problem(about, `${host}${by}: ${failure.message}`, isPrivate ? inside : repairOf(failure, host));
  }
  if (status === undefined || status >= 500)
    return problem(
      about,
      `${host} answers ${status ?? "nothing"}`,
      `a way through firewall or proxy to ${host}, port 443; or once more later, https://status.azure.com`,
    );
  if (status === 403 && isPrivate) return problem(about, `${host} refuses this machine (403)`, inside);
  if (status === 403)
    return warning(
      about,
      `${host} answers 403: its firewall, or a proxy on the way, may keep this machine out`,
    );
  if (isPrivate && address === undefined)
    return warning(about, `${host} is closed to the internet; a proxy leads there, and answers`, inside);
  return ok(about, address === undefined ? `${host}, by a proxy` : `${host} (${address})`);
}

function repairOf({ code, repair }: Failure, host: string): string {
  if (repair !== undefined) return repair;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return `this machine's DNS, or HTTPS_PROXY: \`nslookup ${host}\``;
  if (CERTIFICATE.test(code))
    return "NODE_EXTRA_CA_CERTS=FILE.pem with the certificate authority of what inspects TLS on the way";
  return `a way through firewall or proxy to ${host}, port 443`;
}

/** Of RFC 1918, RFC 6598 and RFC 4193, and loopback. */
export function isPrivateAddress(address: string): boolean {
  const [first = 0, second = 0] = address.split(".").map(Number);
  if (address.includes(":")) return /^(f[cd]|::1$|fe80)/i.test(address);
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
