import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import {
  autoscaleBody,
  autoscaleName,
  type AutoscaleProfile,
  type AutoscaleSpec,
} from "../providers/autoscale/body";
import { resourceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import { autoscaleRules, type AutoscaleArgs } from "./autoscale-args";
import { autoscaleConstraints } from "./autoscale-constraints";

/**
 * Machines of an online deployment that come and go with its load, or by the time of the week, within a range.
 *
 * Give the deployment `instances` in the range. Costs nothing itself.
 *
 * `OnlineDeployment` still writes its `instances`: an `up` that changes anything of the deployment sends them again, and after a `pulumi refresh` a
 * preview shows what autoscale did as a change. `ignoreChanges` keeps it out of previews, but an `up` sends the number that the state has. So give it
 * as many as its load needs at that moment; autoscale goes on from there.
 *
 * It is for one deployment: an `OnlineDeployment`, or one of another program. A `RollingDeployment` makes another with each version, and has an
 * argument `autoscale` of its own, which goes along with what serves.
 */
export class Autoscale extends pulumi.ComponentResource {
  /** ARM id of the autoscale setting. */
  declare readonly id: pulumi.Output<string>;
  /** Name of the autoscale setting. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: AutoscaleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Autoscale", name, {}, opts);
    args = checkArgs("Autoscale", name, args, autoscaleRules, autoscaleConstraints);

    const { location, tags } = args;
    const deploymentId = pulumi.output(args.deploymentId);
    const { instances, rules = [], schedules = {} } = args;
    const spec = pulumi.output({ instances, rules, schedules }) as pulumi.Output<AutoscaleSpec>;
    const properties = pulumi
      .all([deploymentId, spec])
      .apply(([id, known]) => autoscaleBody({ deploymentId: id, location: "" }, known).properties);
    const setting = new monitor.AutoscaleSetting(
      name,
      {
        autoscaleSettingName: deploymentId.apply(autoscaleName),
        resourceGroupName: deploymentId.apply((id) => resourceParts(id).resourceGroupName),
        location,
        name: properties.name,
        enabled: properties.enabled,
        targetResourceUri: properties.targetResourceUri,
        profiles: properties.profiles.apply((profiles) => profiles.map(asInput)),
        tags,
      },
      // A deployment has one setting at a time.
      { parent: this, deleteBeforeReplace: true },
    );

    this.id = setting.id;
    this.name = deploymentId.apply(autoscaleName);
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

/** As azure-native has it: a dimension's properties begin in lower case. */
function asInput(profile: AutoscaleProfile) {
  return {
    ...profile,
    rules: profile.rules.map(({ metricTrigger, scaleAction }) => ({
      metricTrigger: {
        ...metricTrigger,
        dimensions: metricTrigger.dimensions?.map(({ DimensionName, Operator, Values }) => ({
          dimensionName: DimensionName,
          operator: Operator,
          values: Values,
        })),
      },
      scaleAction,
    })),
  };
}
