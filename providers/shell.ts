import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { join } from "node:path";
import { refuseAnotherSignIn } from "./explicit-provider";
import { once } from "./once";

/**
 * A resource of Pulumi's dynamic provider process, whose provider is the module `providers/<folder>/provider.ts`.
 *
 * `pulumi.dynamic.Resource` would serialize a provider object, function by function, into the state. What stands there instead is one
 * line that loads the package's own module when it is called: neither logic nor anything captured is kept, and refresh and delete run the
 * installed code instead of the code of back then. State files hold this line: the address that it loads is part of the package's interface.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /** @param type the last part of the type token, `pulumi-nodejs:dynamic/pulumi-azureml:<type>` */
  constructor(
    folder: string,
    type: string,
    name: string,
    inputs: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const props = { ...inputs, __provider: shellOf(folder) };
    super(`pulumi-nodejs:dynamic/pulumi-azureml:${type}`, name, props, afterChecks(name, opts));
  }
}

/** Resolves from the program's folder, both for the package's own stacks and for a program that has it installed. */
function shellOf(folder: string): string {
  return `exports.handler = () => require("module").createRequire(process.cwd() + "/package.json")("pulumi-azureml/internal/${folder}");`;
}

/** The caller's options, and that the resource waits until its provider is known to sign in as azure-native does, and for a build of what its shell loads. */
function afterChecks(
  name: string,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  const checked = async (): Promise<pulumi.Resource[]> => {
    await refuseAnotherSignIn(name, options);
    return built === undefined ? [] : await built();
  };
  return pulumi.mergeOptions(options, { dependsOn: pulumi.output(checked()) });
}

/**
 * From source, what the dynamic-provider process loads (`dist/`) is built first: an older build must not answer for the code that is
 * being edited. Undefined in the published package, which is built.
 */
const built = __filename.endsWith(".ts") ? once(buildFromSource) : undefined;

async function buildFromSource(): Promise<pulumi.Resource[]> {
  const root = join(__dirname, "..");
  const { build } = createRequire(__filename)(join(root, "tools", "build.js")) as {
    build: (root: string) => Promise<string>;
  };
  await build(root);
  return [];
}
