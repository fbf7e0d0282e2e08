import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Constraint } from "./args";
import { isEmptyFolder, isFolder } from "./code";
import { COMMAND, jobSettingsConstraints } from "./job-settings-constraints";
import type { TrainingJobArgs } from "./training-job-args";
import { bindingConstraints, bindingForm } from "./training-job-bindings";
import { inputFilesConstraints } from "./training-job-files";

/** Rules of any job that runs a command: once, or in each trial. */
export const trialConstraints: readonly Constraint<TrainingJobArgs>[] = [
  {
    id: "training-job-code-folder",
    source: `${COMMAND}: code is a folder`,
    problems: ({ code }) => {
      if (typeof code !== "string") return [];
      if (!isFolder(code))
        return [{ path: "code", value: code, reason: `there is no such folder (${resolve(code)})` }];
      return isEmptyFolder(code) ? [{ path: "code", value: code, reason: "the folder has no files" }] : [];
    },
  },
  {
    id: "training-job-script-missing",
    source: `${COMMAND}: the command runs in the code's folder`,
    problems: ({ command, code }) => {
      const script = typeof command === "string" ? scriptIn(command) : undefined;
      if (script === undefined) return [];
      const reason = `${script} must be a file in the folder that \`code\` names`;
      if (code === undefined) return [{ path: "code", value: undefined, reason }];
      if (typeof code !== "string" || !isFolder(code) || existsSync(resolve(code, script))) return [];
      return [{ path: "command", value: command, reason }];
    },
  },
  ...bindingConstraints,
  ...inputFilesConstraints,
  {
    id: "training-job-one-environment",
    source: "models 2025-12-01, CommandJob: environmentId is required",
    problems: ({ environment, environmentId }) =>
      (environment === undefined) === (environmentId === undefined)
        ? [
            {
              path: "environmentId",
              value: environmentId,
              reason: "it must be given, or else environment, and not both",
            },
          ]
        : [],
  },
  ...jobSettingsConstraints,
];

export const trainingJobConstraints: readonly Constraint<TrainingJobArgs>[] = [
  ...trialConstraints,
  bindingForm("training-job-binding-form", ["inputs", "outputs"]),
];

/** The Python file that a command begins with, relative to the code's folder; undefined where it begins otherwise. */
export function scriptIn(command: string): string | undefined {
  const [, script] = /^\s*python3?(?:\s+-[uBOE]+)*\s+(?![-/])([^\s$]+\.py)(?=\s|$)/.exec(command) ?? [];
  return script;
}
