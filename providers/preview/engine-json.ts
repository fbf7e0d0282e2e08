import { engineEvents, stateOf, type EngineEvent, type Metadata, type SeenState } from "../drift/events";
import { isRecord } from "../drift/same";
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
  /** It is nothing by itself but a name for what is in it. */
  readonly isComponent: boolean;
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

/** Fields of the document, each left out where it is empty. */
const DIGEST = ["config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"];

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
  readonly custom?: boolean;
};

/** The engine can't begin where a stack, its state or its key is missing; it prints nothing then but on standard error. */
const NOTHING_TOLD = "the preview ended before it told anything: the log of its run says why";

/**
 * Reads what `pulumi preview --json` printed: one object, or, under `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true` and in an `--event-log`, an event a line, which
 * tell the results of policies too. Where nothing was printed, the preview failed. Shapes: sdk/go/common/apitype/events.go and pkg/backend/display/json.go of the engine, v3.259.
 *
 * @param where a file's name, for errors
 * @throws ProviderError where it is neither
 */
export function readPreview(text: string, where: string): Preview {
  const digest = text.trim() === "" ? {} : digestIn(text);
  if (digest !== undefined) return previewOfDigest(digest);
  const events = engineEvents(text);
  if (events.some((event) => Object.keys(event).some((key) => key.endsWith("Event"))))
    return previewOfEvents(events);
  throw new ProviderError({
    what: "is not what `pulumi preview --json` prints",
    where,
    tryThis: "`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --non-interactive > FILE`",
  });
}

function digestIn(text: string): Digest | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const isDigest = isRecord(value) && Object.keys(value).every((key) => DIGEST.includes(key));
    return isDigest ? (value as Digest) : undefined;
  } catch {
    return undefined;
  }
}

function previewOfDigest({ steps = [], diagnostics = [], changeSummary }: Digest): Preview {
  const changes = steps.flatMap((step) => changeOf({ ...step, old: step.oldState, new: step.newState }));
  const told = said(diagnostics);
  // Of any preview that began it tells the stack itself.
  const errors = steps.length === 0 && told.errors.length === 0 ? [NOTHING_TOLD] : told.errors;
  return { stack: stackOf(changes), changes, same: changeSummary?.same ?? 0, ...told, errors };
}

function previewOfEvents(events: readonly EngineEvent[]): Preview {
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
            message: plain(policyEvent.message),
          },
        ],
  );
  // They come as their resources do, in no order of their own.
  policies.sort((one, other) => orderOf(one).localeCompare(orderOf(other)));
  const diagnostics = events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
  const same = changes.filter(({ op }) => op === "same").length;
  return { stack: stackOf(changes), changes, same, ...said(diagnostics), policies };
}

function orderOf({ urn, policy }: PolicyResult): string {
  return `${urn} ${policy}`;
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
      isComponent: either?.custom !== true,
    },
  ];
}

function said(
  diagnostics: readonly { readonly message: string; readonly severity: string }[],
): Pick<Preview, "notes" | "warnings" | "errors"> {
  const of = (...severities: readonly string[]): string[] =>
    diagnostics
      .filter(({ severity }) => severities.includes(severity))
      // The document has the severity in the text, too.
      .map(({ message }) => plain(message).replace(/^(warning|error): /, ""))
      .filter((message) => message !== "");
  return { notes: of("info", "info#err"), warnings: of("warning"), errors: of("error") };
}

/** Without the engine's colours, which are marks of its own. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

function stackOf(changes: readonly Change[]): string {
  return /^urn:pulumi:([^:]+)::/.exec(changes[0]?.urn ?? "")?.[1] ?? "the stack";
}
