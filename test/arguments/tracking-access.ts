import { TrackingAccess, type TrackingAccessArgs } from "../../components";
import { trackingAccessRules } from "../../components/tracking-access-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, guid, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const workspaceId = WORKSPACE_ID;
const repository = "octo-org/octo-repo";
const issuer = "https://oidc.example.com/id/1";
const otherKind = "another kind has other properties, so it never changes by itself";
const passedOn = "goes into the output environment, and nowhere else";

export const trackingAccess: ArgumentCases<TrackingAccessArgs> = {
  component: "TrackingAccess",
  rules: trackingAccessRules,
  declare: (name, args) => new TrackingAccess(name, args),
  cases: [
    {
      workspaceId,
      who: {
        kind: "Federated",
        location: "westeurope",
        credentials: {
          "on-production": { kind: "GitHubActions", repository, environment: "production" },
          "on-main": { kind: "GitHubActions", repository, branch: "main" },
          "on-release": { kind: "GitHubActions", repository, tag: "v1" },
          "on-pull-request": { kind: "GitHubActions", repository, pullRequest: true },
          pipeline: {
            kind: "AzureDevOps",
            organizationId: guid("organization"),
            organization: "contoso",
            project: "risk",
            serviceConnection: "mlflow",
          },
          cluster: { kind: "Kubernetes", issuer, namespace: "risk", serviceAccount: "trainer" },
          other: { kind: "Issuer", issuer, subject: "whoever", audience: "api://mine" },
        },
      },
      level: "deploy",
      storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`,
      tags: { team: "risk" },
    },
    {
      workspaceId,
      who: {
        kind: "ServicePrincipal",
        objectId: guid("tracker"),
        clientId: guid("client"),
        clientSecret: "secret",
      },
      level: "register",
    },
    { workspaceId, who: { kind: "ManagedIdentity", id: IDENTITY_ID } },
    { workspaceId, who: { kind: "ManagedIdentity", principalId: guid("tracker") } },
  ],
  exempt: {
    "who.kind": otherKind,
    "who.clientId": passedOn,
    "who.clientSecret": passedOn,
    "who.credentials.*.kind": otherKind,
    "who.credentials.*.pullRequest":
      "without it a credential has to be for a branch, a tag or an environment",
  },
};
