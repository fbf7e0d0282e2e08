import { engineEvents, stateOf, type Metadata, type SeenState } from "../drift/events";
import { ProviderError } from "../clients/errors";

/** What the engine means to do with a resource. */
export type Operation = "create" | "update" | "replace" | "delete" | "read" | "same";

/** A resource of a preview, with what is there and what is to be. */
export interface Change {
  readonly op: Operation;
  readonly urn: string;
  /** Type token. */
  readonly type: string;
  /** Undefined of what is created. */
  readonly old?: SeenState;
  /** Undefined of what is deleted. */
  readonly new?: SeenState;
  /** Properties whose change replaces it. */
  readonly replacedFor: readonly string[];
  /** URNs of what it depends on; a preview's events don't tell them. */
  readonly dependencies: readonly string[];
  /** URN of the component that it is in. */
  readonly parent?: string;
}

export interface PolicyResult {
  readonly policy: string;
  readonly pack: string;
  /** `mandatory` stops an `up`, `advisory` does not. */
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

/** A stack's preview. */
export interface Preview {
  readonly stack: string;
  /** Those that stay as they are may be missing. */
  readonly changes: readonly Change[];
  /** How many resources stay as they are. */
  readonly same: number;
  /** The providers' own words on what will happen. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** Undefined where the preview does not tell them: only its events do. */
  readonly policies?: readonly PolicyResult[];
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
  same: "same",
};

interface Digest {
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
  readonly changeSummary?: { readonly same?: number };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: Wire | null;
  readonly newState?: Wire | null;
  readonly replaceReasons?: readonly string[];
}

type Wire = Partial<SeenState> & {
  readonly type?: string;
  readonly dependencies?: readonly string[];
  readonly parent?: string;
};

/**
 * Reads what `pulumi preview --json` printed: one object, or, under `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`, an event a line, which tell the results of
 * policies too. Shapes: sdk/go/common/apitype/events.go and pkg/backend/display/json.go of the engine, v3.259.
 *
 * @param where a file's name, for errors
 * @throws ProviderError where it is neither
 */
export function readPreview(text: string, where: string): Preview {
  const digest = digestIn(text);
  const preview = digest === undefined ? previewOfEvents(text) : previewOfDigest(digest);
  if (preview.changes.length > 0 || preview.errors.length > 0) return preview;
  throw new ProviderError({
    what: "is not what `pulumi preview --json` prints",
    where,
    tryThis: "`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --non-interactive > FILE`",
  });
}

function digestIn(text: string): Digest | undefined {
  try {
    const value = JSON.parse(text) as Digest;
    return Array.isArray(value.steps) || Array.isArray(value.diagnostics) ? value : undefined;
  } catch {
    return undefined;
  }
}

function previewOfDigest({ steps = [], diagnostics = [], changeSummary }: Digest): Preview {
  const changes = steps.flatMap((step) => changeOf({ ...step, old: step.oldState, new: step.newState }));
  return { stack: stackOf(changes), changes, same: changeSummary?.same ?? 0, ...said(diagnostics) };
}

function previewOfEvents(text: string): Preview {
  const events = engineEvents(text);
  const changes = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent === undefined
      ? []
      : changeOf({ ...resourcePreEvent.metadata, replaceReasons: resourcePreEvent.metadata.keys ?? [] }),
  );
  const policies = events.flatMap(({ policyEvent }) =>
    policyEvent === undefined
      ? []
      : [
          {
            policy: policyEvent.policyName,
            pack: policyEvent.policyPackName,
            level: policyEvent.enforcementLevel,
            urn: policyEvent.resourceUrn ?? "",
            message: policyEvent.message.trim(),
          },
        ],
  );
  const diagnostics = events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
  const same = changes.filter(({ op }) => op === "same").length;
  return { stack: stackOf(changes), changes, same, ...said(diagnostics), policies };
}

function changeOf(step: Partial<Metadata> & Pick<Step, "op" | "urn" | "replaceReasons">): Change[] {
  const op = OPERATIONS[step.op];
  if (op === undefined) return [];
  const old = stateOf(step.old);
  const planned = stateOf(step.new);
  // What is planned has no id of its own yet, where the engine writes none.
  const now = planned && { ...planned, id: planned.id || (old?.id ?? "") };
  const either = (step.new ?? step.old) as Wire | undefined | null;
  return [
    {
      op,
      urn: step.urn,
      type: step.type ?? either?.type ?? "",
      ...(old === undefined ? {} : { old }),
      ...(now === undefined ? {} : { new: now }),
      replacedFor: op === "replace" ? (step.replaceReasons ?? []) : [],
      dependencies: either?.dependencies ?? [],
      ...(either?.parent ? { parent: either.parent } : {}),
    },
  ];
}

function said(
  diagnostics: readonly { readonly message: string; readonly severity: string }[],
): Pick<Preview, "notes" | "warnings" | "errors"> {
  const of = (...severities: readonly string[]): string[] =>
    diagnostics
      .filter(({ severity }) => severities.includes(severity))
      // The engine's colours are marks of its own.
      .map(({ message }) => message.replace(/<\{%[^%]*%\}>/g, "").trim())
      .filter((message) => message !== "");
  return { notes: of("info", "info#err"), warnings: of("warning"), errors: of("error") };
}

function stackOf(changes: readonly Change[]): string {
  return /^urn:pulumi:([^:]+)::/.exec(changes[0]?.urn ?? "")?.[1] ?? "the stack";
}
