import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTEMPT_DELAYS_MS, nextAttemptDelay } from './retry-schedule.ts';

test('the first attempt is made at once, and the schedule follows in the middle of its jitter', () => {
  const delays = ATTEMPT_DELAYS_MS.map((_, attempts) => nextAttemptDelay(attempts, () => 0.5));
  expect(delays.map((delay) => (delay ?? Number.NaN) / 1000)).toEqual([
    0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]);
});

test('after ten attempts there is no other', () => {
  expect(nextAttemptDelay(9, () => 0)).not.toBeNull();
  expect(nextAttemptDelay(10, () => 0)).toBeNull();
  expect(nextAttemptDelay(400, () => 0)).toBeNull();
});

test('the jitter stays within a fifth of the delay, and uses all of it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, draw) => {
        const planned = ATTEMPT_DELAYS_MS[attempts] ?? Number.NaN;
        const delay = nextAttemptDelay(attempts, () => draw) ?? Number.NaN;
        expect(Math.abs(delay - planned)).toBeLessThanOrEqual(planned * 0.2 + 0.5);
      },
    ),
  );
  expect(nextAttemptDelay(1, () => 0)).toBe(4000);
  expect(nextAttemptDelay(1, () => 0.999_999)).toBe(6000);
});
