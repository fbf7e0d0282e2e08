import type * as ml from "@pulumi/azure-native/machinelearningservices";
import type { machinelearningservices } from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import type { BatchDeploymentArgs, PipelineComponent } from "./batch-deployment-args";
import { mapped } from "./defaults";
import type { scoringProperties } from "./scoring-code";

type Properties = machinelearningservices.BatchDeploymentPropertiesArgs;

/** What Azure is told of a deployment. @param scoring how a model scores that does not by itself */
export function batchDeploymentBody(
  args: BatchDeploymentArgs,
  scoring: ReturnType<typeof scoringProperties>,
): Pick<ml.BatchDeploymentArgs, "location" | "tags"> & { readonly properties: Properties } {
  const { location, description, tags, pipelineComponent } = args;
  const runs =
    pipelineComponent === undefined
      ? { ...modelProperties(args), ...scoring }
      : pipelineProperties(pipelineComponent, args.compute);
  return { location, properties: { ...runs, description }, tags };
}

function modelProperties(args: BatchDeploymentArgs): Properties {
  return {
    model: args.model === undefined ? undefined : { referenceType: "Id", assetId: args.model },
    compute: args.compute,
    resources: { instanceCount: args.instances ?? 1, instanceType: args.instanceType },
    miniBatchSize: args.miniBatchSize ?? 10,
    maxConcurrencyPerInstance: args.concurrencyPerInstance ?? 1,
    retrySettings: {
      maxRetries: args.retries?.maxRetries ?? 3,
      timeout: mapped(args.retries?.timeoutSeconds, 30, (seconds) => `PT${seconds}S`),
    },
    errorThreshold: args.errorThreshold ?? -1,
    outputAction: args.outputAction ?? "AppendRow",
    outputFileName: args.outputFileName ?? "predictions.csv",
    loggingLevel: args.loggingLevel ?? "Info",
    environmentVariables: args.environmentVariables,
  };
}

/** Settings have the names of a pipeline job's YAML, a compute its own name: so Azure's clients send them. */
function pipelineProperties(
  { componentId, continueOnStepFailure, forceRerun, defaultDatastore }: PipelineComponent,
  compute: pulumi.Input<string> | undefined,
): Properties {
  return {
    deploymentConfiguration: {
      deploymentConfigurationType: "PipelineComponent",
      componentId: { referenceType: "Id", assetId: componentId },
      settings: given({
        default_compute: compute && pulumi.output(compute).apply((id) => resourceParts(id).name),
        default_datastore: defaultDatastore,
        continue_on_step_failure: asText(continueOnStepFailure),
        force_rerun: asText(forceRerun),
      }),
    },
  };
}

function asText(flag: pulumi.Input<boolean> | undefined): pulumi.Output<string> | undefined {
  return flag === undefined ? undefined : pulumi.output(flag).apply(String);
}

function given<T>(settings: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
