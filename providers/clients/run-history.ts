import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineRequestOptions,
} from "@azure/core-rest-pipeline";
import { ML_API_VERSION, type Arm, type ArmOptions } from "./arm";
import { armErrorOf } from "./arm-error";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { signInPolicy } from "./sign-in-policy";

const TIMEOUT = 60_000;

/** What run history tells of a run. */
export interface RunDetails {
  readonly runId: string;
  readonly status?: string | null;
  readonly error?: { readonly error?: { readonly code?: string; readonly message?: string } } | null;
  /** Addresses of its logs, by path; they open without signing in, and are secrets while they do. */
  readonly logFiles?: Readonly<Record<string, string>> | null;
}

/** A run below another: a step of a pipeline, a trial. */
export interface ChildRun {
  readonly runId: string;
  /** Of a step its name in the pipeline. */
  readonly name?: string | null;
  readonly displayName?: string | null;
  readonly status: string;
  readonly properties?: Readonly<Record<string, string>> | null;
  /** Ids of data assets, by the output's name. */
  readonly outputs?: Readonly<Record<string, { readonly assetId?: string | null } | null>> | null;
}

/** Azure ML's run history: what ARM does not tell of a job. */
export interface RunHistory {
  /** The runs below a run. @throws ArmError */
  childRuns(runId: string): Promise<readonly ChildRun[]>;
  /** Addresses of the data of runs' outputs, by the assets' ids. @throws ArmError */
  addresses(assetIds: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** @throws ArmError */
  details(runId: string): Promise<RunDetails>;
}

interface Workspace {
  readonly properties: { readonly mlFlowTrackingUri?: string };
}

/** @throws ProviderError where there is no such workspace */
export async function openRunHistory(
  arm: Arm,
  workspaceId: string,
  options: ArmOptions = {},
): Promise<RunHistory> {
  const workspace = await arm.read<Workspace>(workspaceId, { apiVersion: ML_API_VERSION });
  const trackingUri = workspace?.properties.mlFlowTrackingUri;
  if (trackingUri === undefined)
    throw new ProviderError({ what: "there is no such workspace", where: workspaceId });
  const host = `https://${new URL(trackingUri).host}`;
  const base = `${host}/history/v1.0${workspaceId}`;
  const client = options.httpClient ?? httpClient();
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(
    signInPolicy(({ resourceManagerScope }) => resourceManagerScope, options.credential),
    {
      phase: "Sign",
    },
  );

  async function get<T>(path: string): Promise<T> {
    return await ask<T>({ url: `${base}/${path}` });
  }

  async function ask<T>(request: Pick<PipelineRequestOptions, "url" | "method" | "body">): Promise<T> {
    const headers = createHttpHeaders({ "content-type": "application/json" });
    const response = await pipeline.sendRequest(
      client,
      createPipelineRequest({ ...request, headers, timeout: TIMEOUT }),
    );
    if (response.status >= 400) throw armErrorOf(response);
    return JSON.parse(response.bodyAsText ?? "") as T;
  }

  async function childRuns(runId: string): Promise<readonly ChildRun[]> {
    return (await get<{ value?: ChildRun[] }>(`runs/${runId}/children`)).value ?? [];
  }

  return {
    childRuns,
    async addresses(assetIds) {
      if (assetIds.length === 0) return {};
      const { values = {} } = await ask<{ values?: Record<string, { uri?: string | null } | null> }>({
        url: `${host}/data/v1.0${workspaceId}/dataversion/batchGetResolvedUris`,
        method: "POST",
        body: JSON.stringify({ values: assetIds }),
      });
      const found = Object.entries(values).flatMap(([id, value]) =>
        value?.uri ? [[id, value.uri] as const] : [],
      );
      return Object.fromEntries(found);
    },
    details: async (runId) => await get<RunDetails>(`runs/${runId}/details`),
  };
}
