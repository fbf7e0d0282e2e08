/** Least and most of a cron expression's fields: minute, hour, day of month, month, day of week. */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/**
 * Whether a compute instance's schedule takes the expression: five fields of `*`, numbers, ranges and lists of them. Azure ML has neither names nor steps;
 * cron libraries take both.
 */
export function isCron(expression: string): boolean {
  const fields = expression.split(" ");
  return (
    fields.length === FIELDS.length &&
    FIELDS.every(([least, most], index) => {
      const field = fields[index] ?? "";
      return field === "*" || field.split(",").every((part) => isRange(part, least, most));
    })
  );
}

function isRange(part: string, least: number, most: number): boolean {
  if (!/^\d{1,2}(-\d{1,2})?$/.test(part)) return false;
  const [from = NaN, to = from] = part.split("-").map(Number);
  return least <= from && from <= to && to <= most;
}
