/** How a measurement scattered. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
}

/**
 * Calls `once` with 1, 2, ...: twice unmeasured, to warm up, then `count` times measured. Resolves to the seconds of each.
 * @param between runs after each, unmeasured
 */
export async function measure(
  once: (run: number) => Promise<unknown>,
  count: number,
  between: () => Promise<void> = async () => undefined,
): Promise<number[]> {
  const warmUps = 2;
  const seconds: number[] = [];
  for (let run = 1; run <= warmUps + count; run += 1) {
    const start = performance.now();
    await once(run);
    if (run > warmUps) seconds.push((performance.now() - start) / 1000);
    await between();
  }
  return seconds;
}
