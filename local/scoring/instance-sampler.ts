import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { InstanceMetrics, InstanceSample } from "./instance-metrics";

/** Between two looks, in the machine's own milliseconds. */
const EVERY = 1_000;
const PAGE = 4096;
const TICKS_PER_SECOND = 100;

export interface RunningInstance {
  /** ARM id. */
  readonly deploymentId: string;
  /** Of the instance's first process; what it starts counts with it. */
  readonly pid: number;
}

interface Used {
  readonly at: number;
  readonly ticks: number;
}

/**
 * Notes what each instance's processes use, once a second. Where the system has no `/proc`, instances are counted and use nothing.
 *
 * @returns ends it
 */
export function sampleInstances(
  metrics: InstanceMetrics,
  running: () => readonly RunningInstance[],
): () => void {
  let before = new Map<number, Used>();
  const look = (): void => {
    const now = new Map<number, Used>();
    const samples = running().map(({ deploymentId, pid }): InstanceSample => {
      const { ticks, pages } = usedBy(pid);
      const at = performance.now();
      now.set(pid, { at, ticks });
      const last = before.get(pid) ?? { at, ticks };
      const seconds = Math.max(0.001, (at - last.at) / 1000);
      const cpuPercent = (Math.max(0, ticks - last.ticks) / TICKS_PER_SECOND / seconds / cpus().length) * 100;
      return {
        deploymentId,
        instanceId: `instance-${pid}`,
        cpuPercent: Math.min(100, cpuPercent),
        memoryPercent: ((pages * PAGE) / totalmem()) * 100,
      };
    });
    before = now;
    metrics.record(samples);
  };
  const timer = setInterval(look, EVERY);
  return () => clearInterval(timer);
}

/** Processor time and resident pages of a process and all below it. */
function usedBy(pid: number): { readonly ticks: number; readonly pages: number } {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = { ticks: Number(fields[11] ?? 0) + Number(fields[12] ?? 0), pages: Number(fields[21] ?? 0) };
  return readOrEmpty(`/proc/${pid}/task/${pid}/children`)
    .split(" ")
    .filter((child) => child !== "")
    .map((child) => usedBy(Number(child)))
    .reduce((sum, one) => ({ ticks: sum.ticks + one.ticks, pages: sum.pages + one.pages }), own);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
