import * as pulumi from "@pulumi/pulumi";
import { MlflowExperiment } from "../providers/experiment/resource";
import { checkArgs } from "./args";
import { experimentConstraints, experimentRules, type ExperimentArgs } from "./experiment-args";

/**
 * An experiment, which runs are logged to: in a workspace or on any MLflow server (2.22 or later). Costs nothing itself.
 *
 * Training makes an experiment where there is none; declared, it has its tags before the first run.
 */
export class Experiment extends pulumi.ComponentResource {
  /** The server's own id of it, `7`. */
  declare readonly id: pulumi.Output<string>;
  /** What `mlflow.set_experiment` takes. */
  declare readonly name: pulumi.Output<string>;
  /** Where its runs' artifacts go, `mlflow-artifacts:/7`. */
  declare readonly artifactLocation: pulumi.Output<string>;

  constructor(name: string, args: ExperimentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Experiment", name, {}, opts);
    args = checkArgs("Experiment", name, args, experimentRules, experimentConstraints);
    const { experimentName, server, onDelete = "retain", ...rest } = args;
    const experiment = new MlflowExperiment(
      name,
      { ...rest, server: server && pulumi.output(server), name: experimentName, onDelete },
      { parent: this },
    );

    this.id = experiment.id;
    // With the experiment behind it, so that what logs to it waits.
    this.name = pulumi.all([experimentName, experiment.urn]).apply(([given]) => given);
    this.artifactLocation = experiment.artifactLocation;
    this.registerOutputs({ id: this.id, name: this.name, artifactLocation: this.artifactLocation });
  }
}
