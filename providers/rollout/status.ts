import { ML_API_VERSION, type Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import { textBlob } from "../clients/blob-text";
import { ProviderError } from "../clients/errors";
import { GENERATION_TAG } from "../generations/generation";
import type { Refusal } from "../generations/refusals";
import { blobName, workspaceContainer } from "../generations/store";
import { writable } from "../online-endpoint/merge";
import { readEndpoint } from "../online-endpoint/write";
import { eventsIn, type HistoryEvent } from "./history";
import { journalIn } from "./journal";
import { phaseOf } from "./phase";
import { specIn, type StoredSpec } from "./spec";
import type { Journal, Moving, Phase, Step } from "./types";

/** A rollout as it is now, for people and scripts. */
export interface RolloutStatus {
  readonly endpointId: string;
  readonly endpoint: string;
  /** What is declared; what is on its way or serves, where that can't be read. */
  readonly generation?: string;
  readonly phase?: Phase;
  readonly serving?: string;
  /** The generation that is on its way. */
  readonly moving?: Moving;
  /** The declared steps; undefined where they can't be read. */
  readonly steps?: readonly Step[];
  readonly refused: readonly Refusal[];
  readonly deployments: readonly DeploymentStatus[];
  /** Oldest first; undefined where it can't be read. */
  readonly history?: readonly HistoryEvent[];
  /** Why the workspace's store can't be read. */
  readonly problem?: string;
}

export interface DeploymentStatus {
  readonly name: string;
  /** Percent of the requests. */
  readonly traffic: number;
  /** Percent of the requests that are copied to it. */
  readonly mirror: number;
  readonly instances: number;
  /** As Azure says. */
  readonly state: string;
  /** `foreign`: somebody else's. `kept`: it served before. */
  readonly role: "serves" | "moves" | "kept" | "refused" | "left" | "foreign";
}

interface LiveDeployment {
  readonly name: string;
  readonly sku?: { readonly capacity?: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: { readonly provisioningState: string };
}

interface Kept {
  readonly spec?: StoredSpec;
  readonly history?: readonly HistoryEvent[];
  readonly problem?: string;
}

/** @throws ProviderError where there is no such endpoint; ArmError */
export async function readStatus(arm: Arm, endpointId: string): Promise<RolloutStatus> {
  const [endpoint, deployments, { spec, history, problem }] = await Promise.all([
    readEndpoint(arm, endpointId),
    arm
      .list<LiveDeployment>(`${endpointId}/deployments`, { apiVersion: ML_API_VERSION })
      .catch((error: unknown) => error as Error),
    readKept(arm, endpointId),
  ]);
  if (endpoint === undefined)
    throw new ProviderError({ what: "there is no such endpoint, or not for who asks", where: endpointId });
  if (deployments instanceof Error) throw deployments;
  const { traffic = {}, mirrorTraffic = {} } = writable(endpoint).properties;
  const journal = journalIn(endpoint.tags);
  const generation = spec?.inputs.generation ?? journal?.moving?.generation ?? journal?.serving;
  return {
    endpointId,
    endpoint: resourceParts(endpointId).name,
    ...(generation === undefined || journal === undefined
      ? {}
      : { generation, phase: phaseOf(journal, generation) }),
    ...(journal?.serving === undefined ? {} : { serving: journal.serving }),
    ...(journal?.moving === undefined ? {} : { moving: journal.moving }),
    ...(spec === undefined ? {} : { steps: spec.inputs.steps }),
    refused: journal?.refused ?? [],
    deployments: deployments.map(({ name, sku, tags = {}, properties }) => ({
      name,
      traffic: traffic[name] ?? 0,
      mirror: mirrorTraffic[name] ?? 0,
      instances: sku?.capacity ?? 0,
      state: properties.provisioningState,
      role: GENERATION_TAG in tags ? roleOf(name, journal) : "foreign",
    })),
    ...(history === undefined ? {} : { history }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The history alone. @throws Error where the store can't be read */
export async function readHistory(arm: Arm, endpointId: string): Promise<readonly HistoryEvent[]> {
  const container = await workspaceContainer(arm, endpointId);
  const text = await textBlob(container, blobName(endpointId, "history.jsonl")).read();
  return eventsIn(text?.text ?? "");
}

function roleOf(name: string, journal: Journal | undefined): DeploymentStatus["role"] {
  if (journal?.moving?.generation === name) return "moves";
  if (journal?.serving === name) return "serves";
  if (journal?.refused.some((one) => one.generation === name)) return "refused";
  return journal?.old.some((one) => one.generation === name && one.proven) ? "kept" : "left";
}

/** Who may read the endpoint need not be allowed to read the store: what is there then is shown without. */
async function readKept(arm: Arm, endpointId: string): Promise<Kept> {
  try {
    const container = await workspaceContainer(arm, endpointId);
    const [spec, history] = await Promise.all([
      textBlob(container, blobName(endpointId, "spec.json")).read(),
      readHistory(arm, endpointId),
    ]);
    const stored = specIn(spec?.text);
    return { ...(stored === undefined ? {} : { spec: stored }), history };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
