import * as pulumi from "@pulumi/pulumi";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { compileRun, parameterTypes, type CompiledRun } from "../providers/mlflow-project/compile";
import { openProject } from "../providers/mlflow-project/open";
import type { ParameterValue } from "../providers/mlflow-project/parameters";
import { LATER, type Later } from "../providers/rules";
import { isKnown } from "./args";
import type { MlflowProjectArgs } from "./mlflow-project-args";

/** What of a component's args says what runs. */
export interface ProjectChoice extends Pick<MlflowProjectArgs, "uri" | "version" | "entryPoint"> {
  readonly parameters?: Readonly<Record<string, ParameterValue | Later>>;
}

/**
 * Compiles what is known of a run: a value that comes later is stood in for by one of its type, so that all else is checked.
 *
 * @throws ProviderError
 */
export function compileKnown({ uri, version, entryPoint, parameters = {} }: ProjectChoice): CompiledRun {
  const { folder } = openProject(uri, version);
  const types = parameterTypes(folder, entryPoint);
  const known = Object.entries(parameters).map(
    ([name, value]) =>
      [name, isKnown(value) ? value : (STAND_INS[types.get(name) ?? ""] ?? "later")] as const,
  );
  return compileRun(folder, {
    ...(entryPoint === undefined ? {} : { entryPoint }),
    parameters: Object.fromEntries(known),
    kindOf,
  });
}

const STAND_INS: Readonly<Record<string, ParameterValue>> = {
  float: 0,
  uri: "later:",
  path: { type: "uri_folder", uri: "later:" },
};

function kindOf(path: string): "uri_file" | "uri_folder" | undefined {
  const found = statSync(resolve(path), { throwIfNoEntry: false });
  return found && (found.isDirectory() ? "uri_folder" : "uri_file");
}

/** The program's parameters, with `LATER` for those that are outputs. */
export function knownParameters(
  parameters: MlflowProjectArgs["parameters"] = {},
): Readonly<Record<string, ParameterValue | Later>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, isLater(value) ? LATER : value]),
  ) as Readonly<Record<string, ParameterValue | Later>>;
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
