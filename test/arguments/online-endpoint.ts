import { OnlineEndpoint, type OnlineEndpointArgs } from "../../components";
import { onlineEndpointRules } from "../../components/online-endpoint";
import type { ArgumentCases } from "../helpers/argument-cases";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const onlineEndpoint: ArgumentCases<OnlineEndpointArgs> = {
  component: "OnlineEndpoint",
  rules: onlineEndpointRules,
  declare: (name, args) => new OnlineEndpoint(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      location: "westeurope",
      endpointName: "oe-churn",
      authMode: "Key",
      publicNetworkAccess: "Disabled",
      identityId: IDENTITY_ID,
      description: "Scores customers",
      tags: { team: "risk" },
    },
  ],
};
