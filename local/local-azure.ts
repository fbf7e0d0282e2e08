import { setTimeout as sleep } from "node:timers/promises";
import { modelsFile } from "../tools/paths";
import { createArm } from "./arm/app";
import type { Effects } from "./arm/effects";
import { createExclusive } from "./arm/exclusive";
import { readModelTables } from "./arm/model-table";
import type { Store } from "./arm/store";
import { openStore } from "./arm/store-lmdb";
import { workspaceIdOf } from "./arm/types/machinelearning/provider";
import { createBlobAccess } from "./blobs/access";
import { createBatchJobs } from "./batch/jobs";
import { batchRoutes } from "./batch/routes";
import { resumeBatchJobs } from "./batch/submit";
import { createAccountKeys } from "./blobs/account-keys";
import { startAzurite } from "./blobs/azurite";
import { createBlobFront } from "./blobs/front";
import { containerSas } from "./blobs/sas";
import { startAutoscale } from "./autoscale/autoscale";
import { blobsFirst } from "./blobs-first";
import { buildDigest } from "./build-digest";
import { clockNow, clockSetting, type ClockSetting } from "./clock";
import { createCommandJobs } from "./command-jobs/jobs";
import { resumeCommandJobs } from "./command-jobs/job-resource";
import { resumeSweeps } from "./sweep-jobs/job-resource";
import { createSweepJobs } from "./sweep-jobs/sweep-jobs";
import { trialJob } from "./sweep-jobs/trial-job";
import { createClusters } from "./compute/clusters";
import { openAuthority } from "./door/authority";
import { createProxy } from "./door/proxy";
import { createDoor } from "./door/server";
import { standIns } from "./door/stand-ins";
import { pythonOf } from "./environments/python";
import { doorEnvironment } from "./environment";
import { armFaults } from "./faults/arm";
import { blobFaults } from "./faults/blobs";
import { FaultDraw } from "./faults/draw";
import { mlflowFaults } from "./faults/mlflow";
import { FaultSettings } from "./faults/settings";
import { readIfThere, writeWhole } from "./files";
import { addAdmin, createHttp } from "./http";
import { applications, orderApplication, type ApplicationOrder } from "./identity/applications";
import { createIdentity } from "./identity/identity";
import type { SasUrl } from "./mlflow/artifacts";
import { createMlflowFront, mlflowParts } from "./mlflow/front";
import { createJobRuns } from "./mlflow/job-runs";
import { createMlflowServers } from "./mlflow/server";
import { mlflowUi } from "./mlflow/ui";
import { findWorkspace, type Workspace } from "./mlflow/workspace";
import { resumePipelineJobs } from "./pipeline-jobs/job-resource";
import { createPipelineJobs } from "./pipeline-jobs/jobs";
import { freePort } from "./ports";
import { processStart } from "./process-identity";
import { azureMonitor } from "./scoring/azure-monitor";
import { createScoringFront } from "./scoring/front";
import { createScoring } from "./scoring/instances";
import { InstanceMetrics } from "./scoring/instance-metrics";
import { sampleInstances } from "./scoring/instance-sampler";
import { openMetrics } from "./scoring/metrics-store";
import { servingDeployments } from "./scoring/resume";
import { runAction } from "./schedules/run-action";
import { startScheduler } from "./schedules/scheduler";
import { readSecrets } from "./secrets";
import type { Run, StatePaths } from "./state";
import { status } from "./status";
import { UserError } from "./user-error";
import { createVaultFront } from "./vault/front";

export interface LocalAzure {
  readonly run: Run;
  /** Ends every part and every process that it started; what it holds stays on disk. */
  close(): Promise<void>;
}

/** Joins the parts of the local Azure and starts them; resolves when each answers. */
export async function startLocalAzure(
  paths: StatePaths,
  progress: (text: string) => void,
): Promise<LocalAzure> {
  const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  const closers: (() => Promise<unknown>)[] = [];
  const onClose = <T>(part: T, close: (part: T) => Promise<unknown>): T => {
    closers.unshift(async () => await close(part));
    return part;
  };
  const started: Record<string, number> = {};
  const start = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const part = await work;
    started[name] = Math.round(performance.now() - begun);
    return part;
  };

  const portFor = async (what: string, last: number | undefined): Promise<number> => {
    const port = await freePort(last);
    if (last !== undefined && port !== last)
      progress(`port ${last} is taken by another program: ${what} is on port ${port} now`);
    return port;
  };

  try {
    const before = previousRun(paths);
    const clock = clockSetting(before?.clock);
    await blobsLeftBehind(before);
    const secrets = readSecrets(paths);
    const opened = onClose(openStore(paths.arm), async (part) => await part.close());
    const faults = new FaultSettings(paths.faults);
    const elsewhere = standIns();
    const identity = onClose(
      await createIdentity({
        ...{ store: opened, secrets, paths, roleDelay: roleDelay(), standIns: elsewhere.issuers },
        lifetime: () => faults.now.tokenSeconds,
      }),
      async (part) => await part.close(),
    );
    const { verifier, access } = identity;

    progress("starting Azurite (blobs) and an MLflow server");
    const servers = onClose(createMlflowServers(paths), async (part) => await part.close());
    const spare = start("MLflow server", servers.prepare());
    const azurite = onClose(await start("Azurite", startAzurite(paths)), async (part) => await part.stop());
    const blobs = createBlobAccess(azurite);
    const store = blobsFirst(opened, azurite.save);
    const keys = createAccountKeys(secrets, store);
    const blobFront = onClose(
      createBlobFront({
        ...{ store, verifier, access, azurite, keys, log },
        faults: blobFaults(new FaultDraw(() => faults.now)),
      }),
      async (part) => await part.close(),
    );
    const scoring = onClose(
      createScoring({ paths, blobs, faults: () => faults.now }),
      async (part) => await part.close(),
    );
    const now = clockNow(clock);
    const { speed } = clock;
    const exclusive = createExclusive();
    const clusters = onClose(
      createClusters({ store, exclusive, now, speed, log }),
      async (part) => await part.close(),
    );
    const batch = onClose(
      createBatchJobs({
        ...{ paths, blobs, clusters },
        pythonOf: async (environment, without) => await pythonOf(environment, { say: log, without }),
      }),
      async (part) => await part.close(),
    );
    const proxyPort = await portFor("the proxy", before?.ports.proxy);
    const runs = createJobRuns(servers);
    const workspaceOf = (jobId: string): Workspace => workspaceOfJob(store, jobId);
    const commands = onClose(
      createCommandJobs({
        ...{ paths, blobs, clusters, runs, workspaceOf, issueToken: identity.issueToken },
        pythonOf: async (environment, say) => await pythonOf(environment, { say }),
        door: () => doorEnvironment(paths, proxyPort),
      }),
      async (part) => await part.close(),
    );
    const sweeps = onClose(
      createSweepJobs({
        ...{ paths, blobs, runs, commands, workspaceOf },
        trialJob: async (sweep, trial) => await trialJob(store, sweep, trial),
      }),
      async (part) => await part.close(),
    );
    const pipelines = onClose(
      createPipelineJobs({ paths, commands, sweeps, runs, workspaceOf }),
      async (part) => await part.close(),
    );
    await spare;

    const effects: Effects = {
      storageAccountCreated: () => Promise.resolve(),
      storageAccountDeleted: async (account) => await blobs.deleteAccount(account),
      containerCreated: async (account, container) => {
        await blobs.containerClient(account, container).createIfNotExists();
        await azurite.save();
      },
      workspaceCreated: async (workspaceId) => await servers.assign(workspaceId),
      workspaceDeleted: async (workspaceId) => await servers.release(workspaceId),
      deploy: async (deployment) => await scoring.deploy(deployment),
      undeploy: async (deploymentId) => await scoring.undeploy(deploymentId),
      deploymentLog: async (deploymentId, tail) => await scoring.log(deploymentId, tail),
      batchJob: (jobId) => batch.state(jobId),
      cancelBatchJob: async (jobId) => await batch.cancel(jobId),
      startCommandJob: async (job) => await commands.start(job),
      commandJob: (jobId) => commands.state(jobId),
      cancelCommandJob: async (jobId) => await commands.cancel(jobId),
      removeCommandJob: async (jobId) => await commands.remove(jobId),
      startPipelineJob: async (job) => await pipelines.start(job),
      pipelineJob: (jobId) => pipelines.state(jobId),
      cancelPipelineJob: async (jobId) => await pipelines.cancel(jobId),
      removePipelineJob: async (job) => await pipelines.remove(job),
      startSweep: async (sweep) => await sweeps.start(sweep),
      sweep: (jobId) => sweeps.state(jobId),
      cancelSweep: async (jobId) => await sweeps.cancel(jobId),
      removeSweep: async (jobId) => await sweeps.remove(jobId),
    };
    const { metrics } = onClose(openMetrics(paths.metrics, now), async (part) => await part.close());
    const instances = new InstanceMetrics(now);
    onClose(sampleInstances(instances, scoring.running), async (end) => end());
    const models = readModelTables(modelsFile);
    const monitor = azureMonitor({ requests: metrics, instances }, now);
    const arm = onClose(
      createArm({
        store,
        effects,
        verifier,
        access,
        keys,
        models,
        metrics: monitor,
        faults: armFaults(new FaultDraw(() => faults.now)),
        quota: () => faults.now.quota?.cores,
        dateOff: () => faults.now.dateSeconds,
        exclusive,
        log,
      }),
      async (part) => await part.app.close(),
    );
    const sasUrl: SasUrl = (account, container, blob, permissions, expiresOn) =>
      `https://${account}.blob.core.windows.net/${container}/${blob.split("/").map(encodeURIComponent).join("/")}?` +
      containerSas(keys, { account, container, blob }, permissions, expiresOn);
    const mlflow = {
      store,
      verifier,
      access,
      servers,
      blobs,
      sasUrl,
      exclusive,
      batch,
      commands,
      pipelines,
      sweeps,
      issueToken: identity.issueToken,
      faults: mlflowFaults(new FaultDraw(() => faults.now)),
    };
    const pages = mlflowParts(mlflow);

    // Before anybody can ask: a request waits for processes that are on their way.
    scoring.resume(servingDeployments(store, (id) => scoring.served(id)));
    resumeBatchJobs({ store, jobs: batch });
    const endpoints = createScoringFront({ store, verifier, access, scoring, metrics });
    endpoints.register(
      batchRoutes({ store, verifier, access, exclusive, jobs: batch, pipelines, now: () => new Date() }),
    );
    const authority = await openAuthority(paths);
    const door = onClose(
      await createDoor({
        authority,
        parts: {
          arm: arm.app,
          identity: identity.app,
          blobs: blobFront.app,
          vault: createVaultFront({ store, verifier, access, exclusive }),
          mlflow: createMlflowFront(mlflow, pages),
          scoring: endpoints,
          ...elsewhere.parts,
        },
        port: await portFor("TLS", before?.ports.tls),
        log,
      }),
      async (part) => await part.close(),
    );
    const proxy = onClose(
      await createProxy({ doorPort: door.port, port: proxyPort, log }),
      async (part) => await part.close(),
    );
    void resumeCommandJobs(store, commands, log);
    void resumePipelineJobs(store, pipelines, log);
    void resumeSweeps(store, sweeps, log);
    const http = onClose(createHttp(), async (part) => await part.close());
    identity.addManagedIdentity(http);
    await http.register(mlflowUi, { store, servers, parts: pages });
    addAdmin(http, secrets.adminSecret, {
      status: () => status(store, { jobs: batch, pipelines }),
      parts: () => ({ started, processes: { daemon: process.pid, azurite: azurite.pid } }),
      violations: () => arm.violations(),
      "service-principals": async (order) =>
        order === undefined
          ? applications(store).map(({ displayName, clientId, objectId }) => ({
              displayName,
              clientId,
              objectId,
            }))
          : await orderApplication(store, order as unknown as ApplicationOrder),
      faults: (wanted) => (wanted === undefined ? faults.now : faults.set(wanted)),
    });
    const httpPort = await portFor("HTTP", before?.ports.http);
    await http.listen({ host: "127.0.0.1", port: httpPort });

    await arm.resume();
    onClose(
      startAutoscale({ store, metrics: monitor, now, speed, scale: arm.scale, log }),
      async (end) => await end(),
    );
    onClose(
      startScheduler({
        ...{ store, now, speed, file: paths.schedules, log },
        run: async (...what) =>
          await runAction({ store, issueToken: identity.issueToken, arm: arm.app, endpoints }, ...what),
      }),
      async (end) => await end(),
    );
    const run = describe(azurite.pid, clock, { proxy: proxy.port, tls: door.port, http: httpPort });
    writeWhole(paths.run, JSON.stringify(run));
    return { run, close: async () => await closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

function workspaceOfJob(store: Store, jobId: string): Workspace {
  const workspace = findWorkspace(store, workspaceIdOf(jobId));
  if (workspace === undefined) throw new Error(`The workspace of ${jobId} is gone.`);
  return workspace;
}

/** Milliseconds until a role assignment has effect, where whoever tries out how a program waits says so. */
function roleDelay(): number {
  const seconds = Number(process.env["PULUMI_AZUREML_LOCAL_ROLE_SECONDS"] ?? 0);
  if (!(seconds >= 0)) throw new UserError("PULUMI_AZUREML_LOCAL_ROLE_SECONDS must be a number of seconds.");
  return seconds * 1000;
}

/** The last run. Its ports are taken again where they are free, so that what was printed then stays true. */
function previousRun(paths: StatePaths): Run | undefined {
  const text = readIfThere(paths.run);
  return text === undefined ? undefined : (JSON.parse(text) as Run);
}

function describe(blobs: number, clock: ClockSetting, ports: Run["ports"]): Run {
  const processes = { blobs: { pid: blobs, started: processStart(blobs) ?? "" } };
  return {
    pid: process.pid,
    started: processStart(process.pid) ?? "",
    build: buildDigest(),
    ports,
    processes,
    clock,
  };
}

/** A killed run's Azurite still saves its index: two on one folder would spoil it. */
async function blobsLeftBehind(before: Run | undefined): Promise<void> {
  const blobs = before?.processes.blobs;
  while (blobs !== undefined && processStart(blobs.pid) === blobs.started) await sleep(25);
}

/** The last one started ends first; one that fails to end keeps no other from ending. */
async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers) {
    await close().catch((error: unknown) => process.stderr.write(`${(error as Error).stack}\n`));
  }
}
