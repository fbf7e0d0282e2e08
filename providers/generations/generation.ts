import { createHash } from "node:crypto";
import { UNKNOWN } from "../rules";

/** The deployments that a rollout made bear it. */
export const GENERATION_TAG = "pulumi-azureml.generation";

const LENGTH = 32;
const DIGEST = 10;

/**
 * The name of the generation that serves this: 3 to 32 lower-case letters, digits and single dashes, a letter first, and the end a digest of
 * model and configuration. The order of keys does not count.
 */
export function generationName(prefix: string, served: unknown): string {
  const plain = prefix
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LENGTH - DIGEST - 1)
    .replace(/-$/, "");
  const digest = createHash("sha256").update(canonical(served)).digest("hex").slice(0, DIGEST);
  return `${plain === "" ? "g" : plain}-${digest}`;
}

/** Name of the generation that a declared deployment makes; its description is no part of it. UNKNOWN where a preview doesn't know the rest yet. */
export function generationOf({ prefix, deployment }: DeclaredDeployment): string {
  const fixed = { ...deployment.properties, description: undefined };
  const unknown = [prefix, JSON.stringify(fixed)].some((part) => part.includes(UNKNOWN));
  return unknown ? UNKNOWN : generationName(prefix, fixed);
}

interface DeclaredDeployment {
  readonly prefix: string;
  readonly deployment: { readonly properties: object };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}
