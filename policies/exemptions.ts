import type { PolicyConfigSchema } from "@pulumi/policy";

/** A resource that a rule leaves alone for a time. */
export interface Exemption {
  /** URN or name; `*` stands for any text. */
  readonly resource: string;
  /** Why it may. */
  readonly reason: string;
  /** The last day, `2027-03-31`, in UTC. */
  readonly until: string;
}

/** JSON schema of a rule's exemptions. */
export const exemptionsSchema: PolicyConfigSchema["properties"][string] = {
  type: "array",
  description: "resources that the rule leaves alone: each { resource, reason, until }",
  items: {
    type: "object",
    properties: {
      resource: { type: "string", minLength: 1 },
      reason: { type: "string", minLength: 1 },
      until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
    },
    required: ["resource", "reason", "until"],
  },
};

/**
 * What is wrong with the exemptions of a rule, each a sentence: no resource, no reason, no date, a date that has passed.
 * @param now milliseconds since 1970
 */
export function exemptionProblems(rule: string, exemptions: unknown, now: number): readonly string[] {
  if (exemptions === undefined) return [];
  if (!Array.isArray(exemptions))
    return [`exemptions of ${rule} must be a list of { resource, reason, until }`];
  return exemptions.flatMap((exemption: Partial<Exemption> | null, index) => {
    const place = `exemptions[${index}] of ${rule}`;
    const end = Date.parse(`${exemption?.until}T23:59:59.999Z`);
    return [
      ...(isWritten(exemption?.resource) ? [] : [`${place} names no resource`]),
      ...(isWritten(exemption?.reason) ? [] : [`${place} has no reason`]),
      ...(Number.isNaN(end) ? [`${place} has no date: until must be as 2027-03-31`] : []),
      ...(end < now
        ? [`${place} ended on ${exemption?.until}: mend ${exemption?.resource}, or decide anew`]
        : []),
    ];
  });
}

/** The first exemption that names a resource. */
export function exemptionOf(
  exemptions: readonly Exemption[],
  { urn, name }: { readonly urn: string; readonly name: string },
): Exemption | undefined {
  return exemptions.find(({ resource }) => matches(resource, urn) || matches(resource, name));
}

function isWritten(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
