import type { FastifyInstance } from "fastify";
import { UserError } from "../user-error";
import { GITHUB_HOSTS } from "./hosts";
import { createStandIn } from "./stand-in";

/** Services that are not Azure's, where whoever tries out a program runs something in their place. */
export interface StandIns {
  /** What the door takes their names to. */
  readonly parts: { readonly databricks?: FastifyInstance; readonly github?: FastifyInstance };
  /** Host names of issuers of federated tokens → `http://127.0.0.1:PORT`. */
  readonly issuers: ReadonlyMap<string, string>;
}

/**
 * As `PULUMI_AZUREML_LOCAL_DATABRICKS` and `PULUMI_AZUREML_LOCAL_GITHUB` say it.
 *
 * @throws UserError for an address that is not on this machine
 */
export function standIns(environment: NodeJS.ProcessEnv = process.env): StandIns {
  const databricks = address(environment, "PULUMI_AZUREML_LOCAL_DATABRICKS");
  const github = address(environment, "PULUMI_AZUREML_LOCAL_GITHUB");
  return {
    parts: {
      ...(databricks !== undefined && { databricks: createStandIn(databricks) }),
      ...(github !== undefined && { github: createStandIn(github) }),
    },
    issuers: new Map(github === undefined ? [] : GITHUB_HOSTS.map((host) => [host, github])),
  };
}

function address(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const given = environment[name];
  if (given === undefined || given === "") return undefined;
  if (/^http:\/\/127\.0\.0\.1:\d+$/.test(given)) return given;
  throw new UserError(`${name} must be an address of this machine: http://127.0.0.1:PORT.`);
}
