import { lastOf, logicalName } from "../drift/names";
import { means } from "../drift/same";
import type { BatchRolloutInputs } from "../batch-rollout/inputs";
import type { RolloutInputs } from "../rollout/provider";
import { isUnknown, valueAt } from "./differences";
import type { Change, Preview } from "./engine-json";

const MODEL = /^pulumi-nodejs:dynamic\/pulumi-azureml:(MlflowModel|CustomModel)$/;
const ROLLOUT = /^pulumi-nodejs:dynamic\/pulumi-azureml:Rollout$/;
const BATCH_ROLLOUT = /^pulumi-nodejs:dynamic\/pulumi-azureml:BatchRollout$/;

/** A model that gets another version. */
export interface NewVersion {
  readonly model: string;
  readonly workspaceId?: string;
  /** The first characters of the contents' digests. */
  readonly from?: string;
  readonly to: string;
}

/** What a preview does to an endpoint's callers. */
export interface EndpointEffect {
  readonly endpoint: string;
  readonly endpointId?: string;
  readonly kind: "online" | "batch";
  readonly makes: "endpoint" | "generation" | "nothing" | "end";
  readonly version?: NewVersion;
  /** Name of the new deployment, where model and configuration are known. */
  readonly generation?: string;
  /** Of an online endpoint that gets another generation. */
  readonly rollout?: Pick<RolloutInputs, "steps" | "gates"> & {
    readonly smokeRequests: number;
    readonly check: boolean;
  };
  /** Of a batch endpoint that gets another generation. */
  readonly proof?: Pick<BatchRolloutInputs["proof"], "input" | "expectedRows" | "columns"> & {
    readonly expected: number;
    readonly maxSeconds: number;
    /** Whether the lines are in one file that can be read. */
    readonly read: boolean;
    /** Name of the compute. */
    readonly compute?: string;
  };
  /** Machines beside those that serve, while the rollout lasts. */
  readonly machines?: { readonly type: string; readonly instances: number; readonly location: string };
}

/** What Azure says about it, as far as somebody could ask. */
export interface Asked {
  /** The number that the next version gets. */
  readonly expected?: number;
  /** `room`, or what is missing. */
  readonly quota?: string;
}

const digestOf = (inputs: unknown): string | undefined => {
  const digest = valueAt(inputs, "digest");
  return typeof digest === "string" && !isUnknown(digest) ? digest.slice(0, 4) : undefined;
};
const textAt = (inputs: unknown, path: string): string | undefined => {
  const text = valueAt(inputs, path);
  return typeof text === "string" && !isUnknown(text) ? text : undefined;
};

/** Models that get another version. Pure. */
export function newVersions({ changes }: Preview): NewVersion[] {
  return changes.flatMap(({ type, op, old, new: now }) => {
    const to = digestOf(now?.inputs);
    const from = digestOf(old?.inputs);
    if (!MODEL.test(type) || (op !== "create" && op !== "replace") || to === undefined || to === from)
      return [];
    const workspaceId = textAt(now?.inputs, "workspaceId");
    return [
      {
        model: textAt(now?.inputs, "name") ?? "a model",
        to,
        ...(from === undefined ? {} : { from }),
        ...(workspaceId === undefined ? {} : { workspaceId }),
      },
    ];
  });
}

/** Endpoints whose callers get other answers, or another way to them. Pure. */
export function endpointEffects(preview: Preview): EndpointEffect[] {
  return preview.changes.flatMap((change) => {
    const kind = ROLLOUT.test(change.type) ? "online" : BATCH_ROLLOUT.test(change.type) ? "batch" : undefined;
    if (kind === undefined || change.op === "same" || change.op === "read") return [];
    return [effectOf(preview, change, kind)];
  });
}

function effectOf(preview: Preview, change: Change, kind: EndpointEffect["kind"]): EndpointEffect {
  const inputs = change.new?.inputs ?? change.old?.inputs;
  const endpointId = textAt(inputs, "endpointId");
  const named = {
    kind,
    endpoint: endpointId === undefined ? `of ${logicalName(change.urn)}` : lastOf(endpointId),
    ...(endpointId === undefined ? {} : { endpointId }),
  };
  if (change.op === "delete") return { ...named, makes: "end" };
  const isNew = change.op === "create";
  if (!isNew && !hasNewGeneration(change)) return { ...named, makes: "nothing" };
  const version = versionOf(preview, change);
  const generation = textAt(inputs, "generation");
  return {
    ...named,
    makes: isNew ? "endpoint" : "generation",
    ...(version === undefined ? {} : { version }),
    ...(generation === undefined ? {} : { generation }),
    ...(kind === "online" ? online(inputs) : batch(inputs)),
  };
}

function online(inputs: unknown): Pick<EndpointEffect, "rollout" | "machines"> {
  const { steps, gates, smokeRequests, check } = inputs as RolloutInputs;
  return {
    rollout: { steps, gates, smokeRequests: smokeRequests.length, check: check !== undefined },
    machines: {
      type: textAt(inputs, "deployment.properties.instanceType") ?? "machines",
      instances: Number(valueAt(inputs, "deployment.sku.capacity") ?? 1),
      location: textAt(inputs, "deployment.location") ?? "",
    },
  };
}

function batch(inputs: unknown): Pick<EndpointEffect, "proof"> {
  const { proof, maxProofSeconds } = inputs as BatchRolloutInputs;
  const { expectedRows, columns, expected = [] } = proof;
  const compute = textAt(inputs, "deployment.properties.compute");
  return {
    proof: {
      input: textAt(inputs, "proof.input") ?? "a sample that is known after up",
      ...(expectedRows === undefined ? {} : { expectedRows }),
      ...(columns === undefined ? {} : { columns }),
      expected: expected.length,
      maxSeconds: maxProofSeconds,
      read: proof.outputFileName !== undefined,
      ...(compute === undefined ? {} : { compute: lastOf(compute) }),
    },
  };
}

/** Whether the deployment's fixed part is another one, or not known yet. */
function hasNewGeneration({ old, new: now }: Change): boolean {
  return !means(valueAt(old?.inputs, "generation"), valueAt(now?.inputs, "generation"));
}

/** The new version that the deployment serves: the one that it depends on, or the only one. */
function versionOf(preview: Preview, { dependencies }: Change): NewVersion | undefined {
  const versions = newVersions(preview);
  const changed = preview.changes.filter(({ type, urn }) => MODEL.test(type) && dependencies.includes(urn));
  const names = changed.map(({ new: now }) => textAt(now?.inputs, "name"));
  return (
    versions.find(({ model }) => names.includes(model)) ?? (versions.length === 1 ? versions[0] : undefined)
  );
}
