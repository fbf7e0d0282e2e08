import * as pulumi from "@pulumi/pulumi";
import { cloudOf } from "../providers/clients/cloud";
import { programSettings } from "../providers/explicit-provider";

/** Where Azure Machine Learning studio is, in the cloud that the settings name: `https://ml.azure.com`. */
export function studio(): pulumi.Output<string> {
  return pulumi.output(cloudOf(programSettings()).then((cloud) => cloud.studio));
}
