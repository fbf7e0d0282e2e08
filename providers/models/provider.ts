import type { dynamic } from "@pulumi/pulumi";
import { archiveKind } from "../assets/archive-kind";
import type { AssetFile } from "../assets/files";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, present, withoutProvider } from "../inputs";
import { UNKNOWN } from "../rules";
import { withoutSignature } from "./addresses";
import { mustBeAccepted, plannedRefusal } from "./admission";
import { changesSince, contentsOf, sizeInWords, type ComparedFile } from "./changes";
import { clients } from "./clients";
import { refusedFiles } from "./refused-files";
import { otherThanExpected } from "./expected-digest";
import type { ModelFindings } from "./findings";
import { register } from "./register";
import type { ModelSource, SourceIdentity } from "./source";
import { openSource } from "./sources";
import { TakenOn } from "./taken-on";
import type { RegisteredVersion, VersionWords } from "./target";
import { openTarget } from "./targets";
import type { ModelVersionInputs, ModelVersionOutputs } from "./types";
import { hasSameContent, replacedBy } from "./replaced-by";
import { modelVersionRules } from "./version-rules";
import { withoutSecrets } from "./signed-failure";

/** Milliseconds that a plan waits for what is elsewhere. */
const READ_TIME = 5_000;

/** What a kind of model adds to what all have. */
export interface ModelProviderOptions {
  /** The files as a model of this kind. */
  inspect(files: readonly AssetFile[], inputs: ModelVersionInputs): Promise<ModelFindings>;
  /** The source as it is registered. */
  prepared(source: ModelSource, inputs: ModelVersionInputs): ModelSource;
}

/** The functions of a dynamic provider whose resource is a version of a model. */
export interface ModelProvider {
  check(olds: ModelVersionInputs, news: ModelVersionInputs): Promise<dynamic.CheckResult<ModelVersionInputs>>;
  diff(id: string, olds: ModelVersionOutputs, news: ModelVersionInputs): Promise<dynamic.DiffResult>;
  create(inputs: ModelVersionInputs): Promise<dynamic.CreateResult<ModelVersionOutputs>>;
  read(id: string, props?: ModelVersionOutputs): Promise<dynamic.ReadResult<ModelVersionOutputs>>;
  update(
    id: string,
    olds: ModelVersionOutputs,
    news: ModelVersionInputs,
  ): Promise<dynamic.UpdateResult<ModelVersionOutputs>>;
  remove(id: string, props: ModelVersionOutputs): Promise<void>;
}

export function modelProvider(options: ModelProviderOptions): ModelProvider {
  /** The files of a digest as this process read them for the plan: for its words, and so that they are not read again before they are sent. */
  const seen = new Map<string, readonly HashedFile[]>();

  const takenOn = new TakenOn();

  function sourceOf(inputs: ModelVersionInputs): ModelSource {
    return options.prepared(openSource(clients(), inputs), inputs);
  }

  /** What forbids to register the files, one sentence each; what is only to be warned of is said. */
  async function problemsOf(
    files: readonly AssetFile[],
    inputs: ModelVersionInputs,
  ): Promise<readonly string[]> {
    const { errors, warnings } = await options.inspect(files, inputs);
    // Of a folder the component has warned.
    if (typeof inputs.path !== "string" || archiveKind(inputs.path) !== undefined)
      for (const warning of warnings) clients().say(`${inputs.name}: warning: ${warning}`);
    return [...refusedFiles(files), ...errors];
  }

  /** Of files on this machine: everything is read. */
  async function identifyLocal(source: ModelSource, inputs: ModelVersionInputs): Promise<SourceIdentity> {
    const files = await source.files();
    const problems = await problemsOf(files, inputs);
    if (problems.length > 0) throw new Unfit(problems);
    const identity = await source.identify(AbortSignal.timeout(READ_TIME));
    if (identity.digest !== undefined)
      seen.set(
        identity.digest,
        files.flatMap((file) => (file.sha256 === undefined ? [] : [{ ...file, sha256: file.sha256 }])),
      );
    return identity;
  }

  return {
    async check(olds, news) {
      const inputs = withoutProvider(news);
      const failed = (
        failures: readonly dynamic.CheckFailure[],
      ): dynamic.CheckResult<ModelVersionInputs> => ({
        inputs,
        failures: failures.map((failure) => withoutSecrets(inputs, failure)),
      });
      const failures = checkFailures(modelVersionRules, inputs);
      if (failures.length > 0) return failed(failures);
      const { path, source, sourceServer, workspaceId, server } = inputs;
      const where = path === undefined ? [source, sourceServer, workspaceId, server] : [path];
      if (JSON.stringify(where).includes(UNKNOWN)) return { inputs: { ...inputs, digest: UNKNOWN } };
      const property = inputs.path === undefined ? "source" : "path";
      try {
        const opened = sourceOf(inputs);
        const identity =
          inputs.path === undefined
            ? await identifyRemote(opened, inputs, olds)
            : await identifyLocal(opened, inputs);
        const known = { ...inputs, ...identity };
        const other = otherThanExpected(known.digest, inputs.expectedDigest);
        if (other !== undefined) return failed([{ property: "expectedDigest", reason: other }]);
        const refusal =
          replacedBy(olds, known).length === 0 ? undefined : await plannedRefusal(clients(), opened, known);
        return refusal === undefined ? { inputs: known } : failed([{ property: "", reason: refusal }]);
      } catch (error) {
        if (error instanceof Unfit) return failed(error.problems.map((reason) => ({ property, reason })));
        if (error instanceof ProviderError) return failed([{ property, reason: error.message }]);
        throw error;
      }
    },

    async diff(_id, olds, news) {
      const replaces = replacedBy(olds, news);
      const same = hasSameContent(olds, news);
      const updates = changedKeys<ModelVersionInputs>(olds, news, [
        "description",
        "tags",
        "aliases",
        "onDelete",
      ]);
      if (news.digest !== UNKNOWN)
        clients().say(
          `${news.name}: ${same ? "no change" : await newVersion(news, olds.contents, seen.get(news.digest ?? ""))}`,
        );
      return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
    },

    async create(passed) {
      const inputs = withoutProvider(passed);
      const source = sourceOf(inputs);
      const planned = present({ digest: inputs.digest, address: inputs.address });
      if (inputs.path === undefined) {
        const files = await source.files();
        const problems = await problemsOf(files, inputs);
        if (problems.length > 0)
          throw new ProviderError({
            what: problems.join("; "),
            where: withoutSignature(inputs.source ?? ""),
          });
      }
      await mustBeAccepted(clients(), source, inputs);
      const known = seen.get(inputs.digest ?? "");
      // What is sent is compared with what was hashed: a file that changed since then is found.
      const hashed = known === undefined ? source : { ...source, files: async () => known };
      const { version, wasThere } = await register(
        hashed,
        openTarget(clients(), inputs),
        planned,
        wordsOf(inputs),
        inputs.expectedDigest,
      );
      if (wasThere) takenOn.add(inputs, version.id);
      return { id: version.id, outs: outputsOf(inputs, version, seen.get(version.digest ?? "")) };
    },

    async read(id, props) {
      if (props === undefined) return { id: "" };
      const live = await openTarget(clients(), props).read(id);
      if (live === undefined) return { id: "" };
      const { version, modelUri, contents, ...inputs } = withoutProvider(props);
      const declared = Object.entries(live.tags).filter(([key]) => key in (inputs.tags ?? {}));
      const shown = present({
        ...inputs,
        description: live.description,
        tags: Object.fromEntries(declared),
        aliases: inputs.aliases?.filter((alias) => live.aliases.includes(alias)),
      });
      return {
        id,
        props: present({ ...shown, version, modelUri, contents }),
        inputs: shown as ModelVersionOutputs,
      };
    },

    async update(id, olds, news) {
      await openTarget(clients(), news).describe(id, wordsOf(olds), wordsOf(news));
      const { digest, version, modelUri, contents } = olds;
      return { outs: present({ ...withoutProvider(news), digest, version, modelUri, contents }) };
    },

    async remove(id, props) {
      if (props.onDelete === "delete" && !takenOn.has(props, id))
        await openTarget(clients(), props).remove(id);
    },
  };
}

type HashedFile = AssetFile & ComparedFile;

/** Files that are no model of their kind. */
class Unfit extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
  }
}

/** What is elsewhere is asked shortly; a plan goes on without an answer, and says so. */
async function identifyRemote(
  source: ModelSource,
  inputs: ModelVersionInputs,
  olds: ModelVersionInputs | undefined,
): Promise<SourceIdentity> {
  const within = AbortSignal.timeout(READ_TIME);
  const silence = Symbol("no answer");
  let why = `could not be asked within ${READ_TIME / 1000} s`;
  try {
    const answer = await Promise.race([
      source.identify(within),
      new Promise<typeof silence>((resolve) =>
        within.addEventListener("abort", () => resolve(silence), { once: true }),
      ),
    ]);
    if (answer !== silence) return answer;
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    // Not its message, which may hold the address with its signature. Where a role is on its way, `up` waits for it.
    const { code } = error as { code?: unknown };
    if (!within.aborted && typeof code === "string") why = `could not be read (${code})`;
  }
  const address = withoutSignature(inputs.source ?? "");
  const known = olds?.source === inputs.source ? olds : undefined;
  clients().say(
    `${address}: ${why}; ${known === undefined ? "what it holds is not known yet" : "taken for unchanged"}`,
  );
  return present({
    digest: known?.digest ?? (known?.address === undefined ? UNKNOWN : undefined),
    address: known?.address,
  });
}

async function newVersion(
  inputs: ModelVersionInputs,
  contents: string | undefined,
  files: readonly HashedFile[] | undefined,
): Promise<string> {
  const number = await expectedNumber(inputs);
  const name = number === undefined ? "new version" : `new version, ${number} as it stands`;
  if (files === undefined) return name;
  const size = files.reduce((sum, { length }) => sum + length, 0);
  return `${name}: ${changesSince(contents, files) ?? `${files.length} files`}, ${sizeInWords(size)} in all`;
}

/** One short read; without an answer the plan names no number. */
async function expectedNumber(inputs: ModelVersionInputs): Promise<string | undefined> {
  if (JSON.stringify([inputs.workspaceId, inputs.registryId, inputs.server]).includes(UNKNOWN))
    return undefined;
  const within = AbortSignal.timeout(READ_TIME);
  return await Promise.race([
    openTarget(clients(), inputs)
      .next()
      .catch(() => undefined),
    new Promise<undefined>((resolve) =>
      within.addEventListener("abort", () => resolve(undefined), { once: true }),
    ),
  ]);
}

function wordsOf({ description, tags = {}, aliases = [] }: ModelVersionInputs): VersionWords {
  return { ...(description === undefined ? {} : { description }), tags, aliases };
}

function outputsOf(
  inputs: ModelVersionInputs,
  { version, modelUri, digest = "" }: RegisteredVersion,
  files: readonly ComparedFile[] | undefined,
): ModelVersionOutputs {
  const contents = files === undefined ? undefined : contentsOf(files);
  return present({ ...inputs, digest, version, modelUri, contents });
}

export { configure } from "../clients/sign-in-settings";
