/** The engine's state of a resource, before or after it was read again. */
export interface SeenState {
  /** Of a cloud's resource its id there; empty of a component. */
  readonly id: string;
  /** What the program declared; after the reading, the same with what is otherwise now. */
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as a refresh saw it. */
export interface SeenResource {
  /** `same`, `update`, `delete`: what the refresh would do to the state. */
  readonly op: string;
  readonly urn: string;
  /** Type token. */
  readonly type: string;
  /** As the state has it. */
  readonly old?: SeenState;
  /** As it is now; undefined where it is no more. */
  readonly new?: SeenState;
}

/** What a refresh in preview told. */
export interface Refreshed {
  readonly resources: readonly SeenResource[];
  /** What could not be read, as the engine says it. */
  readonly errors: readonly string[];
  /** Whether the engine came to its end. */
  readonly ended: boolean;
}

/**
 * Reads the events of `pulumi refresh --preview-only --json` under `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`, or of an `--event-log`: one
 * JSON object a line. (Without that variable the engine prints the resources as they were before they were read, and tells no divergence.)
 *
 * Shapes: sdk/go/common/apitype/events.go of the engine, v3.259.
 *
 * @param text lines that are no events are passed over
 */
export function readEvents(text: string): Refreshed {
  const events = engineEvents(text);
  return {
    resources: events.flatMap(({ resOutputsEvent }) => {
      const seen = resOutputsEvent?.metadata;
      return seen === undefined ? [] : [resourceOf(seen)];
    }),
    errors: events.flatMap(errorIn),
    ended: events.some(
      ({ summaryEvent }) =>
        summaryEvent !== undefined && (summaryEvent.result ?? "succeeded") === "succeeded",
    ),
  };
}

/** Every event in the text; other lines are passed over. */
export function engineEvents(text: string): EngineEvent[] {
  return text.split("\n").flatMap(eventIn);
}

/** An event of the engine, as far as it is read here. */
export interface EngineEvent {
  /** Of a preview: what is to be done with a resource. */
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly policyPackName: string;
    readonly enforcementLevel: string;
  };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
  readonly summaryEvent?: { readonly result?: string };
}

export interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: Partial<SeenState> | null;
  readonly new?: Partial<SeenState> | null;
  /** Properties whose change replaces the resource. */
  readonly keys?: readonly string[] | null;
}

function eventIn(line: string): EngineEvent[] {
  if (!line.startsWith("{")) return [];
  try {
    return [JSON.parse(line) as EngineEvent];
  } catch {
    return [];
  }
}

function errorIn({ diagnosticEvent, resOpFailedEvent }: EngineEvent): string[] {
  if (diagnosticEvent?.severity === "error") return [diagnosticEvent.message.trim()];
  return resOpFailedEvent === undefined ? [] : [`${resOpFailedEvent.metadata.urn} could not be read`];
}

function resourceOf({ op, urn, type, old, new: now }: Metadata): SeenResource {
  const before = stateOf(old);
  const after = stateOf(now);
  return {
    op,
    urn,
    type,
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  };
}

export function stateOf(state: Partial<SeenState> | null | undefined): SeenState | undefined {
  if (state === undefined || state === null) return undefined;
  return { id: state.id ?? "", inputs: state.inputs ?? {}, outputs: state.outputs ?? {} };
}
