export { policiesOf, profileIn } from "./pack";
export type { Exemption } from "./exemptions";
export type { Covers, Profile, ResourceRule, Rule, StackRule } from "./rule";
export { rules } from "./rules";
