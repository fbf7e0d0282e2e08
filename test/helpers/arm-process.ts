import execa from "execa";
import { packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/** One request to ARM by the package's own client, in a process behind the door; `null` where there is nothing. */
export async function askArm<T>(
  azure: Pick<LocalAzure, "environment">,
  method: "read" | "put" | "post" | "list" | "remove",
  id: string,
  apiVersion: string,
  body?: object,
): Promise<T> {
  const request = JSON.stringify({ apiVersion, ...(body === undefined ? {} : { body }) });
  const { stdout } = await execa(process.execPath, ["-e", script, method, id, request], {
    cwd: packageRoot(),
    env: azure.environment(),
  });
  return JSON.parse(stdout) as T;
}

const script = `
require("./dist/providers/clients/arm").arm()[process.argv[1]](process.argv[2], JSON.parse(process.argv[3]))
  .then((answer) => console.log(JSON.stringify(answer ?? null)));
`;
