import * as pulumi from "@pulumi/pulumi";
import type { FederatedCredential } from "./federated-credential-args";

/** What Entra's documents have federated tokens be for. */
export const AUDIENCE = "api://AzureADTokenExchange";

/** A credential with each value as an input, an output's value, or what stands for one that is not known. */
type Loose<T> = T extends FederatedCredential
  ? { readonly [K in keyof T]: K extends "kind" ? T[K] : unknown }
  : never;
export type LooseCredential = Loose<FederatedCredential>;

/** What a token must say to be taken. */
export interface Federation {
  readonly issuer: pulumi.Output<string>;
  readonly subject: pulumi.Output<string>;
  readonly audience: pulumi.Output<string>;
}

/** Issuer, subject and audience as each service documents them. */
export function federationOf(credential: FederatedCredential): Federation {
  const audience = credential.kind === "Issuer" ? credential.audience : undefined;
  return {
    issuer: joined(issuerOf(credential)),
    subject: joined(subjectOf(credential)),
    audience: pulumi.output(audience ?? AUDIENCE),
  };
}

/** Issuer and subject in one text; undefined while a part of them is not known. */
export function knownFederation(credential: LooseCredential): string | undefined {
  const parts = [...issuerOf(credential), " ", ...subjectOf(credential)];
  return parts.every((part) => typeof part === "string") ? parts.join("") : undefined;
}

/** What of a repository's jobs a GitHub credential is for; exactly one is right. */
export function gitHubFilters(credential: Loose<FederatedCredential & { kind: "GitHubActions" }>): string[] {
  const { environment, branch, tag, pullRequest } = credential;
  const given = { environment, branch, tag, pullRequest: pullRequest === false ? undefined : pullRequest };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

function issuerOf(credential: LooseCredential): unknown[] {
  switch (credential.kind) {
    case "GitHubActions":
      return ["https://token.actions.githubusercontent.com"];
    case "AzureDevOps":
      return ["https://vstoken.dev.azure.com/", credential.organizationId];
    default:
      return [credential.issuer];
  }
}

function subjectOf(credential: LooseCredential): unknown[] {
  switch (credential.kind) {
    case "GitHubActions":
      return ["repo:", credential.repository, ":", ...jobOf(credential)];
    case "AzureDevOps":
      return ["sc://", credential.organization, "/", credential.project, "/", credential.serviceConnection];
    case "Kubernetes":
      return ["system:serviceaccount:", credential.namespace, ":", credential.serviceAccount];
    default:
      return [credential.subject];
  }
}

function jobOf(credential: Loose<FederatedCredential & { kind: "GitHubActions" }>): unknown[] {
  const { environment, branch, tag } = credential;
  if (environment !== undefined) return ["environment:", environment];
  if (branch !== undefined) return ["ref:refs/heads/", branch];
  return tag === undefined ? ["pull_request"] : ["ref:refs/tags/", tag];
}

function joined(parts: readonly unknown[]): pulumi.Output<string> {
  return pulumi.all(parts.map((part) => part as pulumi.Input<string>)).apply((known) => known.join(""));
}
