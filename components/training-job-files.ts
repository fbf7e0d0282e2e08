import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isInWorkspace } from "../providers/clients/arm-id";
import { isSigned, withoutSignature } from "../providers/models/addresses";
import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { isEmptyFolder } from "./code";
import { hasTable } from "./data-asset-args";
import type { TrainingJobArgs } from "./training-job-args";
import { DATA, type TrainingInputFiles } from "./training-job-data";

type Files = Known<TrainingInputFiles>;
type FilesArgs = Pick<TrainingJobArgs, "workspaceId" | "inputs">;

/** A rule of each input that is files, apart from the others. */
function ofFiles(
  id: string,
  source: string,
  problemsOf: (files: Files, path: string, args: Known<FilesArgs>) => readonly Problem[],
): Constraint<FilesArgs> {
  return {
    id,
    source,
    problems: (args) =>
      Object.entries(args.inputs ?? {}).flatMap(([name, value]) =>
        typeof value === "object" && isKnown(value) ? problemsOf(value, `inputs.${name}`, args) : [],
      ),
  };
}

/** Rules of the files that a job reads. */
export const inputFilesConstraints: readonly Constraint<FilesArgs>[] = [
  ofFiles("training-job-input-place", `${DATA}: an input has a path`, ({ uri, path }, at) =>
    (uri === undefined) === (path === undefined)
      ? [{ path: at, value: undefined, reason: "it must have a uri, or else a path here, and not both" }]
      : [],
  ),
  ofFiles(
    "training-job-input-signed",
    `${DATA}: jobs read data by the compute's or the caller's identity`,
    ({ uri }, at) =>
      typeof uri === "string" && isSigned(uri)
        ? told(
            `${at}.uri`,
            withoutSignature(uri),
            "it must have no shared access signature, which the job would show",
          )
        : [],
  ),
  ofFiles("training-job-input-one-file", `${DATA}: a uri_file is a single file`, ({ type, uri }, at) =>
    type === "uri_file" && typeof uri === "string" && uri.endsWith("/")
      ? told(
          `${at}.uri`,
          withoutSignature(uri),
          "it must be the address of one file, which does not end in a slash",
        )
      : [],
  ),
  ofFiles(
    "training-job-input-asset",
    `${DATA}: data and models are assets of their own`,
    ({ type, uri }, at) => {
      const [, collection] = /^\/subscriptions\/.*\/(data|models)\//i.exec(String(uri)) ?? [];
      if (collection === undefined || typeof type !== "string") return [];
      const wanted = type.endsWith("_model") ? "models" : "data";
      return collection.toLowerCase() === wanted
        ? []
        : told(
            `${at}.uri`,
            uri,
            `with type ${type} it must be a version of ${wanted === "data" ? "data" : "a model"}`,
          );
    },
  ),
  ofFiles(
    "training-job-input-elsewhere",
    `${DATA}: assets are registered in the workspace`,
    ({ uri }, at, { workspaceId }) => {
      if (typeof workspaceId !== "string" || typeof uri !== "string" || !uri.startsWith("/")) return [];
      return isInWorkspace(workspaceId, uri)
        ? []
        : told(`${at}.uri`, uri, "it must be in the job's workspace");
    },
  ),
  ofFiles(
    "training-job-input-mode",
    `${DATA}: EvalMount and EvalDownload are for mltable`,
    ({ type, mode }, at) =>
      typeof type === "string" && typeof mode === "string" && mode.startsWith("Eval") && type !== "mltable"
        ? told(`${at}.mode`, mode, "it must be of another kind unless type is mltable")
        : [],
  ),
  ofFiles("training-job-input-local", "azure-ai-ml: a local path must exist", ({ path }, at) => {
    if (typeof path !== "string") return [];
    const found = statSync(resolve(path), { throwIfNoEntry: false });
    if (found === undefined)
      return told(`${at}.path`, path, `there is no such file or folder (${resolve(path)})`);
    return found.isDirectory() && isEmptyFolder(path)
      ? told(`${at}.path`, path, "the folder has no files")
      : [];
  }),
  ofFiles("training-job-input-kind", `${DATA}: what each type is`, ({ type, path }, at) => {
    if (typeof path !== "string" || typeof type !== "string") return [];
    const lacking = lackOf(type, resolve(path));
    return lacking === undefined ? [] : told(`${at}.path`, path, `with type ${type} it must be ${lacking}`);
  }),
];

/** What a path would have to be for a type; undefined where it is, or there is nothing. */
function lackOf(type: string, path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || type === "custom_model") return undefined;
  if (type === "uri_file") return found.isFile() ? undefined : "a file";
  if (!found.isDirectory()) return "a folder";
  if (type === "mltable" && !hasTable(path)) return "a folder with a file MLTable, YAML with a list of paths";
  if (type === "mlflow_model" && !existsSync(join(path, "MLmodel"))) return "a folder with a file MLmodel";
  return undefined;
}

function told(path: string, value: unknown, reason: string): Problem[] {
  return [{ path, value, reason }];
}
