import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { EnvironmentVersion } from "../providers/asset-version/resource";
import { checkArgs } from "./args";
import {
  environmentConstraints,
  environmentRules,
  readConda,
  type EnvironmentArgs,
} from "./environment-args";

/**
 * A version of an environment: the image that jobs and deployments run in. Its content is its identity, conda file and build context included: the same
 * content never makes a second version, other content makes another, and versions of before stay.
 *
 * Costs: a build takes minutes of a compute, and its image stays in the workspace's container registry.
 */
export class Environment extends pulumi.ComponentResource {
  /** ARM id of the version; a job's or a deployment's environment takes it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** `sha256-` and 16 digits of the content's digest: the same in every workspace. Known in a preview. */
  declare readonly version: pulumi.Output<string>;
  /** SHA-256 of the content; known in a preview. */
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Environment", name, {}, opts);
    args = checkArgs("Environment", name, args, environmentRules, environmentConstraints);
    const { environmentName, build } = args;
    const version = new EnvironmentVersion(
      name,
      {
        workspaceId: args.workspaceId,
        name: environmentName,
        definition: environmentDefinition(args),
        path: build?.path,
        description: args.description,
        tags: args.tags,
        onDelete: args.onDelete ?? "retain",
      },
      // A new version replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = version.versionId;
    this.name = pulumi.output(environmentName);
    this.version = version.versionId.apply((id) => resourceParts(id).name);
    this.digest = version.digest;
    this.registerOutputs({ id: this.id, name: this.name, version: this.version, digest: this.digest });
  }
}

/** What Azure is told of an environment's content, without what is uploaded. */
export function environmentDefinition({
  image,
  condaFile,
  build,
}: Pick<EnvironmentArgs, "image" | "condaFile" | "build">): Record<string, unknown> {
  return {
    osType: "Linux",
    ...(image === undefined ? {} : { image }),
    ...(condaFile === undefined ? {} : { condaFile: pulumi.output(condaFile).apply(readConda) }),
    ...(build === undefined ? {} : { build: { dockerfilePath: build.dockerfile ?? "Dockerfile" } }),
  };
}
