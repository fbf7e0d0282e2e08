/** What the scoring front saw of one request. */
export interface ScoringRecord {
  readonly endpointId: string;
  readonly deployment: string;
  readonly statusCode: number;
  /** The status that the model's process answered with, when it did. */
  readonly modelStatusCode?: number;
  /** Milliseconds. */
  readonly latency: number;
  /** A copy of another deployment's request: counts for the deployment, not for the endpoint. */
  readonly mirrored: boolean;
}

/** Azure Monitor's names for what it keeps of online endpoints and deployments. */
export type ScoringMetric =
  | "RequestsPerMinute"
  | "RequestLatency"
  | "RequestLatency_P50"
  | "RequestLatency_P90"
  | "RequestLatency_P95"
  | "RequestLatency_P99";

export type Dimension =
  | "deployment"
  | "statusCode"
  | "statusCodeClass"
  | "modelStatusCode"
  /** A deployment's own name for the status code. */
  | "envoy_response_code";

export interface MetricQuery {
  readonly metric: ScoringMetric;
  /** ARM id of an online endpoint or of one of its deployments. */
  readonly scope: string;
  readonly from: Date;
  /** Not itself included. */
  readonly to: Date;
  /** One series for each value of these. Default: one series. */
  readonly by?: readonly Dimension[];
}

export interface MetricSeries {
  readonly dimensions: Readonly<Partial<Record<Dimension, string>>>;
  /** One entry for each minute that had a request. */
  readonly data: readonly { readonly timeStamp: Date; readonly average: number; readonly count: number }[];
}

/** The requests of a minute that are alike but for their latency. */
export interface Cell {
  readonly record: ScoringRecord;
  count: number;
  latencySum: number;
  /** Latencies by bucket: each is 2 % wider than the one before. */
  readonly latencies: Map<number, number>;
}

export interface KeptCell {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly cell: Cell;
}

const MINUTE = 60_000;
export const MINUTES_KEPT = 24 * 60;
const BUCKET_STEP = Math.log(1.02);
const bucketOf = (latency: number): number => Math.round(Math.log(Math.max(latency, 0.01)) / BUCKET_STEP);

/** A day of scoring requests by the minute. */
export class ScoringMetrics {
  private readonly minutes = new Map<number, Map<string, Cell>>();
  private unsaved = new Map<string, KeptCell>();

  /** @param kept what {@link changes} gave before a restart */
  constructor(
    private readonly now: () => number = Date.now,
    kept: readonly KeptCell[] = [],
  ) {
    for (const { minute, cell } of kept) this.cellsOf(minute).set(keyOf(cell.record), cell);
  }

  record(record: ScoringRecord): void {
    const minute = Math.floor(this.now() / MINUTE);
    const cells = this.cellsOf(minute);
    const key = keyOf(record);
    let cell = cells.get(key);
    if (!cell) cells.set(key, (cell = { record, count: 0, latencySum: 0, latencies: new Map() }));
    const bucket = bucketOf(record.latency);
    cell.count++;
    cell.latencySum += record.latency;
    cell.latencies.set(bucket, (cell.latencies.get(bucket) ?? 0) + 1);
    this.unsaved.set(`${minute} ${key}`, { minute, cell });
  }

  /** The cells that have changed since the last call. */
  changes(): KeptCell[] {
    const changed = [...this.unsaved.values()];
    this.unsaved = new Map();
    return changed;
  }

  query({ metric, scope, from, to, by = [] }: MetricQuery): MetricSeries[] {
    const series = new Map<
      string,
      { dimensions: MetricSeries["dimensions"]; data: MetricSeries["data"][number][] }
    >();
    for (const [minute, cells] of this.minutes) {
      const at = minute * MINUTE;
      if (at < from.getTime() || at >= to.getTime()) continue;
      for (const [key, group] of grouped(
        [...cells.values()].filter((cell) => inScope(cell.record, scope)),
        by,
      )) {
        const one = series.get(key) ?? { dimensions: dimensions(group[0]?.record, by), data: [] };
        const count = sum(group.map((cell) => cell.count));
        one.data.push({ timeStamp: new Date(at), average: valueOf(metric, group, count), count });
        series.set(key, one);
      }
    }
    return [...series.values()];
  }

  private cellsOf(minute: number): Map<string, Cell> {
    const cells = this.minutes.get(minute);
    if (cells) return cells;
    for (const old of this.minutes.keys()) if (old <= minute - MINUTES_KEPT) this.minutes.delete(old);
    const made = new Map<string, Cell>();
    this.minutes.set(minute, made);
    return made;
  }
}

/** What the requests of a cell have in common. */
export function keyOf(record: ScoringRecord): string {
  const { endpointId, deployment, statusCode, modelStatusCode, mirrored } = record;
  return JSON.stringify([endpointId, deployment, statusCode, modelStatusCode, mirrored]);
}

function valueOf(metric: ScoringMetric, cells: readonly Cell[], count: number): number {
  if (metric === "RequestsPerMinute") return count;
  if (metric === "RequestLatency") return sum(cells.map((cell) => cell.latencySum)) / count;
  return percentile(cells, Number(metric.slice(-2)) / 100, count);
}

function percentile(cells: readonly Cell[], share: number, count: number): number {
  const buckets = new Map<number, number>();
  for (const { latencies } of cells)
    for (const [bucket, n] of latencies) buckets.set(bucket, (buckets.get(bucket) ?? 0) + n);
  let left = Math.ceil(share * count);
  for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
    left -= buckets.get(bucket) ?? 0;
    if (left <= 0) return Math.exp(bucket * BUCKET_STEP);
  }
  return 0;
}

function inScope({ endpointId, deployment, mirrored }: ScoringRecord, scope: string): boolean {
  const wanted = scope.toLowerCase();
  const endpoint = endpointId.toLowerCase();
  return wanted === endpoint ? !mirrored : wanted === `${endpoint}/deployments/${deployment.toLowerCase()}`;
}

function grouped(cells: readonly Cell[], by: readonly Dimension[]): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify(dimensions(cell.record, by));
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return groups;
}

function dimensions(record: ScoringRecord | undefined, by: readonly Dimension[]): MetricSeries["dimensions"] {
  if (!record) return {};
  const values: Record<Dimension, string> = {
    deployment: record.deployment,
    statusCode: String(record.statusCode),
    statusCodeClass: `${Math.floor(record.statusCode / 100)}xx`,
    modelStatusCode: String(record.modelStatusCode ?? ""),
    envoy_response_code: String(record.statusCode),
  };
  return Object.fromEntries(by.map((dimension) => [dimension, values[dimension]]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
