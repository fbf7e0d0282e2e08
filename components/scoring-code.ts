import type * as pulumi from "@pulumi/pulumi";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { objectOf, optional, text, type Problem, type Rules } from "../providers/rules";
import { workspaceIdOf } from "../providers/clients/arm-id";
import type { Constraint, Known } from "./args";
import { codeVersionId, isFolder } from "./code";
import type { Tags } from "./tags";

/** Python code that scores. Its content is its identity: another line makes another deployment, another time or place of the files does not. */
export interface ScoringCode {
  /** The folder, relative to the program's own. All of it is uploaded to the workspace's blob store, but `.git`, `__pycache__`, `.DS_Store` and `__MACOSX`. */
  readonly path: pulumi.Input<string>;
  /** The script's path in the folder, `score.py`: it has a function `init()`, called once, and `run()`, called for each request or mini-batch. */
  readonly scoringScript: pulumi.Input<string>;
}

/** What of a deployment says how its model is scored. */
export interface ScoringCodeArgs {
  /** A script of one's own, which needs an `environment`, too. None by default: an MLflow model scores by itself, a model of Triton's must. */
  readonly code?: ScoringCode;
  /**
   * What the script runs in: ARM id of an environment's version in the deployment's workspace, which `Environment` has as `id`, or
   * `azureml://registries/REGISTRY/environments/NAME/versions/VERSION`. None by default: an MLflow model brings its own along.
   */
  readonly environment?: pulumi.Input<string>;
}

const ENVIRONMENT =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+|azureml:\/\/registries\/[^/]+)\/environments\/[^/]+\/versions\/[^/]+$/i;

/** A version of an environment, in a workspace or in a registry. */
export const environmentVersion = text(
  "the ARM id of a version of an environment, or azureml://registries/REGISTRY/environments/NAME/versions/VERSION",
  ENVIRONMENT,
  "models 2025-12-01, EndpointDeploymentPropertiesBase: environmentId is an ARM resource ID or AssetId",
);

/** Whether a version of an environment is the workspace's own, or a registry's. */
export function isReachable(environment: string, workspaceId: string): boolean {
  const own = `${workspaceId}/environments/`.toLowerCase();
  return environment.startsWith("azureml://") || environment.toLowerCase().startsWith(own);
}

export const scoringCodeRules: Rules<ScoringCodeArgs> = {
  code: optional(
    objectOf<ScoringCode>({
      path: text("the path of a folder"),
      scoringScript: text(
        "the path of a Python file in the folder, as score.py",
        /^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+\.py$/,
        "reference-yaml-deployment-managed-online: code_configuration.scoring_script is a Python file in the code's folder",
      ),
    }),
  ),
  environment: optional(environmentVersion),
};

const CODE_FOLDER =
  "reference-yaml-deployment-managed-online: code_configuration.code is a local directory with all of the code";
const SCRIPT_FUNCTIONS =
  "reference-yaml-deployment-managed-online, -batch: the script must have an init() and a run() function";

/** Of online and of batch deployments. */
export const scoringCodeConstraints: readonly Constraint<
  ScoringCodeArgs & { readonly endpointId: pulumi.Input<string> }
>[] = [
  {
    id: "scoring-code-folder",
    source: CODE_FOLDER,
    problems: ({ code }) => {
      if (typeof code?.path !== "string" || isFolder(code.path)) return [];
      return told("path", code.path, `there is no such folder (${resolve(code.path)})`);
    },
  },
  {
    id: "scoring-code-script-missing",
    source: CODE_FOLDER,
    problems: ({ code }) => {
      const known = scriptOf(code);
      if (known === undefined || known.source !== undefined) return [];
      return told("scoringScript", known.script, `it must be a file in the folder ${known.folder}`);
    },
  },
  {
    id: "scoring-code-script-functions",
    source: SCRIPT_FUNCTIONS,
    problems: ({ code }) => {
      const { script = "", source } = scriptOf(code) ?? {};
      const lacking = source === undefined ? [] : lackingFunctions(source);
      if (lacking.length === 0) return [];
      return told("scoringScript", script, `it must have a function ${lacking.join(" and ")}`);
    },
  },
  {
    id: "scoring-code-without-environment",
    source:
      "how-to-deploy-mlflow-models-online-endpoints: with a scoring script the environment must be given",
    problems: ({ code, environment }) =>
      code !== undefined && environment === undefined
        ? [{ path: "environment", value: undefined, reason: "it must be given with code, which runs in it" }]
        : [],
  },
  {
    id: "scoring-code-environment-elsewhere",
    source:
      "how-to-share-models-pipelines-across-workspaces-with-registries: a workspace's assets are its own",
    problems: ({ endpointId, environment }) => {
      if (typeof endpointId !== "string" || typeof environment !== "string") return [];
      const reason = "it must be of the endpoint's workspace, or of a registry";
      return isReachable(environment, workspaceIdOf(endpointId))
        ? []
        : [{ path: "environment", value: environment, reason }];
    },
  },
];

/**
 * What of a deployment's properties says how it scores.
 *
 * @param name of the deployment in the program
 */
export function scoringProperties(
  name: string,
  {
    endpointId,
    code,
    environment,
    tags,
  }: ScoringCodeArgs & { readonly endpointId: pulumi.Output<string>; readonly tags?: Tags },
  parent: pulumi.Resource,
): {
  readonly codeConfiguration?: {
    readonly codeId: pulumi.Output<string>;
    readonly scoringScript: pulumi.Input<string>;
  };
  readonly environmentId?: pulumi.Input<string>;
} {
  const environmentId = environment === undefined ? {} : { environmentId: environment };
  if (code === undefined) return environmentId;
  const workspaceId = endpointId.apply(workspaceIdOf);
  return {
    ...environmentId,
    codeConfiguration: {
      codeId: codeVersionId(name, { workspaceId, path: code.path, tags }, parent),
      scoringScript: code.scoringScript,
    },
  };
}

function told(property: keyof ScoringCode, value: string, reason: string): Problem[] {
  return [{ path: `code.${property}`, value, reason }];
}

/** The script as far as it is known, with its text where it is there; undefined where its folder isn't. */
function scriptOf(
  code: Known<ScoringCode> | undefined,
): { readonly folder: string; readonly script: string; readonly source?: string } | undefined {
  const { path: folder, scoringScript: script } = Object(code) as Known<ScoringCode>;
  if (typeof folder !== "string" || typeof script !== "string" || !isFolder(folder)) return undefined;
  const file = resolve(folder, script);
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  return { folder, script, ...(isThere ? { source: readFileSync(file, "utf8") } : {}) };
}

/** Those that the script names nowhere: it may have them from another module. */
function lackingFunctions(source: string): string[] {
  const code = source.replace(/#.*/g, "");
  if (/^\s*from\s.+\simport\s+\*/m.test(code)) return [];
  return ["init", "run"].filter((name) => !new RegExp(`\\b${name}\\b`).test(code)).map((name) => `${name}()`);
}
