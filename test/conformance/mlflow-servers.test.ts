import { expect } from "chai";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { createMlflowServers, type MlflowServers } from "../../local/mlflow/server";

/** Pids of gunicorn's masters that serve the folder's sockets. */
function mastersIn(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`sqlite:///${folder}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe("the MLflow servers of workspaces", function () {
  this.timeout(120_000);
  const mlflow = mkdtempSync(join(tmpdir(), "pulumi-azureml-servers-"));
  let servers: MlflowServers;

  beforeEach(() => {
    servers = createMlflowServers({ mlflow });
  });
  afterEach(async () => {
    await servers.close();
    expect(mastersIn(mlflow), "processes left behind").to.deep.equal([]);
  });
  after(() => rmSync(mlflow, { recursive: true, force: true }));

  async function call(
    workspaceId: string,
    path: string,
    body: object,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const server = (await servers.connect(workspaceId)) as Dispatcher;
    const answer = await server.request({
      method: "POST",
      path: `/api/2.0/mlflow/experiments/${path}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, json: (await answer.body.json()) as Record<string, unknown> };
  }
  const names = async (workspaceId: string): Promise<string[]> =>
    ((await call(workspaceId, "search", { max_results: 10 })).json["experiments"] as { name: string }[]).map(
      (one) => one.name,
    );

  it("are there at once for the first workspace, and each workspace has its own", async () => {
    await servers.prepare();
    const begun = performance.now();
    await servers.assign("/W/One");
    expect(performance.now() - begun, "milliseconds").to.be.lessThan(200);
    await servers.assign("/w/two");
    expect((await call("/w/one", "create", { name: "mine" })).status).to.equal(200);
    expect(await names("/W/ONE")).to.include("mine");
    expect(await names("/w/two")).not.to.include("mine");
    expect(await servers.connect("/w/three")).to.equal(undefined);
  });

  it("hold what they held when the local Azure starts again, and keep it when asked for once more", async () => {
    await servers.assign("/w/one");
    expect(await names("/w/one")).to.include("mine");
  });

  it("start again when their process was killed", async () => {
    await names("/w/one");
    for (const pid of mastersIn(mlflow)) process.kill(pid, "SIGKILL");
    await sleep(500);
    expect(await names("/w/one")).to.include("mine");
  });

  it("go with their workspace, with all that they held", async () => {
    await servers.release("/w/one");
    await servers.release("/w/two");
    expect(readdirSync(mlflow)).to.deep.equal([]);
    expect(await servers.connect("/w/one")).to.equal(undefined);
    await servers.assign("/w/one");
    expect(await names("/w/one")).to.deep.equal(["Default"]);
  });

  it("leave nothing of a server that no workspace took", async () => {
    const before = readdirSync(mlflow);
    await servers.release("/w/one");
    await servers.prepare();
    expect(readdirSync(mlflow)).to.have.length(before.length);
    await servers.close();
    expect(existsSync(mlflow) && readdirSync(mlflow)).to.deep.equal([]);
  });
});
