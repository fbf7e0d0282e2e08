import type { Policies, ReportViolation, ResourceValidation, StackValidation } from "@pulumi/policy";
import { exemptionOf, exemptionProblems, exemptionsSchema, type Exemption } from "./exemptions";
import type { Properties } from "./plain";
import type { Profile, ResourceRule, Rule, StackRule } from "./rule";
import { rules } from "./rules";
import { judged, seenOf } from "./seen";

/** The variable of the environment that chooses the profile: `dev` or `prod`. */
export const PROFILE_VARIABLE = "PULUMI_AZUREML_POLICY_PROFILE";

/** @throws where the variable says something else than `dev` or `prod`; without it, `prod` */
export function profileIn(environment: Readonly<Record<string, string | undefined>>): Profile {
  const profile = environment[PROFILE_VARIABLE] || "prod";
  if (profile === "dev" || profile === "prod") return profile;
  throw new Error(`${PROFILE_VARIABLE} is ${JSON.stringify(profile)}: it must be dev or prod`);
}

/** The rules as Pulumi's policies, for a pack of one's own. */
export function policiesOf(profile: Profile, some: readonly Rule[] = rules): Policies {
  const declared = new Map<string, Properties>();
  return some.map((rule): Policies[number] => ({
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    remediationSteps: rule.fix,
    enforcementLevel: rule.levels[profile],
    configSchema: { properties: { ...rule.parameters, exemptions: exemptionsSchema } },
    ...("check" in rule
      ? { validateResource: validateResource(rule) }
      : {
          // The engine shows a whole stack by its outputs: what was declared is kept from when each resource was shown by itself.
          validateResource: ({ urn, props }) => void declared.set(urn, props),
          validateStack: validateStack(rule, declared),
        }),
  }));
}

function validateResource(rule: ResourceRule): ResourceValidation {
  return ({ type, props, urn, name, getConfig }, report) => {
    const { kind, properties } = judged(type, props);
    if (!rule.of.includes(kind)) return;
    const settings = settingsOf(rule, getConfig());
    for (const problem of rule.check(properties(), settings))
      tell(rule, settings.exemptions, { urn, name, problem }, report);
  };
}

function validateStack(rule: StackRule, declared: ReadonlyMap<string, Properties>): StackValidation {
  return ({ resources, getConfig }, report) => {
    const settings = settingsOf(rule, getConfig());
    const seen = resources.map((resource) => seenOf(resource, declared.get(resource.urn)));
    for (const { resource, problem } of rule.checkStack(seen, settings))
      tell(rule, settings.exemptions, { urn: resource.urn, name: resource.name, problem }, report);
  };
}

interface Settings {
  readonly parameters: Properties;
  readonly exemptions: readonly Exemption[];
}

/** @throws where an exemption is no longer, or not wholly, one */
function settingsOf({ id }: Rule, config: Properties): Settings {
  const problems = exemptionProblems(id, config["exemptions"], Date.now());
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { parameters: config, exemptions: (config["exemptions"] ?? []) as readonly Exemption[] };
}

function tell(
  { id, reason, fix }: Rule,
  exemptions: readonly Exemption[],
  { urn, name, problem }: { readonly urn: string; readonly name: string; readonly problem: string },
  report: ReportViolation,
): void {
  const exemption = exemptionOf(exemptions, { urn, name });
  if (exemption === undefined) report(`${id}: ${problem}. ${reason} ${fix}`, urn);
  // The engine shows what a pack writes here; a report would stop the update.
  else console.error(`exempt from ${id} until ${exemption.until}: ${name}, ${problem} (${exemption.reason})`);
}
