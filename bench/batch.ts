import execa from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchJobSpec } from "../local/batch/job";
import { BatchEngine } from "../test/helpers/batch-engine";
import { exampleModelFolder, packageRoot, python } from "../tools/paths";
import { median, report, timed, type Figure } from "./support/report";

const FILES = Number(process.argv[2] ?? 1_000);
const ROWS = 1_000;
const INSTANCES = 2;
const MINI_BATCH = 10;
/** Files that `mlflow models predict` is measured on: each costs it seconds, whatever is in them. */
const SAMPLE = 3;
const LOOP = join(packageRoot(), "bench", "support", "batch_loop.py");

/**
 * `npm run bench -- batch [FILES]`: csv files of 1,000 rows scored by a batch job with an MLflow model on two instances of one process each,
 * against one Python loop with the model loaded once and against one `mlflow models predict` a file; then once more, with an instance
 * killed -9 in the middle.
 */
async function main(): Promise<void> {
  const engine = new BatchEngine();
  try {
    await engine.start();
    report("batch", await measure(engine));
  } finally {
    await engine.stop();
  }
}

async function measure(engine: BatchEngine): Promise<Figure[]> {
  const folder = join(engine.folder, "tables");
  const result = join(engine.folder, "loop.csv");
  // MLflow leaves a folder where it works.
  const options = { cwd: engine.folder, env: { MLFLOW_DISABLE_TELEMETRY: "true" } };
  say(`${FILES} files of ${ROWS} rows`);
  await execa(python, [LOOP, "make", folder, String(FILES), String(ROWS)]);
  const files = readdirSync(folder).sort();
  say("one Python loop");
  const loop = Number(
    (await execa(python, [LOOP, "loop", exampleModelFolder, folder, result], options)).stdout,
  );
  say("mlflow models predict, a file at a time");
  const single: number[] = [];
  for (const file of files.slice(0, SAMPLE)) {
    const command = ["-m", "mlflow", "models", "predict", "-m", exampleModelFolder, "-t", "csv"];
    const places = [
      "-i",
      join(folder, file),
      "-o",
      join(engine.folder, "single.json"),
      "--env-manager",
      "local",
    ];
    single.push((await timed(() => execa(python, [...command, ...places], options))).seconds);
  }
  for (const name of ["plain", "killed"])
    await engine.put(
      `input/${name}`,
      Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file))])),
    );
  const expected = readFileSync(result, "utf8");
  const changes = { instances: INSTANCES, miniBatchSize: MINI_BATCH, maxRetries: 0 };

  say("a batch job");
  const plain = engine.spec("plain", changes);
  const whole = await timed(() => engine.run(plain));
  const seconds = scoringSeconds(engine.jobs.log(plain.id, 10 * FILES + 100));
  say("a batch job, of which an instance is killed");
  const killed = await killedJob(engine, engine.spec("killed", changes));

  const rows = FILES * ROWS;
  const share = rows / seconds / INSTANCES / (rows / loop);
  const wrong = [await differing(engine, "plain", expected), await differing(engine, "killed", expected)];
  return [
    {
      name: `batch job, ${FILES} files of ${ROWS} rows, ${INSTANCES} instances: scoring`,
      value: rows / seconds,
      unit: "rows/s",
    },
    {
      name: "the same, from the call to the end: start, download, model, upload",
      value: rows / whole.seconds,
      unit: "rows/s",
    },
    {
      name: "scoring, a process, against one loop with the model loaded once",
      value: share,
      unit: "×",
      peer: `${(rows / loop).toFixed(0)} rows/s`,
      bar: "≥ 0.8",
      holds: share >= 0.8,
    },
    {
      name: `the whole job against one \`mlflow models predict\` a file (measured on ${single.length})`,
      value: rows / whole.seconds / (ROWS / median(single)),
      unit: "×",
      peer: `${(ROWS / median(single)).toFixed(0)} rows/s`,
    },
    {
      name: "rows other than the loop's",
      value: wrong[0] ?? NaN,
      unit: "rows",
      bar: "0",
      holds: wrong[0] === 0,
    },
    {
      name: `rows lost, doubled or other after kill -9 of an instance at ${killed} files`,
      value: wrong[1] ?? NaN,
      unit: "rows",
      bar: "0",
      holds: wrong[1] === 0,
    },
  ];
}

/** @returns how many files were done when the process was killed */
async function killedJob(engine: BatchEngine, spec: BatchJobSpec): Promise<number> {
  engine.jobs.start(spec);
  const { files, processes } = await engine.until(
    spec,
    (state) => state.files.succeeded >= FILES / 2 && state.processes.length > 0,
  );
  process.kill(processes[0] ?? 0, "SIGKILL");
  await engine.until(spec, ({ endTime }) => endTime !== undefined);
  return files.succeeded;
}

/** From the first mini-batch's beginning to the last one's end. */
function scoringSeconds(log: string): number {
  const ends = [...log.matchAll(/^(\S+) local Azure - mini-batch \d+: .* in (\d+) ms/gm)].map(
    ([, at = "", took = ""]) => ({ end: Date.parse(at), begin: Date.parse(at) - Number(took) }),
  );
  return (Math.max(...ends.map(({ end }) => end)) - Math.min(...ends.map(({ begin }) => begin))) / 1000;
}

/** Lines of the output that are not the loop's at their place. */
async function differing(engine: BatchEngine, name: string, expected: string): Promise<number> {
  const [lines, wanted] = [
    (await engine.text(`output/${name}/predictions.csv`)).split("\n"),
    expected.split("\n"),
  ];
  const most = Math.max(lines.length, wanted.length);
  return Array.from({ length: most }).filter((_, index) => lines[index] !== wanted[index]).length;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
