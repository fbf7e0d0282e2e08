import { uniform } from "../random";

const MINUTE = 60_000;

/**
 * When the metrics of a minute can be read first: one to three minutes after its end, as Azure Monitor has them. The same for every reading
 * of it; a minute may come before the one that it follows.
 *
 * @param minute its beginning, milliseconds since 1970
 */
export function arrivalOf(minute: number): number {
  return minute + 2 * MINUTE + Math.floor(2 * MINUTE * uniform(minute / MINUTE));
}
