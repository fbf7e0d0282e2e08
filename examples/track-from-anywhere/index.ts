import * as pulumi from "@pulumi/pulumi";
import { TrackingAccess } from "pulumi-azureml";

const config = new pulumi.Config();
const workspaceId = config.require("workspaceId");

// A service principal that is there, with its secret: it may track, and nothing else.
const laptop = new TrackingAccess("laptop", {
  workspaceId,
  who: {
    kind: "ServicePrincipal",
    objectId: config.require("objectId"),
    clientId: config.require("clientId"),
    clientSecret: config.requireSecret("clientSecret"),
  },
});

// GitHub's jobs in environment `production` of one repository, without any secret: they register models, too.
const gitHub = new TrackingAccess("github", {
  workspaceId,
  who: {
    kind: "Federated",
    location: config.require("location"),
    credentials: {
      production: {
        kind: "GitHubActions",
        repository: config.require("repository"),
        environment: "production",
      },
    },
  },
  level: "register",
});

export const { trackingUri } = laptop;
/** A secret, for the service principal's is in it. */
export const laptopEnvironment = laptop.environment;
export const laptopScripts = laptop.scripts;
export const gitHubEnvironment = gitHub.environment;
export const gitHubScripts = gitHub.scripts;
