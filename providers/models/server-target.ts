import { ProviderError } from "../clients/errors";
import { createMlflow } from "../clients/mlflow";
import type { MlflowServer } from "../clients/mlflow-server";
import type { Clients } from "./clients";
import type { SourcePlace } from "./places";
import { NO_TRITON, refusedTarget } from "./server-addresses";
import { serverUpload } from "./server-upload";
import { serverVersions } from "./server-versions";
import type { ModelKind, ModelTarget } from "./target";

/**
 * An MLflow server (2.22 or later): files become artifacts of a run of their own, which the version points at.
 *
 * @param source where the model comes from: of one on the same server, the version names the run that logged it
 * @throws ProviderError where the server is no target
 */
export function serverTarget(
  clients: Clients,
  server: MlflowServer,
  { name, type }: ModelKind,
  source?: SourcePlace,
): ModelTarget {
  const refusal = type === "triton_model" ? NO_TRITON : refusedTarget(server.trackingUri, name);
  if (refusal !== undefined)
    throw new ProviderError({ what: `can't be registered there: ${refusal}`, where: name });
  const mlflow = createMlflow(server);
  const fromItself = source?.kind === "uri" && source.server?.trackingUri === server.trackingUri;
  return {
    ...serverVersions(mlflow, name, fromItself),
    upload: async (files, key) => await serverUpload(clients, mlflow, name, files, key, fromItself),
  };
}
