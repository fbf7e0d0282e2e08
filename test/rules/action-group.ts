import { ActionGroup, type ActionGroupArgs } from "../../components";
import { actionGroupConstraints, actionGroupRules } from "../../components/action-group";
import { GROUP_ID, guid } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const entra = { applicationObjectId: guid("app"), identifierUri: "api://alerts", tenantId: guid("tenant") };
const right: ActionGroupArgs = {
  resourceGroupId: GROUP_ID,
  actionGroupName: "a".repeat(260),
  shortName: "twelve chars",
  emails: { owner: `${"o".repeat(52)}@example.com` },
  webhooks: { pager: { uri: "https://pager.example.com/azure", entra } },
};
const many = <T>(count: number, each: T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, each]));

export const actionGroup: RuleCases<ActionGroupArgs> = {
  component: "ActionGroup",
  declare: (name, args) => new ActionGroup(name, args),
  rules: actionGroupRules,
  constraints: actionGroupConstraints,
  cases: [
    { rule: "actionGroupName", right, wrong: { actionGroupName: "a".repeat(261) }, path: "actionGroupName" },
    { rule: "shortName", right, wrong: { shortName: "thirteen char" }, path: "shortName" },
    {
      rule: "emails.*",
      right,
      wrong: { emails: { owner: `${"o".repeat(53)}@example.com` } },
      path: "emails.owner",
    },
    {
      rule: "webhooks.*.entra.applicationObjectId",
      right,
      wrong: {
        webhooks: {
          pager: { uri: "https://pager.example.com", entra: { ...entra, applicationObjectId: "app" } },
        },
      },
      path: "webhooks.pager.entra.applicationObjectId",
    },
    {
      rule: "action-group-emails-limit",
      right: { ...right, emails: many(1000, "a@example.com") },
      wrong: { emails: many(1001, "a@example.com") },
      path: "emails",
    },
    {
      rule: "action-group-webhooks-limit",
      right: { ...right, webhooks: many(10, { uri: "https://pager.example.com" }) },
      wrong: { webhooks: many(11, { uri: "https://pager.example.com" }) },
      path: "webhooks",
    },
    {
      rule: "action-group-receiver-names",
      right,
      wrong: { emails: { Pager: "a@example.com" } },
      path: "webhooks.pager",
    },
    {
      rule: "action-group-secure-webhook-credentials",
      right: { ...right, webhooks: { pager: { uri: "https://user:word@pager.example.com" } } },
      wrong: { webhooks: { pager: { uri: "https://user:word@pager.example.com", entra } } },
      path: "webhooks.pager.uri",
    },
  ],
};
