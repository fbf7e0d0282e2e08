import type * as pulumi from "@pulumi/pulumi";
import { flag, kindOf, optional, text, type Rule } from "../providers/rules";

/** Jobs of a GitHub repository: of exactly one environment, branch or tag, or of its pull requests. */
export interface GitHubActionsCredential {
  readonly kind: "GitHubActions";
  /** `OWNER/NAME`, as GitHub spells it; where its tokens name ids too, `OWNER@ID/NAME@ID`. */
  readonly repository: pulumi.Input<string>;
  /** Jobs with `environment: NAME`. A job that names one has no other subject, whatever branch it runs on. */
  readonly environment?: pulumi.Input<string>;
  /** Without `refs/heads/`. */
  readonly branch?: pulumi.Input<string>;
  /** Without `refs/tags/`. */
  readonly tag?: pulumi.Input<string>;
  /** `true` for jobs of pull requests, of anybody who may open one from a branch of the repository. */
  readonly pullRequest?: boolean;
}

/** Pipelines of Azure DevOps that use a service connection. */
export interface AzureDevOpsCredential {
  readonly kind: "AzureDevOps";
  /** GUID of the organization. */
  readonly organizationId: pulumi.Input<string>;
  /** Name of the organization. */
  readonly organization: pulumi.Input<string>;
  /** Name of the project. */
  readonly project: pulumi.Input<string>;
  /** Name of the service connection. */
  readonly serviceConnection: pulumi.Input<string>;
}

/** Pods of a Kubernetes service account, on any cloud or on premises. */
export interface KubernetesCredential {
  readonly kind: "Kubernetes";
  /** The cluster's OIDC issuer, an https address that Entra can read. */
  readonly issuer: pulumi.Input<string>;
  /** The service account's namespace. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the service account. */
  readonly serviceAccount: pulumi.Input<string>;
}

/** Whoever an OpenID issuer names so. */
export interface IssuerCredential {
  readonly kind: "Issuer";
  /** `iss` of the tokens, letter by letter. */
  readonly issuer: pulumi.Input<string>;
  /** `sub` of the tokens, letter by letter: no patterns. */
  readonly subject: pulumi.Input<string>;
  /** `aud` of the tokens: `api://AzureADTokenExchange` by default. */
  readonly audience?: pulumi.Input<string>;
}

export type FederatedCredential =
  GitHubActionsCredential | AzureDevOpsCredential | KubernetesCredential | IssuerCredential;

const GITHUB = "docs.github.com, OpenID Connect reference: subject claims";
const DEVOPS = "Azure DevOps, manually set workload identity service connections: issuer and subject";
const FEDERATION = "Entra, workload identity federation considerations: no wildcards, at most 600 characters";
const KUBERNETES = "Kubernetes, object names; service account tokens: system:serviceaccount:NAMESPACE:NAME";

const issuer = text(
  "an https address without spaces, wildcards, query, fragment and password, of at most 600 characters",
  /^(?=.{1,600}$)https:\/\/[^\s/@?#*]+(\/[^\s@?#*]*)?$/,
  FEDERATION,
);
const devOpsName = text(
  'a name of 1 to 256 characters without wildcards and the characters / \\ : " < > |',
  /^(?!\s)[^/\\:"<>|*?\n]{1,256}(?<!\s)$/,
  DEVOPS,
);
/** What git takes in a reference, but for the prefix that is put before it. */
const reference = /^(?!refs\/|\/)(?!.*\.\.)[^\s~^:?*[\]\\]{1,255}(?<![/.])$/;

export const federatedCredential: Rule = kindOf("kind", {
  GitHubActions: {
    repository: text(
      "OWNER/NAME without wildcards, or OWNER@ID/NAME@ID",
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,98}(@\d+)?\/[A-Za-z0-9._-]{1,100}(@\d+)?$/,
      GITHUB,
    ),
    environment: optional(
      text(
        "an environment's name of 1 to 255 characters without colons and wildcards",
        /^(?!\s)[^:*?\n]{1,255}(?<!\s)$/,
        GITHUB,
      ),
    ),
    branch: optional(text("a branch's name without refs/heads/ and wildcards", reference, GITHUB)),
    tag: optional(text("a tag's name without refs/tags/ and wildcards", reference, GITHUB)),
    pullRequest: optional(flag()),
  },
  AzureDevOps: {
    organizationId: text("the organization's GUID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, DEVOPS),
    organization: devOpsName,
    project: devOpsName,
    serviceConnection: devOpsName,
  },
  Kubernetes: {
    issuer,
    namespace: text(
      "1 to 63 lower-case letters, digits and dashes, a letter or digit first and last",
      /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      KUBERNETES,
    ),
    serviceAccount: text(
      "1 to 253 lower-case letters, digits, dashes and dots, a letter or digit first and last",
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
      KUBERNETES,
    ),
  },
  Issuer: {
    issuer,
    subject: text(
      "1 to 600 characters without spaces around and wildcards",
      /^(?!\s)[^*?\n]{1,600}(?<!\s)$/,
      FEDERATION,
    ),
    audience: optional(
      text("1 to 600 characters without spaces and wildcards", /^[^\s*?]{1,600}$/, FEDERATION),
    ),
  },
});
