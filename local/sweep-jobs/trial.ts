import { objectAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { JsonObject } from "../json";
import type { Values } from "./sample";
import type { SweepSpec } from "./sweep";

const BINDING = /\$\{\{\s*search_space\.(\w+)\s*\}\}/g;

/** ARM id of a trial's job, which Azure ML names by its sweep. */
export const trialId = (sweepId: string, number: number): string => `${sweepId}_${number}`;

/** The properties of a trial's command job: as any, with its values in the command and in its environment. */
export function trialProperties(
  { id, trial }: Pick<SweepSpec, "id" | "trial">,
  number: number,
  values: Values,
): JsonObject {
  const named = Object.entries(values).map(
    ([name, value]) => [`AZUREML_SWEEP_${name}`, String(value)] as const,
  );
  return {
    ...trial,
    displayName: lastName(trialId(id, number)),
    command: String(trial["command"] ?? "").replace(BINDING, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    ),
    environmentVariables: { ...objectAt(trial, "environmentVariables"), ...Object.fromEntries(named) },
  };
}
