import { text } from "node:stream/consumers";
import { isMap, isSeq, parseDocument } from "yaml";
import { type AssetFile, knownDigest, textFile } from "../assets/files";
import type { ModelSource } from "../models/source";
import { MONITORING } from "./mlmodel";

/** Counts what the fix does: another fix of the same model is another content. */
const FIX = "fix1";
/** Where a model says which packages it needs. */
const REQUIREMENTS = "requirements.txt";
const CONDA = "conda.yaml";

/** The source with the package that Azure ML's no-code serving needs among its requirements; the files themselves stay as they are. */
export function fixed(source: ModelSource): ModelSource {
  const files = async (): Promise<readonly AssetFile[]> =>
    await Promise.all((await source.files()).map(async (file) => await fixedFile(file)));
  return {
    ...source,
    files,
    async identify(within) {
      const { digest, address } = await source.identify(within);
      if (digest === undefined) return address === undefined ? {} : { address: `${address}+${FIX}` };
      const known = knownDigest(await files());
      return known === undefined ? { address: `${digest}+${FIX}` } : { digest: known };
    },
  };
}

async function fixedFile(file: AssetFile): Promise<AssetFile> {
  if (file.path !== REQUIREMENTS && file.path !== CONDA) return file;
  const before = await text(await file.open());
  const after = file.path === CONDA ? fixedConda(before) : fixedRequirements(before);
  return after === before ? file : textFile(file.path, after);
}

/** @param requirements a `requirements.txt` */
export function fixedRequirements(requirements: string): string {
  if (requirements.includes(MONITORING)) return requirements;
  return `${requirements}${requirements === "" || requirements.endsWith("\n") ? "" : "\n"}${MONITORING}\n`;
}

/** @param conda a `conda.yaml`; what is none, or has no list of dependencies, stays as it is */
export function fixedConda(conda: string): string {
  if (conda.includes(MONITORING)) return conda;
  const document = parseDocument(conda);
  const dependencies = document.get("dependencies");
  if (document.errors.length > 0 || !isSeq(dependencies)) return conda;
  const pip = dependencies.items
    .map((item) => (isMap(item) ? item.get("pip") : undefined))
    .find((packages) => isSeq(packages));
  if (isSeq(pip)) pip.add(MONITORING);
  else dependencies.add(document.createNode({ pip: [MONITORING] }));
  return document.toString();
}
