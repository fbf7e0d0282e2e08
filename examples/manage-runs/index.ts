import * as pulumi from "@pulumi/pulumi";
import { Experiment } from "pulumi-azureml";

const config = new pulumi.Config();

// The tags are there before the first run, and stay whoever logs.
const experiment = new Experiment("digits", {
  server: { trackingUri: config.require("trackingUri") },
  experimentName: "digits",
  tags: { team: "vision", purpose: "comparison" },
});

export const trackingUri = config.require("trackingUri");
export const experimentName = experiment.name;
export const experimentId = experiment.id;
