import Fastify, { type FastifyInstance } from "fastify";
import type { Exclusive } from "../arm/exclusive";
import type { Store } from "../arm/store";
import { SCORING_AUDIENCES } from "../cloud";
import type { MlflowFaults } from "../faults/mlflow";
import type { AccessControl, TokenVerifier } from "../identity/principal";
import { artifactListRoute } from "./artifact-api";
import { artifactRoutes, historyRoutes, type IssueToken } from "./artifact-routes";
import { Artifacts, type SasUrl } from "./artifacts";
import { batchRunSource, endpointJobsRoute, type BatchRuns } from "./batch-runs";
import { commandRunSource, type CommandRuns } from "./command-runs";
import { pipelineRunSource, type PipelineRuns } from "./pipeline-runs";
import { sweepRunSource, type SweepRuns } from "./sweep-runs";
import { answerError } from "./errors";
import { guard } from "./guard";
import { ModelFiles, type Blobs } from "./model-files";
import { Registry } from "./registry";
import { registryRoutes } from "./registry-routes";
import { outputUriRoutes, runHistoryRoutes } from "./run-history";
import type { MlflowServers } from "./server";
import { trackingRoutes } from "./tracking";
import { WORKSPACE_ROUTE } from "./workspace";

/** Largest request body in bytes: a batch of 1,000 metrics, 100 parameters and 100 tags stays far below. */
const BODY_LIMIT = 16 * 1024 * 1024;

export interface MlflowFrontOptions {
  readonly store: Store;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  readonly servers: MlflowServers;
  readonly blobs: Blobs;
  readonly sasUrl: SasUrl;
  readonly issueToken: IssueToken;
  /** The batch jobs that run history tells of. */
  readonly batch: BatchRuns["jobs"];
  /** The command jobs that it tells of. */
  readonly commands: CommandRuns["jobs"];
  readonly pipelines: PipelineRuns["pipelines"];
  readonly sweeps: SweepRuns["sweeps"];
  /** In what ARM's own writes take their turn; default: a turn of the registry's own. */
  readonly exclusive?: Exclusive;
  /** What goes wrong on purpose; nothing by default. */
  readonly faults?: MlflowFaults;
  /** Default: the clock. */
  readonly now?: () => Date;
}

/** What MLflow's addresses and pages are answered from, shared by the front and the user interface. */
export interface MlflowParts {
  readonly artifacts: Artifacts;
  readonly registry: Registry;
}

export function mlflowParts({
  store,
  blobs,
  sasUrl,
  exclusive,
  now = () => new Date(),
}: Omit<
  MlflowFrontOptions,
  "verifier" | "access" | "servers" | "issueToken" | "batch" | "commands" | "pipelines" | "sweeps"
>): MlflowParts {
  return {
    artifacts: new Artifacts(store, blobs, sasUrl, now),
    registry: new Registry(store, new ModelFiles(store, blobs), now, exclusive),
  };
}

/** `{region}.api.azureml.ms`: tracking, model registry, run history and artifacts of every workspace. Not listening yet. */
export function createMlflowFront(
  options: MlflowFrontOptions,
  parts: MlflowParts = mlflowParts(options),
): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    routerOptions: { caseSensitive: false, maxParamLength: 1024 },
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  app.get("/discovery", (request) => {
    const service = `https://${request.headers.host ?? ""}`;
    return { api: service, history: service, mlflow: service };
  });
  const guarded = (
    prefix: string,
    routes: (scope: FastifyInstance) => void,
    audiences?: readonly string[],
  ): void => {
    app.register(
      async (scope) => {
        guard(scope, options, audiences);
        scope.addHook("onRequest", async ({ headers, url }) =>
          options.faults?.(`${headers.host ?? ""}${url}`),
        );
        routes(scope);
      },
      { prefix: prefix + WORKSPACE_ROUTE },
    );
  };
  // The plug-in says v2.0 whatever the tracking URI says; other clients use the URI's v1.0.
  for (const version of ["v1.0", "v2.0"]) {
    guarded(`/mlflow/${version}`, (scope) => {
      registryRoutes(scope, parts.registry);
      artifactListRoute(scope, parts.artifacts, options.servers);
      trackingRoutes(scope, options.servers);
    });
  }
  const runs: BatchRuns = { store: options.store, artifacts: parts.artifacts, jobs: options.batch };
  const sources = [
    batchRunSource(runs),
    commandRunSource({ ...runs, jobs: options.commands }),
    pipelineRunSource({ ...runs, ...options }),
    sweepRunSource({ ...runs, ...options }),
  ];
  guarded("/history/v1.0", (scope) => {
    historyRoutes(scope, parts.artifacts, options.servers, options.issueToken);
    runHistoryRoutes(scope, sources);
  });
  guarded("/data/v1.0", (scope) => outputUriRoutes(scope, sources));
  const states = { jobs: options.batch, pipelines: options.pipelines };
  guarded(
    "/mferp/managementfrontend",
    (scope) => endpointJobsRoute(scope, options.store, states),
    SCORING_AUDIENCES,
  );
  guarded("/artifact/v2.0", (scope) => artifactRoutes(scope, parts.artifacts));
  return app;
}
