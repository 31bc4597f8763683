import type { SampleScores } from '@singan/contracts';

/** Mean, median and standard deviation (of the population) of a score over the samples. At least one value. */
export function sampleScores(values: readonly number[]): SampleScores {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const mean = meanOf(values);
  return {
    mean,
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    std: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))),
    values: [...values],
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
