import * as pulumi from "@pulumi/pulumi";
import { Experiment } from "pulumi-azureml";

/** Nothing but dynamic resources: whoever signs in here is the one whom the dynamic providers take. */
const config = new pulumi.Config();
new Experiment("signed", {
  workspaceId: config.require("workspaceId"),
  experimentName: "signed",
  onDelete: "delete",
});
