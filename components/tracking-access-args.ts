import type * as pulumi from "@pulumi/pulumi";
import { armId, kindOf, oneOf, optional, recordOf, tags, text, type Rules } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { federatedCredential, type FederatedCredential } from "./federated-credential-args";
import { gitHubFilters, knownFederation, type LooseCredential } from "./federated-subject";
import type { Tags } from "./tags";
import { trackingLevels, type TrackingLevel } from "./tracking-roles";

/** A service principal that is there. */
export interface TrackingServicePrincipal {
  readonly kind: "ServicePrincipal";
  /** Object id of the service principal (of the enterprise application, not of the app registration). */
  readonly objectId: pulumi.Input<string>;
  /** Client id of its application. */
  readonly clientId: pulumi.Input<string>;
  /** Its secret, to be passed on in the output `environment`, which is a secret then. Nothing else takes it. */
  readonly clientSecret?: pulumi.Input<string>;
}

/** A managed identity that is there: a user-assigned one by `id`, any by `principalId`. */
export interface TrackingManagedIdentity {
  readonly kind: "ManagedIdentity";
  /** ARM id of a user-assigned identity. */
  readonly id?: pulumi.Input<string>;
  /** Object id of a system-assigned identity, or of one in another subscription. */
  readonly principalId?: pulumi.Input<string>;
}

/** A user-assigned identity, made here, that others' tokens sign in as: no secret anywhere. */
export interface TrackingFederation {
  readonly kind: "Federated";
  /** Azure region of the identity. */
  readonly location: pulumi.Input<string>;
  /** Whose tokens are taken, by the name of the credential (3 to 120 letters, digits, dashes and underscores): 1 to 20. */
  readonly credentials: Readonly<Record<string, FederatedCredential>>;
}

export interface TrackingAccessArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Who tracks. */
  readonly who: TrackingServicePrincipal | TrackingManagedIdentity | TrackingFederation;
  /**
   * `track` (the default): experiments, runs, metrics, params and artifacts; registered models are read. `register`: registers models and versions too. `deploy`: endpoints and
   * deployments too, not their keys. By a role of the tenant's own, made here.
   */
  readonly level?: pulumi.Input<TrackingLevel>;
  /**
   * ARM id of the workspace's storage account, to give the role Storage Blob Data Contributor there too. Not by default: MLflow's artifacts go by addresses that the workspace signs.
   * Microsoft asks for it of whoever uses a workspace without shared keys by itself, by the SDK's data and models for instance.
   */
  readonly storageAccountId?: pulumi.Input<string>;
  /** Of the identity that is made. */
  readonly tags?: Tags;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PRINCIPALS = "Entra, application and service principal objects: object id and client id";

export const trackingAccessRules: Rules<TrackingAccessArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  who: kindOf("kind", {
    ServicePrincipal: {
      objectId: text("an object id, a GUID", guid, PRINCIPALS),
      clientId: text("a client id, a GUID", guid, PRINCIPALS),
      clientSecret: optional(text("text")),
    },
    ManagedIdentity: {
      id: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
      principalId: optional(text("an object id, a GUID", guid, PRINCIPALS)),
    },
    Federated: { location: text("an Azure region"), credentials: recordOf(federatedCredential) },
  }),
  level: optional(oneOf(...trackingLevels)),
  storageAccountId: optional(armId("Microsoft.Storage/storageAccounts")),
  tags: optional(tags),
};

const FEDERATED =
  "Entra, workload identity federation considerations: at most 20 credentials an identity, each of an issuer and subject of its own";

type Args = Known<TrackingAccessArgs>;

function credentialsOf({ who }: Args): readonly (readonly [name: string, credential: LooseCredential])[] {
  if (who?.kind !== "Federated" || typeof who.credentials !== "object") return [];
  return Object.entries(who.credentials).filter(([, each]) => isKnown(each));
}

const at = (name: string, property?: string): string =>
  ["who", "credentials", name, ...(property === undefined ? [] : [property])].join(".");

export const trackingAccessConstraints: readonly Constraint<TrackingAccessArgs>[] = [
  {
    id: "tracking-access-identity-once",
    source: "API 2023-01-31, UserAssignedIdentities: an identity has one principal",
    problems: ({ who }) =>
      who.kind === "ManagedIdentity" && (who.id === undefined) === (who.principalId === undefined)
        ? [{ path: "who.id", value: who.id, reason: "there must be either id or principalId" }]
        : [],
  },
  {
    id: "tracking-access-credentials-many",
    source: FEDERATED,
    problems: (args) => {
      const many = credentialsOf(args).length;
      if (args.who.kind !== "Federated" || (many >= 1 && many <= 20)) return [];
      return [{ path: "who.credentials", value: many, reason: "there must be 1 to 20 of them" }];
    },
  },
  {
    id: "tracking-access-credential-name",
    source: "API 2023-01-31, FederatedIdentityCredentials: pattern of the name",
    problems: (args) =>
      credentialsOf(args)
        .filter(([name]) => !/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/.test(name))
        .map(([name]) => ({
          path: at(name),
          value: name,
          reason:
            "its name must be 3 to 120 letters, digits, dashes and underscores, a letter or digit first",
        })),
  },
  {
    id: "tracking-access-credentials-differ",
    source: FEDERATED,
    problems: (args) => {
      const seen = new Map<string, string>();
      return credentialsOf(args).flatMap(([name, credential]) => {
        const federation = knownFederation(credential);
        const earlier = federation === undefined ? undefined : seen.get(federation);
        if (federation !== undefined && earlier === undefined) seen.set(federation, name);
        return earlier === undefined
          ? []
          : [{ path: at(name), value: name, reason: `${earlier} takes the same tokens` }];
      });
    },
  },
  {
    id: "tracking-access-github-once",
    source: "docs.github.com, OpenID Connect reference: a token's subject is of one of them",
    problems: (args) =>
      credentialsOf(args).flatMap(([name, credential]) =>
        credential.kind === "GitHubActions" && gitHubFilters(credential).length !== 1
          ? [
              {
                path: at(name),
                value: gitHubFilters(credential),
                reason: "there must be exactly one of environment, branch, tag and pullRequest",
              },
            ]
          : [],
      ),
  },
  {
    id: "tracking-access-subject-length",
    source: "API 2023-01-31, FederatedIdentityCredentials; Entra: subjects of at most 600 characters",
    problems: (args) =>
      credentialsOf(args).flatMap(([name, credential]) => {
        const [, subject = ""] = knownFederation(credential)?.split(/ (.*)/s) ?? [];
        return subject.length <= 600
          ? []
          : [{ path: at(name), value: name, reason: "its subject must be at most 600 characters long" }];
      }),
  },
  {
    id: "tracking-access-tags-made",
    source: "API 2023-01-31: tags are of what is made here, a federated identity alone",
    problems: ({ who, tags: given }) =>
      given === undefined || who.kind === "Federated"
        ? []
        : [{ path: "tags", value: given, reason: "there is nothing to tag: the identity is made elsewhere" }],
  },
];
