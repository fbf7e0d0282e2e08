import { duration } from "../generations/duration";
import type { Gate } from "../rollout/gates";
import type { RolloutInputs } from "../rollout/provider";
import type { Asked, EndpointEffect, NewVersion } from "./effects";

/** What it means to those who use the endpoint, one sentence in Markdown. Pure. */
export function sentenceOf(effect: EndpointEffect, asked: Asked): string {
  const name = `\`${effect.endpoint}\``;
  if (effect.makes === "end") return `${name}: **everything that serves there is taken away**`;
  if (effect.makes === "nothing") return `${name}: serves on, with the same model; settings change`;
  const { version, generation, rollout, proof, machines } = effect;
  const model = version === undefined ? "another model or configuration" : modelText(version, asked);
  const made = generation === undefined ? model : `${model} as ${shown(generation)}`;
  if (effect.makes === "endpoint") return `${name}: new, serves ${made}`;
  if (proof !== undefined) return `${name}: ${made}, ${proofText(proof)}, then the default`;
  if (rollout === undefined) return `${name}: ${made}`;
  const parts = [
    made,
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

/** `proven by a job over `sample` on `cluster` that writes 20 lines of 3 values, 2 of them as declared, within 1 h`. */
function proofText(proof: NonNullable<EndpointEffect["proof"]>): string {
  const { input, expectedRows, columns, expected, maxSeconds, read, compute } = proof;
  const where = compute === undefined ? "" : ` on ${shown(compute)}`;
  const rows = expectedRows === undefined ? "lines" : expectedRows === 1 ? "1 line" : `${expectedRows} lines`;
  const values = columns === undefined ? "" : ` of ${columns} ${columns === 1 ? "value" : "values"}`;
  const answers = expected === 0 ? "" : `, ${expected} of them as declared`;
  const output = read ? `writes ${rows}${values}${answers}` : "ends well";
  return `proven by a job over ${shown(input)}${where} that ${output}, within ${duration(maxSeconds * 1000)}`;
}

function shown(text: string): string {
  return `\`${text.replace(/[\s`]+/g, " ")}\``;
}
