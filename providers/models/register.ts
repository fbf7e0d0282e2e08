import { createHash } from "node:crypto";
import { knownDigest } from "../assets/files";
import { ProviderError } from "../clients/errors";
import { otherThanExpected } from "./expected-digest";
import type { ModelSource, SourceIdentity } from "./source";
import type { ModelTarget, RegisteredVersion, VersionWords } from "./target";

/** The version that has the source's content. */
export interface Registration {
  readonly version: RegisteredVersion;
  /** Whether it was there before. */
  readonly wasThere: boolean;
}

/**
 * Registers the source's content as a version: the one that has this content, or else the next, its files brought there first.
 *
 * @param planned what the plan was made from
 * @param expected the only digest that is registered; any by default
 * @throws ProviderError where the source has other content by now, or than is expected
 */
export async function register(
  source: ModelSource,
  target: ModelTarget,
  planned: SourceIdentity,
  words: VersionWords,
  expected?: string,
): Promise<Registration> {
  let digest = planned.digest;
  if (digest !== undefined) {
    const found = await takenOn(target, digest, words);
    if (found !== undefined) return found;
  }
  const files = await source.files();
  if (digest === undefined) {
    // Known before they are sent, as an archive's are, they need not be sent to be compared.
    digest = knownDigest(files);
    mustBeExpected(digest, expected, source);
    const found = digest && (await takenOn(target, digest, words));
    if (found) return found;
  }
  const uploaded = await target.upload(files, `${digest ?? keyOf(planned)}/${source.folderName}`);
  if (digest === undefined) {
    mustBeExpected(uploaded.digest, expected, source);
    const found = await takenOn(target, uploaded.digest, words);
    if (found !== undefined) return found;
  } else if (uploaded.digest !== digest)
    throw new ProviderError({
      what: "the files changed while the command ran",
      where: source.folderName,
      tryThis: "the same command again, when nothing writes into them",
    });
  return { version: await target.register(uploaded, words, await source.lineage()), wasThere: false };
}

function mustBeExpected(
  digest: string | undefined,
  expected: string | undefined,
  { folderName }: ModelSource,
): void {
  const what = otherThanExpected(digest, expected);
  if (what !== undefined) throw new ProviderError({ what, where: folderName });
}

async function takenOn(
  target: ModelTarget,
  digest: string,
  words: VersionWords,
): Promise<Registration | undefined> {
  const found = await target.find(digest);
  if (found !== undefined) await target.describe(found.id, { tags: {}, aliases: [] }, words);
  return found && { version: found, wasThere: true };
}

/** 64 hexadecimal digits that stay the same as long as the content does. */
function keyOf({ address = "" }: SourceIdentity): string {
  return createHash("sha256").update(address).digest("hex");
}
