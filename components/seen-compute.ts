import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { NO_COMPUTE, tooSmall } from "../providers/jobs/compute-problems";
import { InvalidArgs } from "./args";
import { isNotFound } from "./not-found";

/**
 * A deployment's compute, looked at by each preview that knows its id: that it is there, and has as many nodes as jobs ask for. An `up` hears it from Azure itself.
 * What can't be read stops nothing.
 *
 * @returns `compute`, which fails with InvalidArgs where there is none
 */
export function seenCompute(
  component: pulumi.ComponentResource,
  [type, name]: readonly [string, string],
  compute: pulumi.Input<string>,
  instances: pulumi.Input<number>,
): pulumi.Output<string> {
  return pulumi.all([compute, instances]).apply(async ([id, wanted]) => {
    if (!pulumi.runtime.isDryRun()) return id;
    const { resourceGroupName, workspaceName } = workspaceParts(id);
    const computeName = resourceParts(id).name;
    try {
      const { properties } = await ml.getCompute(
        { resourceGroupName, workspaceName, computeName },
        { parent: component },
      );
      const most =
        properties.computeType === "AmlCompute"
          ? properties.properties?.scaleSettings?.maxNodeCount
          : undefined;
      const small = tooSmall(id, most, wanted);
      if (small !== undefined) await pulumi.log.warn(small, component);
    } catch (error) {
      if (isNotFound(error))
        throw new InvalidArgs(type, name, [{ path: "compute", value: id, reason: NO_COMPUTE }]);
    }
    return id;
  });
}
