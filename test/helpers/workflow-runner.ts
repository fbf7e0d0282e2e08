import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { packageRoot } from "../../tools/paths";
import type { Checkout } from "./checkout";
import { pipelineSteps, runStep, shellSteps, type StepEnd } from "./workflow-steps";

export const workflowsFolder = join(packageRoot(), "examples", "workflows");

/** The services that steps call. */
export interface Services {
  /** That of the run. */
  readonly token: string;
  /** Addresses of the stand-ins. */
  readonly github: string;
  readonly devops: string;
}

/** A workflow's file, the step's name, and what is known: expressions, and variables of the runner's environment, by name. */
export type StepCall = readonly [file: string, name: string, known?: Readonly<Record<string, string>>];

/** Runs steps of the workflows as a runner has them: in a checkout, with the services' variables, for stack `dev`. */
export class WorkflowRunner {
  /** @param pack folder of the policies, with the command that starts them */
  constructor(
    private readonly checkout: Checkout,
    private readonly pack: string,
    private readonly services: Services,
  ) {}

  async step(...[file, name, known = {}]: StepCall): Promise<StepEnd> {
    const place = join(workflowsFolder, file);
    const found = (file.startsWith("github") ? shellSteps : pipelineSteps)(place).get(name);
    if (found === undefined) throw new Error(`${file} has no step ${name}`);
    const { token, github, devops } = this.services;
    const ofService = {
      "github.token": token,
      "github.server_url": "https://github.com",
      "github.repository": "contoso/credit",
      "github.run_id": "7",
      "System.AccessToken": token,
    };
    const ofStack = {
      "inputs.environment": "dev",
      "matrix.environment": "dev",
      "needs.environments.outputs.environments": '["dev"]',
      environment: "dev",
    };
    const none = [...readFileSync(place, "utf8").matchAll(/vars\.\w+/g)].map(([text]) => [text, ""] as const);
    const environment = this.checkout.environment();
    const env = {
      ...environment,
      PATH: `${this.pack}${delimiter}${environment["PATH"] ?? ""}`,
      POLICIES: this.pack,
      GITHUB_API_URL: github,
      GITHUB_REPOSITORY: "contoso/credit",
      SYSTEM_COLLECTIONURI: devops,
      SYSTEM_TEAMPROJECT: "credit",
      SYSTEM_PULLREQUEST_PULLREQUESTID: "12",
      SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main",
      BUILD_REPOSITORY_ID: "repo",
      BUILD_BUILDID: "7",
      // As AzureCLI@2 has them.
      servicePrincipalId: "",
      tenantId: "",
      idToken: "",
      ...Object.fromEntries(Object.entries(known).filter(([key]) => /^[A-Z_]+$/.test(key))),
    };
    const expressions = { ...Object.fromEntries(none), ...ofService, ...ofStack, ...known };
    // The local Azure's deployer signs in by its secret; the tokens of a runner are the services' own.
    const signedIn = { ...found, run: found.run.replace(/^export ARM_USE_OIDC.*$/m, "") };
    return await runStep(signedIn, {
      cwd: this.checkout.folder,
      env: { ...env, ARM_USE_OIDC: "false" },
      expressions,
    });
  }
}
