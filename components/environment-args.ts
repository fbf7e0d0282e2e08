import type * as pulumi from "@pulumi/pulumi";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { armId, objectOf, oneOf, optional, tags, text, type Problem, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import type { Tags } from "./tags";

/** A folder with a Dockerfile, and what it copies into the image. */
export interface BuildContext {
  /** The folder, relative to the program's own. All of it is uploaded, what a `.dockerignore` names too. */
  readonly path: pulumi.Input<string>;
  /** The Dockerfile's path in the folder. `Dockerfile` by default. */
  readonly dockerfile?: pulumi.Input<string>;
}

/** Exactly one of `image` and `build` is given. */
export interface EnvironmentArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** 1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first; not one that begins with `AzureML`, which are Microsoft's. */
  readonly environmentName: pulumi.Input<string>;
  /** A Docker image, as `mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1`; the same address is the same version, whatever it leads to later. */
  readonly image?: pulumi.Input<string>;
  /** A conda environment file, relative to the program's folder, that is installed on top of `image`: YAML with `dependencies`. */
  readonly condaFile?: pulumi.Input<string>;
  /** What Azure builds an image from, in the workspace's container registry, at the first use. */
  readonly build?: BuildContext;
  /** Of the version; it changes in place. None by default. */
  readonly description?: pulumi.Input<string>;
  /** Of the version; they change in place. None by default. */
  readonly tags?: Tags;
  /** `retain` (the default): versions outlive the stack, since jobs and deployments of before name them. `delete`: a version goes when another takes its place, or the resource goes. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

export const environmentRules: Rules<EnvironmentArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  environmentName: text(
    "1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/,
    "REST API 2025-12-01, Environment Versions: pattern of name",
  ),
  image: optional(
    text(
      "the address of a Docker image, without spaces",
      /^[a-z0-9][^\s]*$/i,
      "models 2025-12-01, EnvironmentVersionProperties: image",
    ),
  ),
  condaFile: optional(text("the path of a file")),
  build: optional(
    objectOf<BuildContext>({
      path: text("the path of a folder"),
      dockerfile: optional(
        text(
          "a path in the folder",
          /^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/,
          "models 2025-12-01, BuildContext: dockerfilePath",
        ),
      ),
    }),
  ),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  onDelete: optional(oneOf("retain", "delete")),
};

export const environmentConstraints: readonly Constraint<EnvironmentArgs>[] = [
  {
    id: "environment-image-or-build",
    source: "reference-yaml-environment: one of image and build",
    problems: ({ image, build }) =>
      (image === undefined) === (build === undefined)
        ? [{ path: "image", value: undefined, reason: "it must be given, or else build, and not both" }]
        : [],
  },
  {
    id: "environment-conda-without-image",
    source: "reference-yaml-environment: conda_file is installed on top of image",
    problems: ({ image, condaFile }) =>
      condaFile !== undefined && image === undefined
        ? [
            {
              path: "condaFile",
              value: undefined,
              reason: "it needs an image to be installed on; a Dockerfile installs its packages itself",
            },
          ]
        : [],
  },
  {
    id: "environment-reserved-name",
    source: "how-to-manage-environments-v2: names of curated environments begin with AzureML",
    problems: ({ environmentName }) =>
      typeof environmentName === "string" && /^azureml/i.test(environmentName)
        ? [
            {
              path: "environmentName",
              value: environmentName,
              reason: "it must not begin with AzureML, as Microsoft's own do",
            },
          ]
        : [],
  },
  {
    id: "environment-conda-invalid",
    source: "how-to-manage-environments-v2: conda files; conda's environment.yml",
    problems: ({ condaFile }) => (typeof condaFile === "string" ? condaProblems(condaFile) : []),
  },
  {
    id: "environment-dockerfile-missing",
    source: "reference-yaml-environment: build.path and build.dockerfile_path",
    problems: ({ build }) => {
      if (build === undefined || typeof build.path !== "string") return [];
      const { path, dockerfile = "Dockerfile" } = build;
      if (!statSync(resolve(path), { throwIfNoEntry: false })?.isDirectory())
        return [{ path: "build.path", value: path, reason: `there is no such folder (${resolve(path)})` }];
      if (typeof dockerfile !== "string" || existsSync(join(resolve(path), dockerfile))) return [];
      return [
        { path: "build.dockerfile", value: dockerfile, reason: `it must be a file in the folder ${path}` },
      ];
    },
  },
];

/** The file's text, whatever the line ends of the machine that it was checked out on: they are no other environment. */
export function readConda(path: string): string {
  return readFileSync(resolve(path), "utf8").replaceAll("\r\n", "\n");
}

function condaProblems(path: string): Problem[] {
  const told = (reason: string): Problem[] => [{ path: "condaFile", value: path, reason }];
  if (!statSync(resolve(path), { throwIfNoEntry: false })?.isFile())
    return told(`there is no such file (${resolve(path)})`);
  let conda: unknown;
  try {
    conda = parse(readConda(path));
  } catch (error) {
    return told(`it must be YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  const dependencies: unknown =
    typeof conda === "object" && conda !== null ? Reflect.get(conda, "dependencies") : undefined;
  return Array.isArray(dependencies) && dependencies.length > 0 && dependencies.every(isDependency)
    ? []
    : told("it must have `dependencies`: a list of packages, with a list of pip's under `pip`");
}

function isDependency(value: unknown): boolean {
  if (typeof value === "string") return true;
  const pip: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "pip") : undefined;
  return Array.isArray(pip) && pip.every((item) => typeof item === "string");
}
