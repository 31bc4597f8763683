/** Text of a heading row and a row for each of the values, columns aligned. All rows have the columns of the first. */
export function table(rows: readonly Record<string, string | number>[]): string {
  const headings = Object.keys(rows[0] ?? {});
  const cells = [headings, ...rows.map((row) => headings.map((heading) => show(row[heading] ?? '')))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n');
}

/** Four significant digits: what a noisy machine can be trusted with, and more. */
function show(value: string | number): string {
  return typeof value === 'string' || Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
