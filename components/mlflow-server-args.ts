import type * as pulumi from "@pulumi/pulumi";
import { mlflowServer } from "../providers/mlflow-server-rule";
import type { MlflowAuth } from "../providers/clients/mlflow-server";
import { rule, type Rule } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";

/** How an MLflow server is signed in to: by environment variables of whoever runs `pulumi up`, so that neither program nor state holds a secret. */
export type MlflowSignIn = MlflowAuth;

/** An MLflow server (2.22 or later), as MLflow's clients call it. */
export interface MlflowServerArgs {
  /** Its address, as `MLFLOW_TRACKING_URI` has it: `https://mlflow.example.com`; of Azure Databricks `https://adb-….azuredatabricks.net`; of a workspace `azureml://…`, Workspace's `trackingUri`. */
  readonly trackingUri: pulumi.Input<string>;
  /** As nobody by default; a workspace is signed in to by Entra, as Azure is. Databricks takes `{ kind: "Token", tokenVariable: "DATABRICKS_TOKEN" }`. */
  readonly auth?: MlflowSignIn;
  /** `true` allows `http://` to another machine, where everybody on the way can read what is sent. `false` by default. */
  readonly allowHttp?: boolean;
}

export const mlflowServerRule: Rule = mlflowServer;

/** Where what MLflow holds is declared: exactly one. */
export interface MlflowPlaceArgs {
  /** ARM id of a workspace. */
  readonly workspaceId?: pulumi.Input<string>;
  /** An MLflow server instead of a workspace. */
  readonly server?: MlflowServerArgs;
}

const CLIENT = "MLflow, tracking/client.py: a client has one tracking URI";

/** @param id of the constraint */
export function onePlace<T extends MlflowPlaceArgs>(id: string): Constraint<T> {
  return {
    id,
    source: CLIENT,
    problems(args: Known<T>) {
      const { workspaceId, server } = args as Known<MlflowPlaceArgs>;
      if (workspaceId === undefined && server === undefined)
        return [{ path: "workspaceId", value: undefined, reason: "it, or server, must say where" }];
      if (workspaceId === undefined || server === undefined) return [];
      const shown = isKnown(server) && isKnown(server.trackingUri) ? server.trackingUri : "given";
      return [{ path: "server", value: shown, reason: "workspaceId says where already" }];
    },
  };
}

const KEY = /^[\p{L}\p{N}_./ :-]{1,250}$/u;

/** MLflow's tags, whose keys may look like paths but must not lead anywhere else. @param longest characters of a value */
export function mlflowTags(longest: number, source: string): Rule {
  const isKey = (key: string): boolean =>
    KEY.test(key) && !key.startsWith("/") && key.split("/").every((part) => !["", ".", ".."].includes(part));
  return rule(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).every(
        ([key, text]) => isKey(key) && (typeof text !== "string" || [...text].length <= longest),
      ),
    `tags: keys of 1 to 250 letters, digits, spaces and _ . / : -, without empty parts between slashes; values of at most ${longest} characters`,
    source,
  );
}
