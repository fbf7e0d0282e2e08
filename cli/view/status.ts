import type { Minute } from "../../providers/rollout/series";
import type { DeploymentStatus, RolloutStatus } from "../../providers/rollout/status";
import { duration } from "../../providers/generations/duration";
import { stepText } from "../../providers/rollout/words";
import { figuresLine, rounded } from "./figures";
import { sparkline } from "./sparkline";
import { table } from "./table";

/** Minutes that a sparkline shows. */
export const SPARK_MINUTES = 24;

const ROLES: Readonly<Record<DeploymentStatus["role"], string>> = {
  serves: "serves",
  moves: "on its way",
  kept: "kept, to go back to",
  refused: "refused",
  left: "to be deleted",
  foreign: "somebody else's",
};

/**
 * A rollout as it is, in lines.
 *
 * @param now milliseconds since 1970
 * @param minutes what each deployment did of late, for the sparklines
 */
export function statusLines(
  status: RolloutStatus,
  now: number,
  minutes: Readonly<Record<string, readonly Minute[]>> = {},
): string[] {
  return [
    headline(status),
    ...(status.moving === undefined ? [] : ["", ...stepLines(status, now)]),
    "",
    ...deploymentLines(status.deployments),
    ...sparkLines(status.deployments, minutes),
    ...gateLines(status),
    ...refusalLines(status),
    ...(status.problem === undefined ? [] : ["", `Steps and history can't be read: ${status.problem}`]),
    ...hintLines(status),
  ];
}

/** The most important first. */
export function headline({ endpoint, generation, phase, serving, moving }: RolloutStatus): string {
  if (generation === undefined) return `${endpoint}: nothing was rolled forward on it`;
  if (phase === "Paused") return `${endpoint}: ${generation} is paused: ${moving?.paused ?? ""}`;
  if (phase === "Serving") return `${endpoint}: ${generation} serves`;
  if (phase === "RolledBack")
    return `${endpoint}: ${generation} was taken back, ${serving ?? "nothing"} serves`;
  return `${endpoint}: ${moving?.generation ?? generation} is on its way`;
}

function stepLines({ moving, steps }: RolloutStatus, now: number): string[] {
  if (moving === undefined) return [];
  const since = `for ${duration(now - moving.since)}`;
  if (moving.step < 0)
    return [`It ${moving.paused === undefined ? "is made and smoked" : "waits to be made"}, ${since}.`];
  if (steps === undefined) return [`It is at step ${moving.step + 1}, ${since}.`];
  const marks = steps.map((step, index) => {
    const mark = index < moving.step ? "✓" : index === moving.step ? "▸" : "·";
    return `${mark} ${stepText(step)}`;
  });
  return [marks.join("   "), `step ${moving.step + 1} of ${steps.length}, ${since}`];
}

function deploymentLines(deployments: readonly DeploymentStatus[]): string[] {
  const rows = deployments.map(({ name, traffic, mirror, instances, state, role }) => [
    name,
    `${traffic} %`,
    mirror > 0 ? `${mirror} %` : "",
    String(instances),
    state,
    ROLES[role],
  ]);
  return rows.length === 0
    ? ["no deployments"]
    : table(["deployment", "traffic", "mirror", "instances", "state", ""], rows);
}

function sparkLines(
  deployments: readonly DeploymentStatus[],
  minutes: Readonly<Record<string, readonly Minute[]>>,
): string[] {
  const shown = deployments.filter(({ name }) => (minutes[name]?.length ?? 0) > 0);
  if (shown.length === 0) return [];
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    "",
    ...shown.map(({ name }) => {
      const all = minutes[name] ?? [];
      const latency = series(all, ({ latencyP95 }) => latencyP95, "ms");
      const errors = series(all, ({ errorPercent }) => errorPercent, "%");
      return `${name.padEnd(width)}  p95 ${latency}  errors ${errors}`;
    }),
  ];
}

function series(
  minutes: readonly Minute[],
  figureOf: (minute: Minute) => number | undefined,
  unit: string,
): string {
  const figures = minutes.map(figureOf);
  const last = figures.filter((figure) => figure !== undefined).at(-1);
  const text = last === undefined ? "" : `${rounded(last)} ${unit}`;
  return `${sparkline(figures, SPARK_MINUTES)} ${text.padStart(8)}`;
}

/** The newest measurement of what is on its way. */
function gateLines({ history = [], moving }: RolloutStatus): string[] {
  const last = history
    .filter(({ kind, generation }) => kind === "measured" && generation === moving?.generation)
    .at(-1);
  if (last === undefined) return [];
  const { candidate, baseline } = last.figures ?? {};
  return [
    "",
    `gates at ${last.at.slice(11, 19)} UTC: ${last.why}`,
    ...(candidate === undefined ? [] : [`  it       ${figuresLine(candidate)}`]),
    ...(baseline === undefined ? [] : [`  serving  ${figuresLine(baseline)}`]),
  ];
}

function refusalLines({ refused }: RolloutStatus): string[] {
  return refused.length === 0
    ? []
    : ["", ...refused.map(({ generation, reason }) => `refused ${generation}: ${reason}`)];
}

function hintLines({ phase, generation, moving }: RolloutStatus): string[] {
  if (phase === "Paused") {
    const choices = `rollout promote ENDPOINT ${generation}, or rollout abort ENDPOINT ${generation}`;
    return moving !== undefined && moving.step < 0
      ? ["", `Next: rollout advance when that is mended; without it, ${choices}.`]
      : ["", `Next: ${choices}.`];
  }
  return phase === "Advancing"
    ? [
        "",
        "Next: `pulumi up` or rollout advance, where neither is at work already; rollout rollback to leave it.",
      ]
    : [];
}
