import { expect, test } from 'vitest';
import { preferredWaitMs } from './prefer-wait.ts';

test.each([
  [undefined, 0],
  ['wait=5', 5000],
  ['WAIT=5', 5000],
  ['wait="7"', 7000],
  ['respond-async, wait=10', 10_000],
  [['respond-async', 'wait=3'], 3000],
  ['wait=3600', 60_000],
  ['wait=-1', 0],
  ['wait=soon', 0],
  ['await=5', 0],
])('Prefer %j waits %d ms', (header, expected) => {
  expect(preferredWaitMs(header)).toBe(expected);
});
