import { createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { cloud } from "../clients/cloud";
import { credential } from "../clients/credential";
import { ProviderError } from "../clients/errors";
import { httpClient } from "../clients/http";

/** Azure's longest request. */
const TIMEOUT = 180_000;

interface ScoredEndpoint {
  readonly properties: { readonly authMode: string; readonly scoringUri: string };
}

/** Sends one request to a deployment by its name, whatever its traffic. */
export type Scorer = (body: unknown) => Promise<{ readonly status: number; readonly text: string }>;

/** Signs in to the endpoint as it wants it. @throws ArmError; ProviderError where the endpoint is gone */
export async function scorerOf(arm: Arm, endpointId: string, deployment: string): Promise<Scorer> {
  const endpoint = await arm.read<ScoredEndpoint>(endpointId, { apiVersion: ML_API_VERSION });
  if (endpoint === undefined) throw new ProviderError({ what: "this endpoint is gone", where: endpointId });
  const pipeline = createPipelineFromOptions({});
  const client = httpClient();
  const token = await tokenOf(arm, endpointId, endpoint.properties.authMode);
  return async (body) => {
    const request = createPipelineRequest({
      method: "POST",
      url: endpoint.properties.scoringUri,
      timeout: TIMEOUT,
      body: JSON.stringify(body),
    });
    request.headers.set("authorization", `Bearer ${token}`);
    request.headers.set("content-type", "application/json");
    request.headers.set("azureml-model-deployment", deployment);
    const { status, bodyAsText } = await pipeline.sendRequest(client, request);
    return { status, text: bodyAsText ?? "" };
  };
}

async function tokenOf(arm: Arm, endpointId: string, authMode: string): Promise<string> {
  const request = { apiVersion: ML_API_VERSION };
  if (authMode === "Key")
    return (await arm.post<{ primaryKey: string }>(`${endpointId}/listKeys`, request))?.primaryKey ?? "";
  if (authMode === "AMLToken")
    return (await arm.post<{ accessToken: string }>(`${endpointId}/token`, request))?.accessToken ?? "";
  return (await credential().getToken((await cloud()).scoringScope))?.token ?? "";
}
