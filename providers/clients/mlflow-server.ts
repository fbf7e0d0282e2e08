import type { TokenCredential } from "@azure/identity";
import { cloud } from "./cloud";
import { ProviderError } from "./errors";

/** How a server is signed in to. What is secret stays in environment variables of who runs the command: neither program nor state holds it. */
export type MlflowAuth =
  | {
      readonly kind: "Basic";
      /** Environment variable with the user's name, `MLFLOW_TRACKING_USERNAME`. */
      readonly usernameVariable: string;
      /** Environment variable with the password, `MLFLOW_TRACKING_PASSWORD`. */
      readonly passwordVariable: string;
    }
  | {
      readonly kind: "Token";
      /** Environment variable with the bearer token, `MLFLOW_TRACKING_TOKEN` or `DATABRICKS_TOKEN`. */
      readonly tokenVariable: string;
    };

/** An MLflow server: one's own, Databricks, or an Azure ML workspace's. */
export interface MlflowServer {
  /** As `MLFLOW_TRACKING_URI` has it: `https://mlflow.example.com`, `https://adb-….azuredatabricks.net`, `azureml://…`. */
  readonly trackingUri: string;
  /** None by default; a workspace (`azureml://`) is signed in to by Entra, as Azure is. */
  readonly auth?: MlflowAuth;
  /** Allows `http://` to another machine, where everybody on the way can read what is sent. */
  readonly allowHttp?: boolean;
}

/** A server as it is called. */
export interface MlflowAddress {
  /** What every path is put behind; no slash at its end. */
  readonly base: string;
  /** Whether Azure ML answers there, whose registry is not quite MLflow's. */
  readonly azure: boolean;
  /** Value of the `authorization` header. */
  authorization(): Promise<string | undefined>;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a server is on this machine. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);
}

/**
 * @param environment where the variables that `auth` names are
 * @throws ProviderError where the server can't be called as it is written
 */
export function addressOf(
  { trackingUri, auth, allowHttp = false }: MlflowServer,
  environment: NodeJS.ProcessEnv,
  credential: () => TokenCredential,
): MlflowAddress {
  const url = URL.canParse(trackingUri) ? new URL(trackingUri) : undefined;
  const fault = (what: string, tryThis?: string): ProviderError =>
    new ProviderError({
      what,
      // Whatever stands before the @ of an address may be a password.
      where: `trackingUri ${trackingUri.replace(/\/\/[^/]*@/, "//")}`,
      allowed: "https://…, azureml://…, http://127.0.0.1:…",
      ...(tryThis === undefined ? {} : { tryThis }),
    });
  if (url === undefined) throw fault("is no address");
  if (url.username !== "" || url.password !== "")
    throw fault("has a user in it, which the state would hold", "auth");
  const path = url.pathname.replace(/\/+$/, "");
  if (url.protocol === "azureml:") {
    if (auth !== undefined)
      throw fault("is a workspace's, which is signed in to by Entra", "the server without auth");
    return {
      // As Azure ML's plug-in calls it, whatever version the URI has.
      base: `https://${url.host}${path.replace(/^\/mlflow\/v1\.0\//, "/mlflow/v2.0/")}`,
      azure: true,
      async authorization() {
        const token = await credential().getToken((await cloud()).resourceManagerScope);
        if (token === null) throw fault("nobody is signed in to Azure");
        return `Bearer ${token.token}`;
      },
    };
  }
  if (url.protocol === "http:" && !allowHttp && !isLoopback(trackingUri))
    throw fault("would send everything readable", "https, or allowHttp: true");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw fault("is of no kind that can be called");
  return {
    base: `${url.origin}${path}`,
    azure: false,
    authorization: () => Promise.resolve(auth && authorizationOf(auth, environment)),
  };
}

function authorizationOf(auth: MlflowAuth, environment: NodeJS.ProcessEnv): string {
  const value = (variable: string): string => {
    const found = environment[variable];
    if (!found)
      throw new ProviderError({
        what: `the environment variable ${variable} is not set, which the MLflow server is signed in to with`,
        tryThis: `export ${variable}=…, where the command runs`,
      });
    return found;
  };
  if (auth.kind === "Token") return `Bearer ${value(auth.tokenVariable)}`;
  const pair = `${value(auth.usernameVariable)}:${value(auth.passwordVariable)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
