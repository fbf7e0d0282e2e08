import type * as pulumi from "@pulumi/pulumi";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { armId, oneOf, optional, tags, text, type Problem, type Rules } from "../providers/rules";
import type { Constraint, Known } from "./args";
import type { Tags } from "./tags";

export interface DataAssetArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** 1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first. */
  readonly dataName: pulumi.Input<string>;
  /** `uri_file` (one file), `uri_folder`, or `mltable` (a folder whose file `MLTable` says how to read it). All versions of a name are of one type. */
  readonly type: pulumi.Input<string>;
  /**
   * Where the data is: `azureml://datastores/NAME/paths/…`, `https://ACCOUNT.blob.core.windows.net/…`, `abfss://…`, `wasbs://…`, which are named and not copied, so that the version doesn't
   * know when they change. Or a file or folder here, relative to the program's own, which is uploaded to the workspace's blob store, readable by whoever reads that.
   */
  readonly path: pulumi.Input<string>;
  /** Of the version; it changes in place. None by default. */
  readonly description?: pulumi.Input<string>;
  /** Of the version; they change in place. None by default. */
  readonly tags?: Tags;
  /** `retain` (the default): versions outlive the stack. `delete`: a version goes when another takes its place, or the resource goes. The files always stay. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

export const dataAssetRules: Rules<DataAssetArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  dataName: text(
    "1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/,
    "REST API 2025-12-01, Data Versions: pattern of name",
  ),
  type: oneOf("uri_file", "uri_folder", "mltable"),
  path: text("the address of data, or the path of a file or folder"),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  onDelete: optional(oneOf("retain", "delete")),
};

/** Whether the path is an address, and not of something here. */
export function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

const SCHEMES = ["azureml", "https", "abfss", "wasbs"];

export const dataAssetConstraints: readonly Constraint<DataAssetArgs>[] = [
  {
    id: "data-asset-path-scheme",
    source: "how-to-create-data-assets: supported paths",
    problems: ({ path }) => {
      if (typeof path !== "string" || !isAddress(path)) return [];
      if (SCHEMES.includes(path.slice(0, path.indexOf(":")).toLowerCase())) return [];
      const allowed = SCHEMES.map((scheme) => `${scheme}://`).join(", ");
      return told(path, `it must be a path here, or an address with ${allowed}`);
    },
  },
  {
    id: "data-asset-file-is-folder",
    source: "how-to-create-data-assets: a uri_file is a single file",
    problems: ({ type, path }) =>
      type === "uri_file" && typeof path === "string" && isAddress(path) && path.endsWith("/")
        ? told(path, "it must be the address of one file, which does not end in a slash")
        : [],
  },
  {
    id: "data-asset-local-kind",
    source: "how-to-create-data-assets: types of data, paths on the local machine",
    problems: (args) => {
      const source = localSource(args);
      if (source === undefined || typeof args.type !== "string") return [];
      const found = statSync(source, { throwIfNoEntry: false });
      const wanted = args.type === "uri_file" ? "file" : "folder";
      if (found === undefined) return told(args.path, `there is no such ${wanted} (${source})`);
      return found.isDirectory() === (wanted === "folder")
        ? []
        : told(args.path, `it must be a ${wanted} for type ${args.type}`);
    },
  },
  {
    id: "data-asset-mltable-file",
    source: "reference-yaml-mltable: a folder with a file MLTable, YAML with paths",
    problems: (args) => {
      const source = localSource(args);
      if (source === undefined || args.type !== "mltable") return [];
      if (!statSync(source, { throwIfNoEntry: false })?.isDirectory()) return [];
      return hasTable(source)
        ? []
        : told(args.path, "it must have a file MLTable: YAML with a list of paths");
    },
  },
];

function told(value: unknown, reason: string): Problem[] {
  return [{ path: "path", value, reason }];
}

function localSource({ path }: Known<DataAssetArgs>): string | undefined {
  return typeof path === "string" && !isAddress(path) ? resolve(path) : undefined;
}

/** Whether a folder has a file that says how to read its table. */
export function hasTable(folder: string): boolean {
  try {
    const table = parse(readFileSync(join(folder, "MLTable"), "utf8")) as { paths?: unknown } | null;
    return Array.isArray(table?.paths) && table.paths.length > 0;
  } catch {
    return false;
  }
}
