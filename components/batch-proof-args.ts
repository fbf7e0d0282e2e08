import type * as pulumi from "@pulumi/pulumi";
import { readdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { isIgnored } from "../providers/assets/files";
import { isLocal } from "../providers/batch-rollout/local-input";
import { isSigned, withoutSignature } from "../providers/models/addresses";
import { integer, listOf, objectOf, oneOf, optional, rule, text, type Problem } from "../providers/rules";
import type { Constraint, Known } from "./args";
import type { RollingBatchDeploymentArgs } from "./rolling-batch-deployment-args";

/** A small job that a generation has to do well before it becomes the default. */
export interface BatchProof {
  /**
   * A few files like those that are scored later: a file or folder here, relative to the program's own, which is uploaded to the workspace's blob store; or
   * `azureml://datastores/NAME/paths/…`, `https://ACCOUNT.blob.core.windows.net/…`, or a data asset's version, `DataAsset`'s `id`.
   */
  readonly input: pulumi.Input<string>;
  /** What an address or data asset leads to, `uri_folder` (the default) or `uri_file`. A path here says it itself. */
  readonly inputType?: "uri_folder" | "uri_file";
  /** Lines that the output has to have, 1 or more. Any but none by default: Azure passes over files that can't be scored, and the job ends well. */
  readonly expectedRows?: number;
  /** Values that each line of the output has to have: 3 where an MLflow model scores tables, which are row, prediction and file. Any by default. */
  readonly columns?: number;
  /**
   * Lines that have to be among those of the output, value by value, as `[0, 1, "one.csv"]`; numbers may differ in the seventh digit. They may be in any order,
   * as Azure writes them. None by default.
   */
  readonly expected?: readonly (readonly unknown[])[];
}

const MLFLOW = "docs:how-to-mlflow-batch";
const BATCH = "docs:reference-yaml-deployment-batch";
const INPUTS = "docs:how-to-access-data-batch-endpoints-jobs";
const SCHEMES = ["azureml", "https", "abfss", "wasbs"];
/** Files that a model scores without a script. */
const READABLE = [".csv", ".parquet", ".pqt", ".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif"];

const value = rule(
  (one) => one === null || ["number", "string", "boolean"].includes(typeof one) || Array.isArray(one),
  "a number, a text, true, false, null or a list",
);

export const batchProofRule = objectOf<BatchProof>({
  input: text("the path of a file or folder, the address of data, or the id of a data asset's version"),
  inputType: optional(oneOf("uri_folder", "uri_file")),
  expectedRows: optional(integer(1, 1_000_000, `${BATCH}: append_row writes a line a prediction`)),
  columns: optional(integer(1, 10_000)),
  expected: optional(listOf(listOf(value, { least: 1 }), { least: 1, most: 1000 })),
});

type Args = Known<RollingBatchDeploymentArgs>;

export const batchProofConstraints: readonly Constraint<RollingBatchDeploymentArgs>[] = [
  {
    id: "batch-proof-input-scheme",
    source: `${INPUTS}: supported inputs`,
    problems: (args) => {
      const input = inputOf(args);
      const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(input ?? "") ?? [];
      if (scheme === undefined || SCHEMES.includes(scheme.toLowerCase())) return [];
      const allowed = SCHEMES.map((one) => `${one}://`).join(", ");
      return told(
        "input",
        input,
        `it must be a path here, the id of a data asset's version, or an address with ${allowed}`,
      );
    },
  },
  {
    id: "batch-proof-input-signed",
    source: `${INPUTS}: a job's inputs are shown to whoever reads the workspace`,
    problems: (args) => {
      const input = inputOf(args);
      return input !== undefined && isSigned(input)
        ? told(
            "input",
            withoutSignature(input),
            "it must have no shared access signature: jobs read it as their compute's identity",
          )
        : [];
    },
  },
  {
    id: "batch-proof-input-missing",
    source: `${INPUTS}: input data has to be there`,
    problems: (args) => {
      const source = sourceOf(args);
      return source === undefined || statSync(source, { throwIfNoEntry: false }) !== undefined
        ? []
        : told("input", inputOf(args), `there is no such file or folder (${source})`);
    },
  },
  {
    id: "batch-proof-input-empty",
    source: `${BATCH}: mini_batch_size is a number of files of the input`,
    problems: (args) =>
      filesOf(args)?.length === 0 ? told("input", inputOf(args), "it must have a file to score") : [],
  },
  {
    id: "batch-proof-input-nested",
    source: `${MLFLOW}: nested folder structures aren't explored during inference`,
    problems: (args) => {
      const nested = isCodeless(args) ? filesOf(args)?.find((path) => /[\\/]/.test(path)) : undefined;
      return nested === undefined
        ? []
        : told(
            "input",
            inputOf(args),
            `its files must be in no folders below it, as ${nested} is: an MLflow model takes none`,
          );
    },
  },
  {
    id: "batch-proof-input-type-of-file",
    source: `${MLFLOW}: supported data types are those of its table of file extensions`,
    problems: (args) => {
      const odd = isCodeless(args)
        ? filesOf(args)?.find((path) => !READABLE.includes(extname(path).toLowerCase()))
        : undefined;
      return odd === undefined
        ? []
        : told("input", inputOf(args), `an MLflow model scores ${READABLE.join(", ")}, and not ${odd}`);
    },
  },
  {
    id: "batch-proof-expected-without-rows",
    source: `${BATCH}: append_row writes every prediction into one file`,
    problems: ({ proof }) => {
      const { expected, expectedRows } = fieldsOf(proof);
      if (expected === undefined) return [];
      if (expectedRows === undefined)
        return told("expectedRows", undefined, "with expected it must say how many lines there are in all");
      return expected.length > expectedRows
        ? told("expected", expected.length, `it must have no more lines than expectedRows, ${expectedRows}`)
        : [];
    },
  },
  {
    id: "batch-proof-expected-columns",
    source: `${BATCH}: append_row writes a line a prediction`,
    problems: ({ proof }) => {
      const { expected = [], columns } = fieldsOf(proof);
      const index = columns === undefined ? -1 : expected.findIndex((line) => line.length !== columns);
      return index < 0
        ? []
        : told(
            `expected.${index}`,
            expected[index],
            `it must have as many values as columns says, ${columns}`,
          );
    },
  },
  {
    id: "batch-proof-output-of-script",
    source: `${BATCH}: with summary_only the output is handled by the script`,
    problems: ({ proof, outputAction, pipelineComponent }) => {
      const fields = fieldsOf(proof);
      const why =
        pipelineComponent !== undefined
          ? "a pipeline writes"
          : outputAction === "SummaryOnly"
            ? "a script writes with outputAction SummaryOnly"
            : undefined;
      if (why === undefined) return [];
      return (["expectedRows", "columns", "expected"] as const)
        .filter((key) => fields[key] !== undefined)
        .flatMap((key) => told(key, fields[key], `it can't be said of the files that ${why}`));
    },
  },
];

function told(property: string, value: unknown, reason: string): Problem[] {
  return [{ path: `proof.${property}`, value, reason }];
}

/** What is known of the proof. */
function fieldsOf(proof: unknown): Partial<Pick<BatchProof, "expectedRows" | "columns" | "expected">> & {
  readonly input?: unknown;
} {
  return Object(proof) as Partial<BatchProof>;
}

function inputOf({ proof }: Args): string | undefined {
  const { input } = fieldsOf(proof);
  return typeof input === "string" ? input : undefined;
}

/** Whether the model scores by itself. */
function isCodeless({ code, pipelineComponent }: Args): boolean {
  return code === undefined && pipelineComponent === undefined;
}

function sourceOf(args: Args): string | undefined {
  const input = inputOf(args);
  return input !== undefined && isLocal(input) ? resolve(input) : undefined;
}

/** The files of a sample that is here, below its folder; undefined where it is elsewhere, or not there. */
function filesOf(args: Args): readonly string[] | undefined {
  const source = sourceOf(args);
  const found = source === undefined ? undefined : statSync(source, { throwIfNoEntry: false });
  if (source === undefined || found === undefined) return undefined;
  if (!found.isDirectory()) return [basename(source)];
  return readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (path) => !isIgnored(path) && statSync(join(source, path)).isFile(),
  );
}
