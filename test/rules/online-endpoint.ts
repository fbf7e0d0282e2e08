import { OnlineEndpoint, type OnlineEndpointArgs } from "../../components";
import { onlineEndpointRules } from "../../components/online-endpoint";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";
import { WRONG_ENDPOINT_NAMES } from "./batch-endpoint";

const right: OnlineEndpointArgs = { workspaceId: WORKSPACE_ID, location: "westeurope" };
const name = (endpointName: string): RuleCases<OnlineEndpointArgs>["cases"][number] => ({
  rule: "endpointName",
  right: { ...right, endpointName: "oe-churn" },
  wrong: { endpointName },
  path: "endpointName",
});

export const onlineEndpoint: RuleCases<OnlineEndpointArgs> = {
  component: "OnlineEndpoint",
  declare: (logical, args) => new OnlineEndpoint(logical, args),
  rules: onlineEndpointRules,
  cases: WRONG_ENDPOINT_NAMES.map(name),
};
