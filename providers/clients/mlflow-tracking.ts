import type { Mlflow } from "./mlflow";
import { unlessMissing } from "./mlflow-error";

/** As the server writes tags. */
export interface MlflowTag {
  readonly key: string;
  readonly value?: string;
}

export interface MlflowExperiment {
  readonly experiment_id: string;
  readonly name: string;
  /** Where its runs' artifacts go, `mlflow-artifacts:/7`. */
  readonly artifact_location: string;
  readonly lifecycle_stage: "active" | "deleted";
  readonly tags?: readonly MlflowTag[];
}

export interface MlflowRun {
  readonly info: {
    readonly run_id: string;
    readonly run_name?: string;
    readonly experiment_id: string;
    readonly artifact_uri: string;
    readonly status: string;
  };
  readonly data: {
    /** The last value of each. */
    readonly metrics?: readonly {
      readonly key: string;
      readonly value: number;
      readonly step?: string | number;
    }[];
    readonly params?: readonly MlflowTag[];
    readonly tags?: readonly MlflowTag[];
  };
  readonly inputs?: { readonly dataset_inputs?: readonly MlflowDatasetInput[] };
}

/** What a run learned from, as `mlflow.log_input` wrote it down. */
export interface MlflowDatasetInput {
  readonly dataset: { readonly name: string; readonly digest: string; readonly source?: string };
}

/** @returns undefined where there is no such run. @throws MlflowError */
export async function getRun(
  mlflow: Mlflow,
  runId: string,
  within?: AbortSignal,
): Promise<MlflowRun | undefined> {
  const found = await unlessMissing(mlflow.get<{ run: MlflowRun }>("runs/get", { run_id: runId }, within));
  return found?.run;
}

/** Tag of a run that is below another, whose id it has. */
export const PARENT_RUN = "mlflow.parentRunId";

/** The runs below a run, which are of its experiment. @throws MlflowError */
export async function childRuns(mlflow: Mlflow, { info }: MlflowRun): Promise<readonly MlflowRun[]> {
  const query = {
    experiment_ids: [info.experiment_id],
    filter: `tags.\`${PARENT_RUN}\` = '${info.run_id}'`,
    max_results: CHILDREN,
  };
  const runs: MlflowRun[] = [];
  for (let page: RunsPage | undefined; page === undefined || page.next_page_token;) {
    page = await mlflow.send<RunsPage>("POST", "runs/search", {
      ...query,
      ...(page === undefined ? {} : { page_token: page.next_page_token }),
    });
    runs.push(...(page.runs ?? []));
  }
  return runs;
}

/** Runs of one answer. */
const CHILDREN = 1_000;

interface RunsPage {
  readonly runs?: readonly MlflowRun[];
  readonly next_page_token?: string;
}

/** Deleted ones too: MLflow only hides them. @throws MlflowError */
export async function experimentNamed(mlflow: Mlflow, name: string): Promise<MlflowExperiment | undefined> {
  const query = { experiment_name: name };
  const found = await unlessMissing(
    mlflow.get<{ experiment: MlflowExperiment }>("experiments/get-by-name", query),
  );
  return found?.experiment;
}

/** Deleted ones too. @throws MlflowError */
export async function getExperiment(mlflow: Mlflow, id: string): Promise<MlflowExperiment | undefined> {
  const found = await unlessMissing(
    mlflow.get<{ experiment: MlflowExperiment }>("experiments/get", { experiment_id: id }),
  );
  return found?.experiment;
}

/** Tags as a program writes them. */
export function tagRecord(tags: readonly MlflowTag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value = "" }) => [key, value]));
}

/** Tags as the server takes them. */
export function tagList(tags: Readonly<Record<string, string>> = {}): MlflowTag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
