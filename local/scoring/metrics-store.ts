import { createHash } from "node:crypto";
import { open } from "lmdb";
import { keyOf, MINUTES_KEPT, ScoringMetrics, type ScoringRecord } from "./metrics";

const SAVE_EVERY = 1_000;

interface SavedCell {
  readonly record: ScoringRecord;
  readonly count: number;
  readonly latencySum: number;
  readonly latencies: readonly (readonly [number, number])[];
}

export interface KeptMetrics {
  readonly metrics: ScoringMetrics;
  close(): Promise<void>;
}

/** The metrics of scoring, kept in a folder: a kill of the local Azure loses the last second's. */
export function openMetrics(folder: string, now: () => number): KeptMetrics {
  const database = open<SavedCell, [number, string]>({ path: folder, encoding: "json", cache: false });
  const kept = Array.from(database.getRange(), ({ key, value }) => ({
    minute: key[0],
    cell: { ...value, latencies: new Map(value.latencies) },
  }));
  const metrics = new ScoringMetrics(now, kept);
  const save = async (): Promise<void> => {
    for (const { minute, cell } of metrics.changes()) {
      const key = createHash("sha256").update(keyOf(cell.record)).digest("hex");
      void database.put([minute, key], { ...cell, latencies: [...cell.latencies] });
    }
    const oldest = Math.floor(now() / 60_000) - MINUTES_KEPT;
    for (const key of database.getKeys({ end: [oldest, ""] })) void database.remove(key);
    await database.committed;
  };
  const saving = setInterval(() => void save(), SAVE_EVERY);
  return {
    metrics,
    close: async () => {
      clearInterval(saving);
      await save();
      await database.close();
    },
  };
}
