import { createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import type { Setting } from "./sign-in-settings";

/** Milliseconds for one try. */
const TIMEOUT = 30_000;

/** What a cloud says of itself at `/metadata/endpoints`, API version 2022-09-01; what is used of it. */
export interface CloudMetadata {
  readonly portal: string;
  readonly resourceManager: string;
  readonly authentication: { readonly loginEndpoint: string; readonly audiences: readonly string[] };
  readonly suffixes: { readonly storage: string; readonly keyVaultDns: string };
}

/** @param host `management.local.azurestack.external`, with `https://` or without @throws ProviderError where it describes no cloud */
export async function readMetadata({ value, source }: Setting): Promise<CloudMetadata> {
  const origin = value.includes("://") ? value : `https://${value}`;
  const fault = (what: string): ProviderError =>
    new ProviderError({
      what,
      where: source,
      allowed: "the host of Azure Resource Manager of another cloud",
    });
  if (!URL.canParse(origin) || new URL(origin).protocol !== "https:") throw fault(`${value} is no host`);
  const url = new URL("/metadata/endpoints?api-version=2022-09-01", origin).href;
  const client = httpClient();
  const response = await createPipelineFromOptions({})
    .sendRequest(client, createPipelineRequest({ url, timeout: TIMEOUT }))
    .catch((error: unknown) => {
      throw fault(`${value} can't be asked which cloud it is: ${(error as Error).message}`);
    });
  const metadata = parsed(response.bodyAsText);
  if (response.status !== 200 || metadata === undefined)
    throw fault(`${value} does not say which cloud it is (HTTP ${response.status})`);
  return metadata;
}

function parsed(body: string | null | undefined): CloudMetadata | undefined {
  try {
    const { portal, resourceManager, authentication, suffixes } = JSON.parse(body ?? "") as CloudMetadata;
    const { loginEndpoint, audiences } = authentication;
    const { storage, keyVaultDns } = suffixes;
    const texts = [portal, resourceManager, loginEndpoint, storage, keyVaultDns];
    if (!texts.every((one) => typeof one === "string") || !Array.isArray(audiences)) return undefined;
    return { portal, resourceManager, authentication, suffixes };
  } catch {
    return undefined;
  }
}
