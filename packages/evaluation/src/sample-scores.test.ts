import { expect, test } from 'vitest';
import { sampleScores } from './sample-scores.ts';

test('scores keep their order beside their mean, median and standard deviation', () => {
  expect(sampleScores([4, 0, 2, 10])).toEqual({ mean: 4, median: 3, std: Math.sqrt(14), values: [4, 0, 2, 10] });
  expect(sampleScores([7, 1, 4])).toMatchObject({ mean: 4, median: 4 });
  expect(sampleScores([5])).toEqual({ mean: 5, median: 5, std: 0, values: [5] });
});
