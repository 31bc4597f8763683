import { expect, test } from 'vitest';
import { blendStartScale } from './blend-start-scale.ts';

test.each([
  ['sequential', 8, 5],
  ['sequential', 4, 1],
  ['sequential', 2, 1],
  ['concurrent', 8, 2],
  ['concurrent', 6, 2],
  ['concurrent', 3, 2],
  ['concurrent', 2, 1],
] as const)('of a %s model with %i scales a blend starts at %i', (scheme, scaleCount, expected) => {
  expect(blendStartScale({ scheme, scaleCount })).toBe(expected);
});
