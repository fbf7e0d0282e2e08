import { expect } from "chai";
import execa from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleModelFolder, python } from "../../tools/paths";
import { BatchEngine, place } from "../helpers/batch-engine";

const SLOW = `
import os, time
def init():
    pass
def run(mini_batch):
    time.sleep(float(os.environ.get("SECONDS", "0.2")))
    return [f"{os.path.basename(file)} {number}" for file in mini_batch for number in range(3)]
`;
const texts = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${String(n).padStart(2, "0")}.txt`, `${n}`]));
const slowLines = (count: number): string =>
  Object.keys(texts(count))
    .flatMap((name) => [0, 1, 2].map((number) => `${name} ${number}\n`))
    .join("");

describe("batch jobs of the local Azure", function () {
  this.timeout(300_000);
  const engine = new BatchEngine();
  before(async () => await engine.start());
  after(async () => await engine.stop());

  it("score csv and parquet with an MLflow model as one loop over the files does, in the files' order", async () => {
    const folder = join(engine.folder, "tables");
    const tables = join(__dirname, "batch_tables.py");
    const { stdout } = await execa(python, [tables, exampleModelFolder, folder, "5", "40"], {
      cwd: engine.folder,
    });
    const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
    await engine.put("input/tables", { ...Object.fromEntries(files), "nested/part-0.csv": "not looked at" });
    const state = await engine.run(
      engine.spec("tables", { instances: 2, concurrencyPerInstance: 2, miniBatchSize: 2 }),
    );
    expect(state, engine.jobs.log(engine.spec("tables").id, 50)).to.deep.include({
      status: "Completed",
      files: { total: 5, succeeded: 5, failed: 0 },
      rows: 200,
      processes: [],
    });
    expect((await engine.text("output/tables/predictions.csv")).trimEnd()).to.equal(stdout);
    expect(await engine.names("logs/tables")).to.include("logs/job_progress_overview.txt");
  });

  it("score one file that is the whole input, and not another whose name begins alike", async () => {
    await engine.put("input/one", { "a.txt": "1", "a.txt.old": "2" });
    const input = { ...place("input/one/a.txt"), kind: "uri_file" } as const;
    const state = await engine.run(await engine.script("one", SLOW, { input }));
    expect(state).to.deep.include({
      status: "Completed",
      files: { total: 1, succeeded: 1, failed: 0 },
      rows: 3,
    });
    expect(await engine.text("output/one/predictions.csv")).to.equal("a.txt 0\na.txt 1\na.txt 2\n");
  });

  it("score images, each in the shape that the model's signature has", async () => {
    const [model, images] = [join(engine.folder, "image-model"), join(engine.folder, "images")];
    const options = { cwd: engine.folder };
    await execa(python, [join(__dirname, "batch_images.py"), model, images], options);
    await engine.putFolder("models/m2/means", model);
    await engine.putFolder("input/images", images);
    const spec = engine.spec("images", { model: { ...place("models/m2/means"), type: "mlflow_model" } });
    expect((await engine.run(spec)).status, engine.jobs.log(spec.id, 50)).to.equal("Completed");
    expect(await engine.text("output/images/predictions.csv")).to.equal(
      '"[200.0, 100.0, 50.0]",large.gif\n"[1.0, 2.0, 3.0]",small.png\n',
    );
  });

  it("fail for a file of a type that MLflow models don't take, and say which they take", async () => {
    await engine.put("input/avro", { "a.avro": "x" });
    const { status, error } = await engine.run(engine.spec("avro"));
    expect([status, error?.code]).to.deep.equal(["Failed", "UserError"]);
    expect(error?.message)
      .to.contain("'a.avro'. File type 'avro' is not supported")
      .and.contain(".csv, .parquet, .pqt, .bmp, .gif");
  });

  it("fail for no files, and for an output that is there already", async () => {
    const { error } = await engine.run(engine.spec("nothing"));
    expect(error?.message).to.contain("nothing at input/nothing in container azureml");
    await engine.put("input/twice", { "a.csv": "x" });
    await engine.put("output/twice", { "predictions.csv": "of before" });
    expect((await engine.run(engine.spec("twice"))).error?.message).to.contain(
      "has a predictions.csv already",
    );
    expect(await engine.text("output/twice/predictions.csv")).to.equal("of before");
  });

  it("give a script its arguments and folders, and write a DataFrame without header, between spaces", async () => {
    const script = `
import argparse, os
import pandas as pd
def init():
    global model, level
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "MLmodel")).readline().strip()
    parser = argparse.ArgumentParser()
    parser.add_argument("--logging_level")
    level = parser.parse_known_args()[0].logging_level
def run(mini_batch):
    print("run", len(mini_batch))
    open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "own.txt"), "w").write(os.environ["MINE"])
    return pd.DataFrame({"file": [os.path.basename(f) for f in mini_batch], "level": level, "model": model})
`;
    await engine.put("input/frame", { "a.txt": "", "below/b.txt": "" });
    const spec = await engine.script("frame", script, {
      miniBatchSize: 2,
      environmentVariables: { MINE: "mine" },
    });
    expect((await engine.run(spec)).status, engine.jobs.log(spec.id, 50)).to.equal("Completed");
    expect(await engine.text("output/frame/predictions.csv")).to.equal(
      'a.txt Info "artifact_path: model"\nb.txt Info "artifact_path: model"\n',
    );
    expect(await engine.text("output/frame/own.txt")).to.equal("mine");
    expect(await engine.text("logs/frame/logs/user/stdout/node0/process000.stdout.txt")).to.equal("run 2\n");
  });

  it("append nothing for SummaryOnly", async () => {
    await engine.put("input/summary", texts(2));
    const spec = await engine.script("summary", SLOW, { outputAction: "SummaryOnly" });
    expect(await engine.run(spec)).to.include({ status: "Completed", rows: 0 });
    expect(await engine.names("output/summary")).to.deep.equal([]);
  });

  it("fail with the script's own words where init raises, and for an environment that can't be had", async () => {
    await engine.put("input/init", texts(1));
    const spec = await engine.script(
      "init",
      "def init():\n  raise ValueError('no such model')\nrun = init\n",
    );
    const { error } = await engine.run(spec);
    expect(error?.message).to.contain("ValueError: no such model");
    expect(await engine.text("logs/init/logs/user/error.txt")).to.contain("Traceback");
    await engine.put("input/image", texts(1));
    const image = { id: "", image: "mcr.example/one", condaFile: undefined, build: false };
    const refused = await engine.run(await engine.script("image", SLOW, { environment: image }));
    expect(refused.error).to.deep.equal({ code: "UserError", message: "The local Azure has no containers." });
  });

  it("try a mini-batch that raises again, count its files as failed, and end where more failed than may", async () => {
    const failing = `
import os
def init(): pass
def run(mini_batch):
    if any(file.endswith(("f01.txt", "f03.txt")) for file in mini_batch): raise KeyError("spoilt")
    return mini_batch
`;
    for (const name of ["few", "many"]) await engine.put(`input/${name}`, texts(4));
    const few = await engine.script("few", failing, { errorThreshold: 2, maxRetries: 2 });
    expect((await engine.run(few)).files).to.deep.equal({ total: 4, succeeded: 2, failed: 2 });
    const tries = engine.jobs
      .log(few.id, 100)
      .split("\n")
      .filter((line) => line.includes("mini-batch 1 failed"));
    expect(tries).to.have.length(3);
    expect(tries.at(-1)).to.contain("KeyError: 'spoilt'; it is not tried again");
    const many = await engine.run(await engine.script("many", failing, { errorThreshold: 1, maxRetries: 0 }));
    expect(many.error?.message).to.contain("2 files failed, and errorThreshold lets 1 of them fail");
  });

  it("end a process whose mini-batch takes too long, and try again in a new one", async () => {
    const once = `
import os, time
def init(): pass
def run(mini_batch):
    seen = os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "seen")
    if not os.path.exists(seen):
        open(seen, "w").close()
        time.sleep(60)
    return mini_batch
`;
    await engine.put("input/late", texts(2));
    const spec = await engine.script("late", once, { timeout: 1_500 });
    const state = await engine.run(spec);
    expect(state, engine.jobs.log(spec.id, 50)).to.deep.include({
      status: "Completed",
      files: { total: 2, succeeded: 2, failed: 0 },
    });
    expect(engine.jobs.log(spec.id, 50)).to.contain("no answer within 1.5 s");
  });

  it("lose no line and double none when processes are killed in the middle", async () => {
    await engine.put("input/killed", texts(12));
    const spec = await engine.script("killed", SLOW, { instances: 2, maxRetries: 0 });
    engine.jobs.start(spec);
    for (const least of [1, 5]) {
      const { processes } = await engine.until(
        spec,
        ({ files, processes: pids }) => files.succeeded >= least && pids.length === 2,
      );
      process.kill(processes[0] ?? 0, "SIGKILL");
    }
    const state = await engine.until(spec, ({ endTime }) => endTime !== undefined);
    expect(state, engine.jobs.log(spec.id, 80)).to.deep.include({
      status: "Completed",
      files: { total: 12, succeeded: 12, failed: 0 },
    });
    expect(await engine.text("output/killed/predictions.csv")).to.equal(slowLines(12));
    expect(engine.jobs.log(spec.id, 80)).to.contain("the process ended; it is tried again");
  });

  it("go on with what is left after the engine ended in the middle", async () => {
    await engine.put("input/again", texts(8));
    const spec = await engine.script("again", SLOW);
    engine.jobs.start(spec);
    await engine.until(spec, ({ files }) => files.succeeded >= 3);
    await engine.jobs.close();
    engine.open();
    expect(engine.jobs.state(spec.id)).to.have.property("status", "Running");
    const state = await engine.run(spec);
    expect(state).to.deep.include({ status: "Completed", rows: 24 });
    expect(await engine.text("output/again/predictions.csv")).to.equal(slowLines(8));
    const done = engine.jobs.log(spec.id, 200).match(/mini-batch \d+: 1 files/g);
    expect(done).to.have.length(8);
    engine.jobs.start(spec);
    expect(engine.jobs.state(spec.id)).to.deep.equal(state);
  });

  it("are cancelled with all of their processes", async () => {
    await engine.put("input/cancel", texts(50));
    const spec = await engine.script("cancel", SLOW, { concurrencyPerInstance: 2 });
    engine.jobs.start(spec);
    const { processes } = await engine.until(spec, ({ files }) => files.succeeded > 0);
    const cancelled = engine.jobs.cancel(spec.id);
    expect(engine.jobs.state(spec.id)?.status).to.equal("CancelRequested");
    await cancelled;
    expect(engine.jobs.state(spec.id)?.status).to.equal("Canceled");
    for (const pid of processes) expect(() => process.kill(pid, 0)).to.throw("ESRCH");
    expect(await engine.names("output/cancel")).to.deep.equal([]);
  });
});
