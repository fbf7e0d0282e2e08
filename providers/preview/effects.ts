import { duration } from "../generations/duration";
import { logicalName } from "../drift/names";
import { means } from "../drift/same";
import type { Gate } from "../rollout/gates";
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
  /** Of an online endpoint that gets another generation. */
  readonly rollout?: Pick<RolloutInputs, "steps" | "gates"> & {
    readonly smokeRequests: number;
    readonly check: boolean;
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
    endpoint: endpointId?.slice(endpointId.lastIndexOf("/") + 1) ?? `of ${logicalName(change.urn)}`,
    ...(endpointId === undefined ? {} : { endpointId }),
  };
  if (change.op === "delete") return { ...named, makes: "end" };
  const isNew = change.op === "create";
  if (!isNew && !hasNewGeneration(change)) return { ...named, makes: "nothing" };
  const version = versionOf(preview, change);
  const rollout = change.new?.inputs as unknown as RolloutInputs;
  return {
    ...named,
    makes: isNew ? "endpoint" : "generation",
    ...(version === undefined ? {} : { version }),
    ...(kind === "batch"
      ? {}
      : {
          rollout: {
            steps: rollout.steps,
            gates: rollout.gates,
            smokeRequests: rollout.smokeRequests.length,
            check: rollout.check !== undefined,
          },
          machines: {
            type: textAt(inputs, "deployment.properties.instanceType") ?? "machines",
            instances: Number(valueAt(inputs, "deployment.sku.capacity") ?? 1),
            location: textAt(inputs, "deployment.location") ?? "",
          },
        }),
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

/** What it means to those who use the endpoint, one sentence in Markdown. Pure. */
export function sentenceOf(effect: EndpointEffect, asked: Asked): string {
  const name = `\`${effect.endpoint}\``;
  if (effect.makes === "end") return `${name}: **everything that serves there is taken away**`;
  if (effect.makes === "nothing") return `${name}: serves on, with the same model; settings change`;
  const { version, rollout, machines } = effect;
  const model = version === undefined ? "another model or configuration" : modelText(version, asked);
  if (effect.makes === "endpoint") return `${name}: new, serves ${model}`;
  if (rollout === undefined) return `${name}: ${model}, proven by a small job, then the default`;
  const parts = [
    model,
    stepsText(rollout.steps),
    judgesText(rollout.gates, rollout.check, rollout.smokeRequests),
  ];
  const extra =
    machines === undefined
      ? ""
      : `; +${machines.instances} × ${machines.type} while it lasts, ${asked.quota ?? "quota unknown: Azure was not asked"}`;
  return `${name}: ${parts.join(", ")}${extra}`;
}

function modelText({ from, to }: NewVersion, { expected }: Asked): string {
  const number = expected === undefined ? "version unknown: Azure was not asked" : `${expected} expected`;
  return from === undefined ? `model ${to} (${number})` : `model ${from} → ${to} (${number})`;
}

function stepsText(steps: RolloutInputs["steps"]): string {
  const least = steps.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  const weights = steps.map(({ weight, mirror }) =>
    mirror === undefined ? `${weight} %` : `mirror ${mirror} %`,
  );
  const count = steps.length === 1 ? "1 step" : `${steps.length} steps`;
  const pauses = steps.some(({ pause }) => pause === true) ? ", pausing for a promotion" : "";
  return `${count} (${weights.join(", ")}), at least ${duration(least * 1000)}${pauses}`;
}

const METRICS: Readonly<Record<string, string>> = { errorPercent: "errors" };

function judgesText(gates: readonly Gate[], check: boolean, smoke: number): string {
  const limits = gates.map(({ metric, max, maxRatio }) => {
    const unit = metric === "errorPercent" ? " %" : " ms";
    const name = METRICS[metric] ?? metric.replace(/^latencyP/, "p");
    const absolute = max === undefined ? [] : [`≤ ${max}${unit}`];
    const relative = maxRatio === undefined ? [] : [`≤ ${maxRatio} × now`];
    return `${name} ${[...absolute, ...relative].join(" and ")}`;
  });
  const judges = [
    ...(limits.length === 0 ? [] : [`gates ${limits.join(" and ")}`]),
    ...(check ? ["a check of its own"] : []),
    ...(smoke === 0 ? [] : [`${smoke} smoke request${smoke === 1 ? "" : "s"} first`]),
  ];
  return judges.length === 0 ? "**no gates**" : judges.join(", ");
}
