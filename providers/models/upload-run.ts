import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { getRun, tagRecord, type MlflowRun } from "../clients/mlflow-tracking";

/** Names the content whose files are the run's artifacts. */
const CONTENT = "pulumi-azureml.upload";
/** Who sends them, and a count that goes on as long as it is alive. */
const SENDER = "pulumi-azureml.sender";

/** Milliseconds. */
export const BEAT = 10_000;
/** Whose count stands still for so many milliseconds has died. */
export const SILENCE = 3 * BEAT;

/** A run of MLflow's whose artifacts only one program writes. */
export interface UploadRun {
  readonly id: string;
  /** `mlflow-artifacts:/7/4f…/artifacts` */
  readonly artifactUri: string;
  /** @throws ProviderError where another program has taken the run over */
  proceed(): void;
  /** @param status as MLflow has it: after FAILED the next program goes on at once */
  end(status: "FINISHED" | "FAILED"): Promise<void>;
}

/**
 * The run that an upload of this content left behind, or a new one. One that somebody writes to at the moment stays theirs: MLflow has no locks, and
 * two programs that write one file would show readers a torn one.
 *
 * @param say takes one line of progress
 */
export async function takeRun(
  mlflow: Mlflow,
  experimentId: string,
  name: string,
  content: string,
  say: (line: string) => void,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<UploadRun> {
  const me = randomUUID();
  for (const run of await leftBehind(mlflow, experimentId, content)) {
    if (run.info.status === "RUNNING") {
      say(
        `${name}: an upload of the same content is not done; whether it goes on shows in ${SILENCE / 1000} s`,
      );
      if (await isAlive(mlflow, run, sleep)) continue;
    }
    const { run_id } = run.info;
    await mlflow.send("POST", "runs/set-tag", { run_id, key: SENDER, value: `${me} 0` });
    await mlflow.send("POST", "runs/update", { run_id, status: "RUNNING" });
    if (senderOf(await getRun(mlflow, run_id))?.startsWith(me)) return kept(mlflow, run.info, me);
  }
  const { run } = await mlflow.send<{ run: MlflowRun }>("POST", "runs/create", {
    experiment_id: experimentId,
    run_name: name,
    start_time: Date.now(),
    tags: [
      { key: CONTENT, value: content },
      { key: SENDER, value: `${me} 0` },
      { key: "mlflow.source.name", value: "pulumi-azureml" },
    ],
  });
  return kept(mlflow, run.info, me);
}

/** Uploads of this content, the newest first. */
async function leftBehind(
  mlflow: Mlflow,
  experimentId: string,
  content: string,
): Promise<readonly MlflowRun[]> {
  const { runs = [] } = await mlflow.send<{ runs?: readonly MlflowRun[] }>("POST", "runs/search", {
    experiment_ids: [experimentId],
    filter: `tags.\`${CONTENT}\` = '${content}'`,
    order_by: ["attributes.start_time DESC"],
    max_results: 10,
  });
  return runs;
}

/** Asks no clock but its own, which other machines' need not agree with. */
async function isAlive(
  mlflow: Mlflow,
  run: MlflowRun,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<boolean> {
  await sleep(SILENCE);
  const later = await getRun(mlflow, run.info.run_id);
  return later?.info.status === "RUNNING" && senderOf(later) !== senderOf(run);
}

function kept(
  mlflow: Mlflow,
  { run_id: id, artifact_uri: artifactUri }: MlflowRun["info"],
  me: string,
): UploadRun {
  let count = 0;
  let taken = false;
  const beat = async (): Promise<void> => {
    const sender = senderOf(await getRun(mlflow, id));
    taken ||= sender?.startsWith(me) !== true;
    count += 1;
    if (!taken)
      await mlflow.send("POST", "runs/set-tag", { run_id: id, key: SENDER, value: `${me} ${count}` });
  };
  // A beat that is lost is made up for by the next.
  const timer = setInterval(() => void beat().catch(() => undefined), BEAT);
  timer.unref();
  return {
    id,
    artifactUri,
    proceed() {
      if (taken)
        throw new ProviderError({
          what: "another program has taken this upload over",
          where: `run ${id} on ${mlflow.address}`,
          tryThis: "the same command again",
        });
    },
    async end(status) {
      clearInterval(timer);
      await mlflow.send("POST", "runs/update", { run_id: id, status, end_time: Date.now() });
    },
  };
}

function senderOf(run: MlflowRun | undefined): string | undefined {
  return tagRecord(run?.data.tags)[SENDER];
}
