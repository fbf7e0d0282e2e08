import type * as pulumi from "@pulumi/pulumi";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { isInWorkspace, workspaceIdOf } from "../providers/clients/arm-id";
import { isSigned, withoutSignature } from "../providers/models/addresses";
import {
  armId,
  flag,
  integer,
  objectOf,
  oneOf,
  optional,
  text,
  type Problem,
  type Rules,
} from "../providers/rules";
import { isKnown, type Constraint } from "./args";
import { isEmptyFolder } from "./code";

/** The files to score: an address, or files here; one of the two. */
export interface BatchInputFiles {
  /**
   * Where the files are: `azureml://datastores/NAME/paths/…`, `https://ACCOUNT.blob.core.windows.net/…`, a version of a data asset (`DataAsset`'s `id`, or
   * `azureml:NAME:VERSION`). An address is named and not copied, so that the run doesn't know when the files change: `rerun` then makes another run.
   */
  readonly uri?: pulumi.Input<string>;
  /** Of what is at `uri`: `uri_folder` (the default), or `uri_file` for one file. */
  readonly type?: pulumi.Input<"uri_folder" | "uri_file">;
  /**
   * A file or folder here, relative to the program's own folder, which is uploaded to the workspace's blob store. Its content counts: other files make another
   * run. A model without a scoring script gets no files of folders in it.
   */
  readonly path?: pulumi.Input<string>;
}

export interface BatchRunArgs {
  /** ARM id of the batch endpoint. */
  readonly endpointId: pulumi.Input<string>;
  /** Name of one of its deployments of a model. The endpoint's default by default. Another model, script or environment of it makes another run. */
  readonly deployment?: pulumi.Input<string>;
  /** The files to score. */
  readonly input: BatchInputFiles;
  /** The folder of a datastore, `azureml://datastores/NAME/paths/…`, below which each run has one of its own. `batch-runs` of the workspace's blob store by default. */
  readonly outputUri?: pulumi.Input<string>;
  /** Any text; another one makes another run of the same files. None by default. */
  readonly rerun?: pulumi.Input<string>;
  /** Whether `up` waits until the job has ended, and fails where the job does. True by default; otherwise `pulumi up --refresh` shows how far the job is. */
  readonly wait?: pulumi.Input<boolean>;
  /** Seconds that `up` waits, from 1 on; after that it fails while the job runs on, and the next `up` goes on waiting. 21 600 (six hours) by default. */
  readonly deadlineSeconds?: pulumi.Input<number>;
  /** What becomes of a job that still runs when the resource goes, or another run takes its place: `cancel` (the default) or `leave`. The output always stays. */
  readonly onDestroy?: pulumi.Input<"cancel" | "leave">;
}

const INPUTS = "docs:how-to-access-data-batch-endpoints-jobs";
const DATASTORE =
  /^azureml:\/\/(subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(providers\/Microsoft\.MachineLearningServices\/)?workspaces\/[^/]+\/)?datastores\/\w+\/paths\/.+$/i;
const BLOB = /^https:\/\/[a-z0-9]{3,24}\.blob\.[a-z0-9.-]+\/[a-z0-9$-]+\/.+$/;
const VERSION =
  /^(azureml:[^:/]+:[^:/]+|\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+\/data\/[^/]+\/versions\/[^/]+)$/i;

/** How long `up` waits. */
export const RUN_SECONDS = 21_600;

export const batchDeploymentName = text(
  "3 to 32 letters, digits and dashes, a letter first",
  /^[a-zA-Z][a-zA-Z0-9-]{2,31}$/,
);

/** Where files to score are. */
export const batchInputUri = text(
  "azureml://datastores/NAME/paths/PATH, https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH, or a data asset's version as ARM id or azureml:NAME:VERSION",
  new RegExp([DATASTORE, BLOB, VERSION].map(({ source }) => source).join("|"), "i"),
  `${INPUTS}: data assets, data stores, Azure Storage accounts`,
);

export const batchRunRules: Rules<BatchRunArgs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
  deployment: optional(batchDeploymentName),
  input: objectOf<BatchInputFiles>({
    uri: optional(batchInputUri),
    type: optional(oneOf("uri_folder", "uri_file")),
    path: optional(text("the path of a file or folder")),
  }),
  outputUri: optional(
    text(
      "azureml://datastores/NAME/paths/PATH",
      DATASTORE,
      `${INPUTS}: outputs go to a data store of Blob Storage`,
    ),
  ),
  rerun: optional(text("text", /^/)),
  wait: optional(flag()),
  deadlineSeconds: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  onDestroy: optional(oneOf("cancel", "leave")),
};

export const batchRunConstraints: readonly Constraint<BatchRunArgs>[] = [
  {
    id: "batch-run-no-input",
    source: `${INPUTS}: a model deployment always requires one data input`,
    problems: ({ input }) =>
      isKnown(input) && input.uri === undefined && input.path === undefined
        ? told("input", input, "it must have a uri, or a path here")
        : [],
  },
  {
    id: "batch-run-two-inputs",
    source: `${INPUTS}: a model deployment takes only one data input`,
    problems: ({ input }) =>
      isKnown(input) && input.uri !== undefined && input.path !== undefined
        ? told("input.path", input.path, "it must not be given with uri")
        : [],
  },
  {
    id: "batch-run-signed-input",
    source:
      "docs:how-to-authenticate-batch-endpoint: jobs read data by the cluster's or the caller's identity",
    problems: ({ input }) =>
      isKnown(input) && typeof input.uri === "string" && isSigned(input.uri)
        ? told(
            "input.uri",
            withoutSignature(input.uri),
            "it must have no shared access signature, which the job would show",
          )
        : [],
  },
  {
    id: "batch-run-file-is-folder",
    source: `${INPUTS}: uri_file is a single file`,
    problems: ({ input }) =>
      isKnown(input) && input.type === "uri_file" && typeof input.uri === "string" && input.uri.endsWith("/")
        ? told(
            "input.uri",
            withoutSignature(input.uri),
            "it must be the address of one file, which does not end in a slash",
          )
        : [],
  },
  {
    id: "batch-run-version-elsewhere",
    source: `${INPUTS}: a data asset is registered in the workspace`,
    problems: ({ endpointId, input }) => {
      if (typeof endpointId !== "string" || !isKnown(input) || typeof input.uri !== "string") return [];
      if (!input.uri.startsWith("/")) return [];
      const there = isInWorkspace(workspaceIdOf(endpointId), input.uri);
      return there ? [] : told("input.uri", input.uri, "it must be in the endpoint's workspace");
    },
  },
  {
    id: "batch-run-local-input",
    source: "azure-ai-ml, BatchEndpointOperations: a local path must exist",
    problems: ({ input }) => {
      if (!isKnown(input) || typeof input.path !== "string") return [];
      const found = statSync(resolve(input.path), { throwIfNoEntry: false });
      if (found === undefined) return told("input.path", input.path, "there is no such file or folder");
      return found.isDirectory() && isEmptyFolder(input.path)
        ? told("input.path", input.path, "the folder has no files")
        : [];
    },
  },
  {
    id: "batch-run-local-type",
    source: "azure-ai-ml, BatchEndpointOperations: uri_folder is a folder, uri_file a file",
    problems: ({ input }) => {
      if (!isKnown(input) || typeof input.path !== "string" || typeof input.type !== "string") return [];
      const found = statSync(resolve(input.path), { throwIfNoEntry: false });
      if (found === undefined || found.isDirectory() === (input.type === "uri_folder")) return [];
      return told("input.type", input.type, "it must be of the kind that path is; without it, it is");
    },
  },
];

function told(path: string, value: unknown, reason: string): Problem[] {
  return [{ path, value, reason }];
}
