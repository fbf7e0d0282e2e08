import type * as pulumi from "@pulumi/pulumi";
import { armId, objectOf, optional, type Problem } from "../providers/rules";
import type { Constraint } from "./args";
import type { MlflowModelArgs } from "./mlflow-model";
import { runMetricsRule, runMetricsWithoutLimit, type RunMetricGate } from "./run-metric-gate";

/** What a model's run must have reached for the model to be registered. */
export interface ModelAcceptance {
  /** Each with its limits; one that is broken, or not in the run, is enough to refuse the model. */
  readonly runMetrics: readonly RunMetricGate[];
  /**
   * ARM id of the online endpoint with the version that serves: the one of the deployment with the most traffic, which `maxDrop` and `maxRise` compare with by its own run. Where nothing serves yet, only `min` and
   * `max` hold. Needed with `maxDrop` and `maxRise`, and with nothing else.
   */
  readonly endpointId?: pulumi.Input<string>;
}

export const modelAcceptanceRule = objectOf<ModelAcceptance>({
  runMetrics: runMetricsRule,
  endpointId: optional(armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints")),
});

export const modelAcceptanceConstraints: readonly Constraint<MlflowModelArgs>[] = [
  {
    id: "model-accept-limits",
    source: "mlflow.models.evaluate: MetricThreshold has a threshold",
    problems: ({ accept }) => runMetricsWithoutLimit("accept.runMetrics", metricsOf(accept)),
  },
  {
    id: "model-accept-endpoint",
    source: "Online Endpoints: traffic says which deployment, and so which version, serves",
    problems: ({ accept }) => {
      if (accept === undefined || !Array.isArray(metricsOf(accept))) return [];
      const relative = metricsOf(accept)?.findIndex(
        ({ maxDrop, maxRise }) => maxDrop !== undefined || maxRise !== undefined,
      );
      const { endpointId } = accept;
      const problem = (reason: string): Problem[] => [
        { path: "accept.endpointId", value: endpointId, reason },
      ];
      if (relative !== -1 && endpointId === undefined)
        return problem(`accept.runMetrics.${relative} compares with what serves: it must say where`);
      return relative === -1 && endpointId !== undefined
        ? problem("it must be left out where no metric has maxDrop or maxRise: nothing is compared")
        : [];
    },
  },
  {
    id: "model-accept-run",
    source: "how-to-share-models-pipelines-across-workspaces-with-registries: a registry has no runs",
    problems: ({ accept, registryId, sourceServer }) =>
      accept === undefined || registryId === undefined || sourceServer !== undefined
        ? []
        : [
            {
              path: "accept",
              value: undefined,
              reason:
                "it must be left out with registryId, which has no runs: judge the model in its workspace",
            },
          ],
  },
];

/** Of an acceptance that is as it should be. */
function metricsOf(accept: unknown): readonly RunMetricGate[] | undefined {
  return (Object(accept) as Partial<ModelAcceptance>).runMetrics;
}
