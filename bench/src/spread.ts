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

export interface MeasureOptions {
  /** Measured runs. */
  readonly count: number;
  /** Own running time before the measuring begins: small sizes need it until their JavaScript is compiled. */
  readonly warmUpSeconds?: number;
  /** Runs after each run, unmeasured. */
  readonly between?: () => Promise<void>;
}

/** Calls `once` with 1, 2, ...: at least twice unmeasured, to warm up, then the measured runs. Resolves to the seconds of those. */
export async function measure(
  once: (run: number) => Promise<unknown>,
  { count, warmUpSeconds = 2, between = async () => undefined }: MeasureOptions,
): Promise<number[]> {
  const seconds: number[] = [];
  const run = async () => {
    const start = performance.now();
    await once(seconds.length + 1);
    seconds.push((performance.now() - start) / 1000);
    await between();
  };
  while (seconds.length < 2 || sumOf(seconds) < warmUpSeconds) await run();
  const warmUps = seconds.length;
  while (seconds.length < warmUps + count) await run();
  return seconds.slice(warmUps);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
