import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const signedHeaders = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/**
 * The signature of a request by an account's key
 * (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key, 2015-02-21 and later).
 *
 * @param url path and query as sent
 * @param key base64
 */
export function sharedKeySignature(
  request: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders },
  account: string,
  key: string,
): string {
  const text = [
    request.method,
    ...signedHeaders.map((name) => signedHeader(request.headers, name)),
    ...canonicalHeaders(request.headers),
    canonicalResource(request.url, account),
  ].join("\n");
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

function signedHeader(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value !== "string" || (name === "content-length" && value === "0")) return "";
  return name === "date" && headers["x-ms-date"] !== undefined ? "" : value;
}

function canonicalHeaders(headers: IncomingHttpHeaders): string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${String(headers[name]).trim()}`);
}

function canonicalResource(url: string, account: string): string {
  const [path = "/", query = ""] = url.split(/\?(.*)/s);
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const lower = name.toLowerCase();
    values.set(lower, [...(values.get(lower) ?? []), value]);
  }
  const lines = [...values].map(([name, all]) => `\n${name}:${all.sort().join(",")}`).sort();
  return `/${account}${path}${lines.join("")}`;
}
