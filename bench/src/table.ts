/** Two rows of text: the headings and the values, columns aligned. */
export function table(values: Record<string, string | number>): string {
  const columns = Object.entries(values).map(
    ([heading, value]) => [heading, typeof value === 'number' ? round(value) : value] as const,
  );
  const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
  const row = (index: 0 | 1) => columns.map((column, at) => column[index].padStart(widths[at] ?? 0)).join('  ');
  return `${row(0)}\n${row(1)}`;
}

/** Four significant digits: what a noisy machine can be trusted with, and more. */
function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
