import { Connection, type ConnectionArgs } from "../../components";
import { connectionConstraints, connectionRules } from "../../components/connection-args";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: ConnectionArgs = {
  workspaceId: WORKSPACE_ID,
  connectionName: "python-feed",
  category: "PythonFeed",
  target: "https://pkgs.dev.azure.com/risk/_packaging/feed/pypi/simple/",
  auth: { type: "PAT", pat: "secret" },
};

export const connection: RuleCases<ConnectionArgs> = {
  component: "Connection",
  declare: (name, args) => new Connection(name, args),
  rules: connectionRules,
  constraints: connectionConstraints,
  cases: [
    { rule: "connectionName", right, wrong: { connectionName: "ab" }, path: "connectionName" },
    {
      rule: "connection-auth-of-category",
      right,
      wrong: { auth: { type: "SAS", sas: "secret" } },
      path: "auth.type",
    },
    { rule: "connection-auth-missing", right, wrong: { auth: undefined }, path: "auth" },
    {
      rule: "connection-secret-in-target",
      right,
      wrong: { target: "https://user:token@pkgs.dev.azure.com/risk" },
      path: "target",
    },
    {
      rule: "connection-target-https",
      right,
      wrong: { target: "http://pkgs.dev.azure.com/risk" },
      path: "target",
    },
  ],
};
