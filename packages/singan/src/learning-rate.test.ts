import { expect, it } from 'vitest';
import { learningRateAt } from './learning-rate.ts';

it.each([
  [2000, 1599, 1600],
  [5, 3, 4],
  [35, 27, 28],
  [3, 2, 3],
])(
  'of %i iterations keeps the learning rate through number %i and drops it to a tenth from number %i',
  (iterations, last, first) => {
    const o = { iterations, learningRate: 5e-4 };
    expect(learningRateAt(last, o)).toBe(5e-4);
    expect(learningRateAt(first, o)).toBeCloseTo(5e-5, 12);
  },
);

it('is a tenth throughout when there is one iteration only past 80 %', () => {
  expect(learningRateAt(0, { iterations: 1, learningRate: 1 })).toBe(1);
});
