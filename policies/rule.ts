import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Properties } from "./plain";

/** `dev` advises, `prod` refuses. */
export type Profile = "dev" | "prod";

/** Controls of others that a rule covers: Azure Policy by the built-in definition's id. */
export interface Covers {
  readonly azurePolicy?: readonly string[];
  readonly psRule?: readonly string[];
  readonly checkov?: readonly string[];
  readonly trivy?: readonly string[];
  /** Microsoft cloud security benchmark. */
  readonly mcsb?: readonly string[];
}

interface RuleBase {
  /** What configuration, exemptions and reports name it by. */
  readonly id: string;
  readonly title: string;
  /** Why: what happens otherwise. */
  readonly reason: string;
  /** What to write instead. */
  readonly fix: string;
  readonly covers: Covers;
  readonly levels: Readonly<Record<Profile, "advisory" | "mandatory">>;
  /** JSON schema of each parameter that configuration may give. */
  readonly parameters?: PolicyConfigSchema["properties"];
}

/** What a check knows besides the properties. */
export interface CheckContext {
  readonly parameters: Properties;
}

/** Judges one resource by itself. */
export interface ResourceRule extends RuleBase {
  /** Kinds that it judges, `module:Type` of azure-native, without a version. */
  readonly of: readonly string[];
  /** What is wrong, a phrase each; nothing where all is right. */
  check(properties: Properties, context: CheckContext): readonly string[];
}

/** A resource of the stack, as a rule over all of them sees it. */
export interface Seen {
  /** The engine's, as `azure-native:machinelearningservices:Workspace`. */
  readonly type: string;
  readonly kind: string;
  readonly urn: string;
  readonly name: string;
  /** What it is judged by: what Azure answered, and what the program declared where Azure answers nothing. */
  readonly properties: Properties;
  /** The same of the resource itself: a rollout's own settings, where `properties` are those of the deployment that it makes. */
  readonly own: Properties;
  /** Whether `protect` keeps it from deletion: its own option, or its parent's. */
  readonly protect: boolean;
  /** URNs of the resources whose outputs a property is made of. */
  madeOf(property: string): readonly string[];
}

/** What a rule over the whole stack found. */
export interface Finding {
  readonly resource: Seen;
  readonly problem: string;
}

/** Judges what resources are to one another. */
export interface StackRule extends RuleBase {
  checkStack(resources: readonly Seen[], context: CheckContext): readonly Finding[];
}

export type Rule = ResourceRule | StackRule;
