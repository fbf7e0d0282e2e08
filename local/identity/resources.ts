import { ARM_AUDIENCES, SCORING_AUDIENCE, STORAGE_AUDIENCE, VAULT_AUDIENCE } from "../cloud";

/** Services that tokens are given for; others are unknown to the tenant, as in Entra. Without their closing slash. */
const resources: readonly RegExp[] = [
  ...[...ARM_AUDIENCES, STORAGE_AUDIENCE, SCORING_AUDIENCE, VAULT_AUDIENCE].map(exactly),
  ...["https://graph.microsoft.com", "https://monitor.azure.com"].map(exactly),
  /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net$/,
];

/** What a client library asks for beside a resource, for sign-ins of people; an application is given nothing for it. */
const PEOPLES = ["openid", "offline_access", "profile"];

/** The resource of a version 2 scope (`<resource>/.default`); undefined when it is not one such scope. */
export function resourceOfScope(scope: string): string | undefined {
  const [asked = "", ...others] = scope.split(/\s+/).filter((word) => !PEOPLES.includes(word));
  return others.length > 0 ? undefined : /^(.+)\/\.default$/.exec(asked)?.[1];
}

/** Of the door by endpoints, a service is asked for by where it is: `https://127.0.0.1:44300` is Resource Manager. */
export function namedResource(resource: string): string {
  if (/^https:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/.test(resource)) return ARM_AUDIENCES[0];
  return resource.replace(/^https:\/\/ml\.azure\.local(?=\/?$)/, SCORING_AUDIENCE);
}

export function isKnownResource(resource: string): boolean {
  return resources.some((known) => known.test(resource.replace(/\/$/, "").toLowerCase()));
}

function exactly(resource: string): RegExp {
  return new RegExp(`^${resource.replace(/\/$/, "").replaceAll(".", "\\.")}$`);
}
