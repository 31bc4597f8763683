import type { PyramidPlan } from '@singan/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TrainingMeter } from './training-meter.ts';

const PLAN: PyramidPlan = {
  scaleFactor: 4 / 3,
  levels: [
    { width: 16, height: 16, channels: 4, iterations: 10 },
    { width: 32, height: 32, channels: 4, iterations: 10 },
  ],
};
const STEPS = { discriminatorSteps: 3, generatorSteps: 3 };

function meter(): { meter: TrainingMeter; advance(ms: number): void } {
  let nowMs = 0;
  return {
    meter: new TrainingMeter(PLAN, STEPS, () => nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

test('the fraction is weighted by cost: half of the iterations is far less than half of the work', () => {
  const { meter: m } = meter();
  m.begin(0, 0);
  const half = m.progress(1, 0, null).fraction;
  expect(half).toBeGreaterThan(0.05);
  expect(half).toBeLessThan(0.25);
  expect(m.progress(1, 10, null).fraction).toBe(1);
});

test('the fraction never falls from one iteration to the next', () => {
  const { meter: m } = meter();
  const steps = PLAN.levels.flatMap((level, scale) =>
    Array.from({ length: level.iterations }, (_, i) => [scale, i + 1] as const),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: steps.length - 1 }), (n) => {
      const before = steps[n - 1] ?? ([0, 0] as const);
      const after = steps[n] ?? ([0, 0] as const);
      expect(m.progress(...after, null).fraction).toBeGreaterThan(m.progress(...before, null).fraction);
    }),
  );
});

test('the time left follows from the speed since the beginning, also of a resumed training', () => {
  const { meter: m, advance } = meter();
  m.begin(1, 5);
  expect(m.progress(1, 5, null).etaSeconds).toBeNull();
  advance(2000);
  expect(m.progress(1, 7, null).etaSeconds).toBeCloseTo(3);
  expect(m.progress(1, 10, null).etaSeconds).toBe(0);
});
