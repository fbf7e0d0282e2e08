import { getDefaultProxySettings } from "@azure/core-rest-pipeline";
import { ProviderError } from "./errors";

/** In the order in which Azure's library reads them. */
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/** @throws ProviderError where the environment's proxy has no address that can be used; it may hold a password, and is not shown */
export function checkProxy(): void {
  const where = VARIABLES.find((one) => process.env[one]);
  if (where === undefined) return;
  const address = process.env[where] ?? "";
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return;
  throw new ProviderError({
    what: "is no address of a proxy",
    where,
    allowed: "http://HOST:PORT, http://USER:PASSWORD@HOST:PORT",
    tryThis: "special characters of user and password percent-encoded, `@` as `%40`",
  });
}

/** What a proxy's 407 says, which would look like the service's own answer. */
export function proxyRefuses(): ProviderError {
  const { host = "", port } = getDefaultProxySettings() ?? {};
  return new ProviderError({
    what: "the proxy wants another user or password (HTTP 407)",
    where: `${host.replace(/^.*:\/\//, "")}:${port}`,
    tryThis: "HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, special characters percent-encoded",
  });
}

/**
 * Whether `NO_PROXY` takes a host past the proxy, as curl, Python and Go programs read it: a name means its sub-domains too, with a dot or `*.` before
 * it or not, and `*` everything. Azure's library knows the exact name and the form with a dot alone.
 */
export function passesProxy(url: string, noProxy: string | undefined): boolean {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.toLowerCase().replace(/\.$/, "");
  const used = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return (noProxy ?? "").split(/[\s,]+/).some((entry) => {
    const [, name = "", only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entry === "*") return true;
    if (name === "" || (only !== undefined && only !== used)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}
