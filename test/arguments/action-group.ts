import { ActionGroup, type ActionGroupArgs } from "../../components";
import { actionGroupRules } from "../../components/action-group";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, guid } from "../helpers/pulumi-mocks";

export const actionGroup: ArgumentCases<ActionGroupArgs> = {
  component: "ActionGroup",
  rules: actionGroupRules,
  declare: (name, args) => new ActionGroup(name, args),
  cases: [
    {
      resourceGroupId: GROUP_ID,
      actionGroupName: "ag-risk",
      shortName: "risk",
      emails: { owner: "owner@example.com" },
      webhooks: {
        pager: {
          uri: "https://pager.example.com/azure",
          entra: { applicationObjectId: guid("app"), identifierUri: "api://pager", tenantId: guid("tenant") },
        },
      },
      tags: { team: "risk" },
    },
  ],
};
