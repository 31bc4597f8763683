import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LossCurve, MAX_CURVE_POINTS } from './loss-curve.ts';

function point(iteration: number) {
  const zero = { discriminatorReal: 0, discriminatorFake: 0, gradientPenalty: 0, generatorAdversarial: 0 };
  return { iteration, reconstruction: 1 / iteration, ...zero };
}

test('a curve has at most 200 points, in order, ends with the last iteration, and is the same when the scale was interrupted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (iterations, share) => {
        const whole = new LossCurve(iterations);
        for (let i = 1; i <= iterations; i++) whole.add(point(i));
        const stop = Math.floor(iterations * share);
        const first = new LossCurve(iterations);
        for (let i = 1; i <= stop; i++) first.add(point(i));
        const second = new LossCurve(iterations, structuredClone(first.points));
        for (let i = stop + 1; i <= iterations; i++) second.add(point(i));
        expect(second.points).toEqual(whole.points);
        expect(whole.points.length).toBeLessThanOrEqual(MAX_CURVE_POINTS);
        expect(whole.points.at(-1)?.iteration).toBe(iterations);
      },
    ),
    { numRuns: 30 },
  );
});
