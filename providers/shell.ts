import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What each `providers/<folder>/provider.ts` exports. */
export type ProviderModule<Inputs, Outputs> = Required<
  Omit<pulumi.dynamic.ResourceProvider<Inputs, Outputs>, "configure">
>;

/**
 * The part of a dynamic provider that Pulumi serializes into the state: it loads the package's own module when it is called, so that
 * neither logic nor anything captured is kept there, and refresh and delete run the installed code instead of the code of back then.
 *
 * `load` must be written out where it is used, word for word as it stands in `mlflow-model/resource.ts`: what it names is serialized with it.
 * State files hold this text: the address that it loads is part of the package's interface.
 */
export function shell<Inputs, Outputs>(
  load: () => ProviderModule<Inputs, Outputs>,
): pulumi.dynamic.ResourceProvider<Inputs, Outputs> {
  return {
    check: (olds, news) => load().check(olds, news),
    diff: (id, olds, news) => load().diff(id, olds, news),
    create: (inputs) => load().create(inputs),
    read: (id, props) => load().read(id, props),
    update: (id, olds, news) => load().update(id, olds, news),
    delete: (id, props) => load().delete(id, props),
  };
}

/** Options of a dynamic resource: the caller's, and that it waits for a build of what its shell loads. */
export function dynamicOptions(
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(options, built === undefined ? {} : { dependsOn: pulumi.output(built()) });
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

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
