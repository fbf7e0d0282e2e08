import { expect } from "chai";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { objectAt } from "../../local/arm/objects";
import { JobFolder } from "../../local/batch/job-folder";
import type { JsonObject } from "../../local/json";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";
import { processesOf } from "../helpers/running-up";

const FILES = 36;
const ROWS = 5;
const MINI_BATCH = 2;
const MINI_BATCHES = FILES / MINI_BATCH;
/** Says each row of its files, so that one that is lost or doubled is seen. */
const SCRIPT = `
import csv, os, time
def init():
    pass
def run(mini_batch):
    rows = []
    for path in mini_batch:
        time.sleep(0.25)
        with open(path, newline="") as file:
            rows += [f"{os.path.basename(path)} {row['number']}" for row in csv.DictReader(file)]
    return rows
`;
const location = "westeurope";

const names = Array.from({ length: FILES }, (_, file) => `part-${String(file).padStart(2, "0")}.csv`);
const numbers = (file: number): string[] =>
  Array.from({ length: ROWS }, (_, row) => String(file * ROWS + row));
const everyRow = names.flatMap((name, file) => numbers(file).map((number) => `${name} ${number}`));

describe("a batch job whose local Azure is killed -9 in the middle of it", () => {
  const azure = new LocalAzure();
  let workspace: AzureWorkspace;
  let endpoint: string;

  before(async () => {
    await azure.start();
    workspace = await AzureWorkspace.open("killed", azure);
    await workspace.allowBlobs();
    await workspace.arm("PUT", `${storage()}/blobServices/default/containers/files`, "2024-01-01", {
      properties: {},
    });
    await workspace.writeBlob("files/code/score.py", SCRIPT);
    for (const [file, name] of names.entries())
      await workspace.writeBlob(`files/input/${name}`, ["number", ...numbers(file), ""].join("\n"));
    endpoint = await makeEndpoint();
  });
  after(async () => {
    await workspace?.close();
    await azure.remove();
  });

  const storage = (): string => `${workspace.group}/providers/Microsoft.Storage/storageAccounts/stkilled`;
  const files = "https://stkilled.blob.core.windows.net/files";
  const make = async (path: string, body: JsonObject): Promise<JsonObject> => {
    const id = `${workspace.id}/${path}`;
    await workspace.ml("PUT", id, body);
    for (; ; await sleep(50)) {
      const made = objectAt(await workspace.ml("GET", id), "properties");
      if ([undefined, "Succeeded"].includes(made["provisioningState"] as string | undefined)) return made;
    }
  };
  /** An endpoint with a script that two machines run; the address of its jobs. */
  async function makeEndpoint(): Promise<string> {
    const scaleSettings = { minNodeCount: 0, maxNodeCount: 2 };
    await make("computes/cpu", {
      location,
      properties: { computeType: "AmlCompute", properties: { vmSize: "STANDARD_DS3_V2", scaleSettings } },
    });
    await make("codes/score/versions/1", { properties: { codeUri: `${files}/code` } });
    await make("environments/score/versions/1", {
      properties: { image: "image", condaFile: "dependencies: [pip]" },
    });
    const properties = { authMode: "AADToken" };
    await make("batchEndpoints/be-killed", { location, properties });
    await make("batchEndpoints/be-killed/deployments/first", {
      location,
      properties: {
        compute: `${workspace.id}/computes/cpu`,
        codeConfiguration: { codeId: `${workspace.id}/codes/score/versions/1`, scoringScript: "score.py" },
        environmentId: `${workspace.id}/environments/score/versions/1`,
        resources: { instanceCount: 2 },
        miniBatchSize: MINI_BATCH,
      },
    });
    const defaults = { deploymentName: "first" };
    const made = await make("batchEndpoints/be-killed", {
      location,
      properties: { ...properties, defaults },
    });
    return String(made["scoringUri"]);
  }
  const submit = async (): Promise<string> => {
    const properties = {
      inputData: { data: { jobInputType: "UriFolder", uri: `${files}/input` } },
      outputData: { score: { jobOutputType: "UriFolder", uri: `${files}/output` } },
    };
    const { status, text } = await workspace.ask(
      "POST",
      endpoint,
      { properties },
      "https://ml.azure.com/.default",
    );
    expect(status, text).to.equal(201);
    return (JSON.parse(text) as { name: string }).name;
  };
  const jobFolder = (): JobFolder => {
    const [only = ""] = readdirSync(azure.paths.batch);
    return new JobFolder(join(azure.paths.batch, only));
  };
  const done = (): number => jobFolder().outcomes.length;
  const workers = (): string[] => processesOf(azure).filter((command) => command.includes("worker.py"));
  const batchEndpoints = async (): Promise<Status["batchEndpoints"]> =>
    (await askAdmin<Status>(azure.paths, azure.run(), "status")).batchEndpoints;
  const shown = (running: number, ended: number): Status["batchEndpoints"] => [
    { name: "be-killed", scoringUri: endpoint, defaultDeployment: "first", jobs: { running, ended } },
  ];

  let job: string;

  it("leaves no process at work", async () => {
    job = await submit();
    while (done() < 4) await sleep(10);
    expect(await batchEndpoints()).to.deep.equal(shown(1, 0));
    expect(workers()).to.not.deep.equal([]);
    process.kill(azure.run().pid, "SIGKILL");
    while (workers().length > 0) await sleep(20);
    expect(done()).to.be.within(4, MINI_BATCHES - 1);
  });

  it("goes on to its end with what was not done when the local Azure is started again", async () => {
    const before = jobFolder().outcomes;
    await azure.start();
    const id = `${workspace.id}/jobs/${job}`;
    let status: unknown;
    while (!["Completed", "Failed"].includes(String(status))) {
      status = objectAt(await workspace.ml("GET", id), "properties")["status"];
      await sleep(100);
    }
    expect(status, jobFolder().log.tail(100)).to.equal("Completed");
    const { outcomes } = jobFolder();
    expect(outcomes.slice(0, before.length)).to.deep.equal(before);
    expect(new Set(outcomes.map(({ index }) => index))).to.have.property("size", outcomes.length);
    expect(outcomes).to.have.length(MINI_BATCHES);
    expect(await batchEndpoints()).to.deep.equal(shown(0, 1));
  });

  it("has every row in its predictions exactly once", async () => {
    const predictions = String(await workspace.readBlob("files/output/predictions.csv"));
    expect(predictions.trimEnd().split("\n")).to.deep.equal(everyRow);
    expect(workers()).to.deep.equal([]);
  });
});
