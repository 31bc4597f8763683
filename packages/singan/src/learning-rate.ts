const DROP_FACTOR = 0.1;

/**
 * Learning rate of an iteration: a tenth from 80 % of the iterations on (from the 1601st of 2000).
 * @param iteration counts from 0
 */
export function learningRateAt(iteration: number, o: { iterations: number; learningRate: number }): number {
  // In integers: 0.8 times a number need not be the number it should be.
  const isDropped = 5 * iteration >= 4 * o.iterations;
  return isDropped ? o.learningRate * DROP_FACTOR : o.learningRate;
}
