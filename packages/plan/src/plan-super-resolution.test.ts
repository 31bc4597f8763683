import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSuperResolution, superResolutionSteps } from './index.ts';

const limits = { maxPixels: 4_000_000 };
const factors = fc.double({ min: 1.0001, max: 8, noNaN: true });

function messageOf(factor: number, maxPixels = limits.maxPixels): string {
  try {
    planSuperResolution({ width: 250, height: 167 }, factor, { maxPixels });
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('the steps of a super-resolution', () => {
  it('are as near to three per doubling as can be', () => {
    expect(superResolutionSteps(4)).toEqual({ count: 6, ratio: 4 ** (1 / 6) });
    expect(superResolutionSteps(8).count).toBe(9);
    expect(superResolutionSteps(1.5).count).toBe(2);
    expect(superResolutionSteps(1.05)).toEqual({ count: 1, ratio: 1.05 });
  });

  it('make up the factor together, each between the sixth and the square root of two', () => {
    fc.assert(
      fc.property(factors, (factor) => {
        const { count, ratio } = superResolutionSteps(factor);
        expect(ratio ** count).toBeCloseTo(factor, 9);
        expect(ratio).toBeLessThanOrEqual(Math.SQRT2 + 1e-9);
        if (factor >= 2 ** (1 / 6)) expect(ratio).toBeGreaterThanOrEqual(2 ** (1 / 6) - 1e-9);
      }),
    );
  });

  it('end at exactly the size that was asked for, and never shrink', () => {
    const side = fc.integer({ min: 16, max: 200 });
    fc.assert(
      fc.property(side, side, factors, (width, height, factor) => {
        const sizes = planSuperResolution({ width, height }, factor, limits);
        expect(sizes).toHaveLength(superResolutionSteps(factor).count);
        const last = sizes.at(-1) ?? { width: 0, height: 0 };
        expect(Math.abs(last.width - width * factor)).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(Math.abs(last.height - height * factor)).toBeLessThanOrEqual(0.5 + 1e-6);
        for (const [step, size] of sizes.entries()) {
          const before = sizes[step - 1] ?? { width, height };
          expect(size.width >= before.width && size.height >= before.height).toBe(true);
        }
      }),
    );
  });

  it('are exact multiples for whole factors, and round halves up', () => {
    expect(planSuperResolution({ width: 25, height: 18 }, 2, limits).at(-1)).toEqual({ width: 50, height: 36 });
    expect(planSuperResolution({ width: 25, height: 18 }, 1.5, limits).at(-1)).toEqual({ width: 38, height: 27 });
  });

  it.each([1, 0, -2, 8.1, Number.NaN, Number.POSITIVE_INFINITY])('refuse the factor %s', (factor) => {
    expect(messageOf(factor)).toMatch(/request.field_invalid: factor: expected a number above 1 and at most 8/);
  });

  it('refuse more pixels than allowed, and the factor named instead is accepted', () => {
    fc.assert(
      fc.property(factors, fc.integer({ min: 45_000, max: 500_000 }), (factor, maxPixels) => {
        const message = messageOf(factor, maxPixels);
        fc.pre(message !== 'accepted');
        const [, fitting] = /^sample.too_large: .*largest factor that fits is ([\d.]+)\.$/.exec(message) ?? [];
        expect(messageOf(Number(fitting), maxPixels)).toBe('accepted');
        expect(Number(fitting)).toBeLessThan(factor);
      }),
    );
    expect(messageOf(2, 1000)).toMatch(/no factor above 1 fits/);
  });
});
