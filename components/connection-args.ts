import type * as pulumi from "@pulumi/pulumi";
import { armId, flag, kindOf, oneOf, optional, recordOf, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";

/** As whom, or with what, a connection signs in. What is secret is so in the state and in previews. */
export type ConnectionAuth =
  /** As whoever uses it, or the compute's identity: Entra tokens, no secret. */
  | { readonly type: "AAD" }
  /** As nobody. */
  | { readonly type: "None" }
  /** As a managed identity: its client id, and the ARM id of what has it. */
  | {
      readonly type: "ManagedIdentity";
      readonly clientId: pulumi.Input<string>;
      readonly resourceId: pulumi.Input<string>;
    }
  | { readonly type: "PAT"; readonly pat: pulumi.Input<string> }
  | {
      readonly type: "UsernamePassword";
      readonly username: pulumi.Input<string>;
      readonly password: pulumi.Input<string>;
    }
  | { readonly type: "ApiKey"; readonly key: pulumi.Input<string> }
  | { readonly type: "AccountKey"; readonly key: pulumi.Input<string> }
  | { readonly type: "SAS"; readonly sas: pulumi.Input<string> }
  | {
      readonly type: "ServicePrincipal";
      readonly clientId: pulumi.Input<string>;
      readonly clientSecret: pulumi.Input<string>;
      readonly tenantId: pulumi.Input<string>;
    }
  | {
      readonly type: "AccessKey";
      readonly accessKeyId: pulumi.Input<string>;
      readonly secretAccessKey: pulumi.Input<string>;
    }
  | { readonly type: "CustomKeys"; readonly keys: Readonly<Record<string, pulumi.Input<string>>> };

export interface ConnectionArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** 3 to 33 letters, digits, dashes and underscores, a letter or digit first. */
  readonly connectionName: pulumi.Input<string>;
  /** What it leads to: `ContainerRegistry`, `Git`, `PythonFeed`, `AzureOpenAI`, `CognitiveSearch` (Azure AI Search), `AIServices`, `AzureBlob`, `ADLSGen2`, `AzureOneLake`, `S3`, `Snowflake`, `OpenAI`, `Serp` or `CustomKeys`. */
  readonly category: pulumi.Input<string>;
  /** Its address, without user and password in it. */
  readonly target: pulumi.Input<string>;
  /** By Entra identity (`AAD`) where the category knows it; elsewhere it must be given. Everybody who may use the connection has what a secret here opens. */
  readonly auth?: ConnectionAuth;
  /** Further properties of the category, as `ApiVersion` for Azure OpenAI. Not secret. */
  readonly metadata?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether projects of the workspace, where it is a hub, have it too. Azure's default, `true`, is not taken: `false` by default. */
  readonly sharedToAll?: pulumi.Input<boolean>;
}

/** How each category signs in; the default first, where it needs no secret. */
const CATEGORIES: Readonly<Record<string, readonly ConnectionAuth["type"][]>> = {
  ContainerRegistry: ["ManagedIdentity", "UsernamePassword"],
  Git: ["PAT", "UsernamePassword", "None"],
  PythonFeed: ["PAT", "UsernamePassword", "None"],
  AzureOpenAI: ["AAD", "ApiKey"],
  CognitiveSearch: ["AAD", "ApiKey"],
  AIServices: ["AAD", "ApiKey"],
  AzureBlob: ["AAD", "AccountKey", "SAS"],
  ADLSGen2: ["AAD", "ServicePrincipal", "AccountKey", "SAS"],
  AzureOneLake: ["AAD", "ServicePrincipal"],
  S3: ["AccessKey"],
  Snowflake: ["UsernamePassword"],
  OpenAI: ["ApiKey"],
  Serp: ["ApiKey"],
  CustomKeys: ["CustomKeys"],
};

const secret = text("text");

export const connectionRules: Rules<ConnectionArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  connectionName: text(
    "3 to 33 letters, digits, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
    "REST API 2025-12-01, Workspace Connections: pattern of connectionName",
  ),
  category: oneOf(...Object.keys(CATEGORIES)),
  target: text("an address"),
  auth: optional(
    kindOf("type", {
      AAD: {},
      None: {},
      ManagedIdentity: { clientId: text("a client id"), resourceId: text("an ARM id", /^\/subscriptions\//) },
      PAT: { pat: secret },
      UsernamePassword: { username: text("text"), password: secret },
      ApiKey: { key: secret },
      AccountKey: { key: secret },
      SAS: { sas: secret },
      ServicePrincipal: {
        clientId: text("a client id"),
        clientSecret: secret,
        tenantId: text("a tenant's id"),
      },
      AccessKey: { accessKeyId: text("text"), secretAccessKey: secret },
      CustomKeys: { keys: recordOf(secret) },
    }),
  ),
  metadata: optional(recordOf(text("text", /^/))),
  sharedToAll: optional(flag()),
};

export const connectionConstraints: readonly Constraint<ConnectionArgs>[] = [
  {
    id: "connection-auth-of-category",
    source: "azure-ai-ml 1.35.2, _schema/workspace/connections; how-to-connection",
    problems: ({ category, auth }) => {
      const allowed = CATEGORIES[String(category)];
      if (allowed === undefined || auth === undefined || typeof auth.type !== "string") return [];
      return allowed.includes(auth.type)
        ? []
        : [
            {
              path: "auth.type",
              value: auth.type,
              reason: `it must be ${allowed.join(" or ")} for ${String(category)}`,
            },
          ];
    },
  },
  {
    id: "connection-auth-missing",
    source:
      "azure-ai-ml 1.35.2, _schema/workspace/connections: AAD is the default of Azure's own services alone",
    problems: ({ category, auth }) => {
      const allowed = CATEGORIES[String(category)];
      return allowed === undefined || auth !== undefined || allowed.includes("AAD")
        ? []
        : [{ path: "auth", value: undefined, reason: `its type must be ${allowed.join(" or ")} here` }];
    },
  },
  {
    id: "connection-secret-in-target",
    source: "models 2025-12-01, WorkspaceConnectionPropertiesV2: target is shown, credentials are not",
    problems: ({ target }) =>
      typeof target === "string" && /^[a-z][a-z0-9+.-]*:\/\/[^/@]*@/i.test(target)
        ? [
            {
              path: "target",
              value: "[hidden]",
              reason: "it must have no user or password in it: they go into auth",
            },
          ]
        : [],
  },
  {
    id: "connection-target-https",
    source:
      "how-to-connection: targets of Git, feeds, registries and Azure's services are https addresses or hosts",
    problems: ({ target }) =>
      typeof target === "string" && /^http:/i.test(target)
        ? [
            {
              path: "target",
              value: target,
              reason: "it must not be plain http, on which secrets can be read",
            },
          ]
        : [],
  },
];
