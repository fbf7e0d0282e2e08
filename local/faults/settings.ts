import * as v from "valibot";
import { tokenLifetime } from "../identity/tokens";
import { readIfThere, writeWhole } from "../files";
import type { Json } from "../json";
import { UserError } from "../user-error";

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** How the containers of a deployment go wrong; `share` of the requests, all unless said otherwise. */
const behaviour = v.variant("kind", [
  /** The process ends, and ends again whenever it was started. */
  v.strictObject({ kind: v.literal("crashes") }),
  v.strictObject({
    kind: v.literal("slow"),
    milliseconds: v.pipe(v.number(), v.minValue(0)),
    share: v.optional(share, 1),
  }),
  /** Takes requests and never answers. */
  v.strictObject({ kind: v.literal("hangs"), share: v.optional(share, 1) }),
  /** Answers 500. */
  v.strictObject({ kind: v.literal("fails"), share: v.optional(share, 1) }),
  /** Answers 200 with what is no JSON. */
  v.strictObject({ kind: v.literal("rubbish"), share: v.optional(share, 1) }),
]);

const schema = v.strictObject({
  /** The same seed and the same requests meet the same faults. */
  seed: v.optional(v.pipe(v.number(), v.integer()), 0),
  /** What share of ARM's requests and operations go wrong in which phase. */
  operations: v.optional(
    v.strictObject({
      /** Refused with 429, 500 or 503, nothing done. */
      refused: v.optional(share, 0),
      /** Done, and the connection broken before the answer. */
      lost: v.optional(share, 0),
      /** Accepted, and failed before its work began. */
      begun: v.optional(share, 0),
      /** Accepted, and failed when its work was done. */
      done: v.optional(share, 0),
    }),
    {},
  ),
  /** What share of the blob service's requests go wrong, and how. */
  blobs: v.optional(
    v.strictObject({
      /** Refused with 503 or 500, nothing done. */
      refused: v.optional(share, 0),
      /** The connection broken in the middle of a body. */
      cut: v.optional(share, 0),
      /** Done, and the connection broken before the answer. */
      lost: v.optional(share, 0),
      /** What writes finds the disk full. */
      full: v.optional(share, 0),
    }),
    {},
  ),
  /** What share of the requests to MLflow's API go wrong. */
  mlflow: v.optional(
    v.strictObject({
      /** Refused with 429 or 500, nothing done. */
      refused: v.optional(share, 0),
    }),
    {},
  ),
  /** Seconds that access tokens are good for: Entra's hour, or less. */
  tokenSeconds: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(tokenLifetime)),
    tokenLifetime,
  ),
  /** Part of the id, or of the address without `https://`, of what this is about; of everything unless said otherwise. */
  only: v.optional(v.string(), ""),
  /** The subscription has so many cores of each family of machines in a region, as its usages tell; 300 unless said otherwise. */
  quota: v.optional(v.strictObject({ cores: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
  /** The dates of ARM's answers are off by so many seconds, as if the client's clock were. */
  dateSeconds: v.optional(v.pipe(v.number(), v.integer())),
  /** The region has that many instances for all deployments, and no more. */
  capacity: v.optional(
    v.strictObject({
      instances: v.pipe(v.number(), v.integer(), v.minValue(0)),
      code: v.optional(v.picklist(["OutOfCapacity", "OutOfQuota"]), "OutOfCapacity"),
    }),
  ),
  /** By the deployment's name. */
  containers: v.optional(v.record(v.string(), behaviour), {}),
});

/** What goes wrong in the local Azure because somebody wants to see it. */
export type Faults = v.InferOutput<typeof schema>;
export type Behaviour = v.InferOutput<typeof behaviour>;

/** The faults that are wanted now, in a file, so that a restart keeps them. */
export class FaultSettings {
  private wanted: Faults;

  constructor(private readonly file: string) {
    this.wanted = parse(JSON.parse(readIfThere(file) ?? "{}"));
  }

  get now(): Faults {
    return this.wanted;
  }

  /** Takes the place of all that was wanted before. @throws UserError for what are no faults */
  set(faults: Json): Faults {
    this.wanted = parse(faults);
    writeWhole(this.file, JSON.stringify(this.wanted));
    return this.wanted;
  }
}

function parse(faults: unknown): Faults {
  const parsed = v.safeParse(schema, faults);
  if (parsed.success) return parsed.output;
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "faults"}: ${issue.message}`);
  throw new UserError(`These are no faults of the local Azure. ${issues.join("; ")}.`);
}
