import * as pulumi from "@pulumi/pulumi";
import { isAbsolute, relative } from "node:path";
import type { LocalPlace } from "../providers/models/places";
import { rule } from "../providers/rules";

/** Files of this machine as a program names them: by their path, or put together as Pulumi's assets. */
export type ModelPath = string | pulumi.asset.Asset | pulumi.asset.Archive;

const ALLOWED =
  "the path of a folder, an archive or a file, or a FileArchive, an AssetArchive or a FileAsset";

export const modelPath = rule(isModelPath, ALLOWED);

/** An asset by what it has: its class may be another copy's, or be lost when it was an output. */
interface Parts {
  readonly path?: string;
  readonly text?: string;
  readonly uri?: string;
  readonly assets?: Readonly<Record<string, Parts>>;
}

function isModelPath(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  if (!pulumi.asset.Asset.isInstance(value) && !pulumi.asset.Archive.isInstance(value)) return false;
  // A text by itself has no name to be registered under.
  return "path" in value || "assets" in value;
}

/** Paths as the program's folder sees them: a machine's own is nothing that a state should hold. */
export function localPlace(path: pulumi.Input<ModelPath>): pulumi.Output<LocalPlace> {
  return pulumi.output(path).apply((known) => (typeof known === "string" ? portable(known) : placeOf(known)));
}

function placeOf(asset: unknown): LocalPlace {
  // What were promises in the asset's class are values in an output.
  const { path, text, uri, assets = {} } = asset as Parts;
  if (path !== undefined)
    return pulumi.asset.Asset.isInstance(asset) ? { file: portable(path) } : portable(path);
  if (text !== undefined) return { text };
  if (uri !== undefined) throw remote(uri);
  return {
    files: Object.fromEntries(Object.entries(assets).map(([name, inner]) => [name, placeOf(inner)])),
  };
}

function remote(uri: string): pulumi.RunError {
  const error = new pulumi.RunError(
    `path: ${uri.replace(/\?.*/s, "")} is not on this machine. Allowed: ${ALLOWED}. Try: its address as the model's \`source\`.`,
  );
  // Pulumi shows the stack of what an output throws.
  error.stack = error.message;
  return error;
}

function portable(path: string): string {
  return isAbsolute(path) ? relative(process.cwd(), path) || "." : path;
}
