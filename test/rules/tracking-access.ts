import { TrackingAccess, type FederatedCredential, type TrackingAccessArgs } from "../../components";
import { trackingAccessConstraints, trackingAccessRules } from "../../components/tracking-access-args";
import { guid, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const workspaceId = WORKSPACE_ID;
const principal: TrackingAccessArgs = {
  workspaceId,
  who: { kind: "ServicePrincipal", objectId: guid("tracker"), clientId: guid("client") },
};
const identity: TrackingAccessArgs = {
  workspaceId,
  who: { kind: "ManagedIdentity", principalId: guid("tracker") },
};
const gitHub = { kind: "GitHubActions", repository: "octo-org/octo-repo" } as const;
const devOps = {
  kind: "AzureDevOps",
  organizationId: guid("org"),
  organization: "contoso",
  project: "Risk models",
  serviceConnection: "mlflow",
} as const;
const issuer = "https://oidc.example.com/id/1";
const kubernetes = { kind: "Kubernetes", issuer, namespace: "risk", serviceAccount: "train.er" } as const;
const named = { kind: "Issuer", issuer, subject: "whoever" } as const;

const of = (credentials: Record<string, FederatedCredential>): TrackingAccessArgs => ({
  workspaceId,
  who: { kind: "Federated", location: "westeurope", credentials },
});
const wrong = (credentials: Record<string, unknown>): { who: object } => ({
  who: { kind: "Federated", location: "westeurope", credentials },
});
/** A federated credential with one value changed. */
const shape = (credential: FederatedCredential, change: Record<string, unknown>) => {
  const [key = ""] = Object.keys(change);
  return {
    rule: `who.credentials.*.${key}`,
    right: of({ main: credential }),
    wrong: wrong({ main: { ...credential, ...change } }),
    path: `who.credentials.main.${key}`,
  };
};
const onMain = { ...gitHub, branch: "main" };

export const trackingAccess: RuleCases<TrackingAccessArgs> = {
  component: "TrackingAccess",
  declare: (name, args) => new TrackingAccess(name, args),
  rules: trackingAccessRules,
  constraints: trackingAccessConstraints,
  cases: [
    {
      rule: "who.objectId",
      right: principal,
      wrong: { who: { ...principal.who, objectId: "ci" } },
      path: "who.objectId",
    },
    {
      rule: "who.clientId",
      right: principal,
      wrong: { who: { ...principal.who, clientId: "ci" } },
      path: "who.clientId",
    },
    {
      rule: "who.principalId",
      right: identity,
      wrong: { who: { ...identity.who, principalId: "id-ci" } },
      path: "who.principalId",
    },
    shape(onMain, { repository: "octo-org/*" }),
    shape({ ...gitHub, environment: "prod EU" }, { environment: "prod:EU" }),
    shape({ ...gitHub, branch: "release/1.0" }, { branch: "refs/heads/main" }),
    shape({ ...gitHub, tag: "v1.0" }, { tag: "v*" }),
    shape(devOps, { organizationId: "contoso" }),
    shape(devOps, { organization: "contoso/risk" }),
    shape(devOps, { project: "*" }),
    shape(devOps, { serviceConnection: "a:b" }),
    shape(kubernetes, { issuer: "http://oidc.example.com/id/1" }),
    shape(kubernetes, { namespace: "Risk" }),
    shape(kubernetes, { serviceAccount: "-trainer" }),
    shape(named, { issuer: "https://oidc.example.com/id?x=1" }),
    shape(named, { subject: "repo:octo-org/*" }),
    shape({ ...named, audience: "api://mine" }, { audience: "any of mine" }),
    {
      rule: "tracking-access-identity-once",
      right: identity,
      wrong: { who: { kind: "ManagedIdentity" } },
      path: "who.id",
    },
    {
      rule: "tracking-access-credentials-many",
      right: of({ main: onMain }),
      wrong: wrong({}),
      path: "who.credentials",
    },
    {
      rule: "tracking-access-credentials-many",
      right: of({ main: onMain }),
      wrong: wrong(
        Object.fromEntries(
          Array.from({ length: 21 }, (_, index) => [`on-${index}`, { ...gitHub, branch: `${index}` }]),
        ),
      ),
      path: "who.credentials",
    },
    {
      rule: "tracking-access-credential-name",
      right: of({ main: onMain }),
      wrong: wrong({ "on main": onMain }),
      path: "who.credentials.on main",
    },
    {
      rule: "tracking-access-credentials-differ",
      right: of({ main: onMain, next: { ...gitHub, branch: "next" } }),
      wrong: wrong({
        main: onMain,
        next: {
          kind: "Issuer",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:octo-org/octo-repo:ref:refs/heads/main",
        },
      }),
      path: "who.credentials.next",
    },
    {
      rule: "tracking-access-github-once",
      right: of({ main: onMain }),
      wrong: wrong({ main: gitHub }),
      path: "who.credentials.main",
    },
    {
      rule: "tracking-access-github-once",
      right: of({ pull: { ...gitHub, pullRequest: true } }),
      wrong: wrong({ main: { ...onMain, environment: "prod" } }),
      path: "who.credentials.main",
    },
    {
      rule: "tracking-access-subject-length",
      right: of({ pipeline: devOps }),
      wrong: wrong({
        pipeline: {
          ...devOps,
          organization: "a".repeat(256),
          project: "b".repeat(256),
          serviceConnection: "c".repeat(99),
        },
      }),
      path: "who.credentials.pipeline",
    },
    {
      rule: "tracking-access-tags-made",
      right: { ...of({ main: onMain }), tags: { team: "risk" } },
      wrong: { who: principal.who },
      path: "tags",
    },
  ],
};
