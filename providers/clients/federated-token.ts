import { createPipelineFromOptions, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { readFile } from "node:fs/promises";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { isLoopback } from "./mlflow-server";

/** Milliseconds for one try. */
const TIMEOUT = 30_000;

/** A token that something else keeps fresh in a file, read each time. @throws ProviderError */
export async function tokenOfFile(path: string, source: string): Promise<string> {
  const token = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new ProviderError({
      what: `the file with the federated token, ${path}, can't be read (${error.code ?? "unknown"})`,
      where: source,
      tryThis: "the path of a file that who runs the command may read",
    });
  });
  if (token.trim() === "")
    throw new ProviderError({ what: `the file with the federated token, ${path}, is empty`, where: source });
  return token.trim();
}

/**
 * Asks a CI system for a token, as GitHub Actions gives them: GET with a bearer token, `audience` in the query, the token as `value` of the answer.
 *
 * @throws ProviderError which shows neither token
 */
export async function requestToken(
  {
    url,
    token,
    audience,
    source,
  }: { readonly url: string; readonly token: string; readonly audience: string; readonly source: string },
  client: HttpClient = httpClient(),
): Promise<string> {
  const fault = (what: string): ProviderError =>
    new ProviderError({
      what,
      where: source,
      tryThis: "in GitHub Actions `permissions: id-token: write`, for the job that runs the command",
    });
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || (address.protocol !== "https:" && !isLoopback(url)))
    throw fault("is no https address to ask for a federated token");
  address.searchParams.set("audience", audience);
  const request = createPipelineRequest({
    url: address.href,
    timeout: TIMEOUT,
    allowInsecureConnection: address.protocol !== "https:",
  });
  request.headers.set("authorization", `Bearer ${token}`);
  request.headers.set("accept", "application/json");
  // What it leads to would get the bearer token.
  const pipeline = createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
  const { status, bodyAsText } = await pipeline.sendRequest(client, request).catch((error: unknown) => {
    throw fault(`${address.host} gave no federated token: ${(error as Error).message}`);
  });
  const value = status === 200 ? valueOf(bodyAsText) : undefined;
  if (value === undefined) throw fault(`${address.host} gave no federated token (HTTP ${status})`);
  return value;
}

function valueOf(body: string | null | undefined): string | undefined {
  try {
    const { value } = JSON.parse(body ?? "") as { value?: unknown };
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}
