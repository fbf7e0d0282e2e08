/** Rows under their headings, each column as wide as its widest cell; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], heading: boolean): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const isNumber = heading
          ? rows.some((row) => numeric(row[column])) &&
            rows.every((row) => !row[column] || numeric(row[column]))
          : numeric(cell);
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [line(headings, true), ...rows.map((row) => line(row, false))];
}

function numeric(cell: string | undefined): boolean {
  return cell !== undefined && /^[\d.]+( (%|ms|s))?$/.test(cell);
}
