import type { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPyramid, planSample, resolveTrainingConfig, type SampleRequest } from './index.ts';

const config = resolveTrainingConfig({ preset: 'paper' }, () => 1);
const plan = planPyramid({ width: 250, height: 188 }, config);
const limits = { maxPixels: 4_000_000 };

function codeOf(request: SampleRequest, maxPixels = limits.maxPixels): string {
  try {
    planSample(plan, request, { maxPixels });
  } catch (error) {
    return (error as AppError).code;
  }
  return 'accepted';
}

describe('the sizes of a sample', () => {
  const trained = plan.levels.map(({ width, height }) => ({ width, height }));

  it('are those of the training by default', () => {
    expect(planSample(plan, {}, limits)).toEqual(trained);
    expect(planSample(plan, { width: 250, height: 188, startScale: 7 }, limits)).toEqual(trained);
  });

  it('are stretched at every scale', () => {
    expect(planSample(plan, { scaleX: 2 }, limits)).toEqual(
      trained.map(({ width, height }) => ({ width: width * 2, height })),
    );
    expect(planSample(plan, { scaleY: 0.5 }, limits)).toEqual(
      trained.map(({ width, height }) => ({ width, height: Math.round(height / 2) })),
    );
  });

  it('end at exactly the size that was asked for', () => {
    const side = fc.integer({ min: 16, max: 1500 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const sizes = planSample(plan, { width, height }, limits);
        expect(sizes).toHaveLength(plan.levels.length);
        expect(sizes.at(-1)).toEqual({ width, height });
        expect(sizes.every((size) => size.width >= 1 && size.height >= 1)).toBe(true);
      }),
    );
  });

  it('let one side be a number of pixels and the other a multiple', () => {
    expect(planSample(plan, { width: 500, scaleY: 2 }, limits).at(-1)).toEqual({ width: 500, height: 376 });
  });
});

describe('a sample that cannot be made', () => {
  it.each([-1, 8, 0.5, Number.NaN])('is refused for startScale %s', (startScale) => {
    expect(codeOf({ startScale })).toBe('sample.start_scale');
  });

  it('is refused when a side is given twice', () => {
    expect(codeOf({ width: 100, scaleX: 2 })).toBe('request.field_invalid');
    expect(codeOf({ height: 100, scaleY: 2 })).toBe('request.field_invalid');
  });

  it('is refused over the limit of pixels, and the size named instead is accepted', () => {
    const side = fc.integer({ min: 16, max: 16_384 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1000, max: 100_000 }), (width, height, maxPixels) => {
        fc.pre(width * height > maxPixels);
        expect(codeOf({ width, height }, maxPixels)).toBe('sample.too_large');
        expect(() => planSample(plan, { width, height }, { maxPixels })).toThrow(/largest of this shape is \d+x\d+/);
        try {
          planSample(plan, { width, height }, { maxPixels });
        } catch (error) {
          const [, w, h] = /shape is (\d+)x(\d+)/.exec((error as AppError).message) ?? [];
          expect(codeOf({ width: Number(w), height: Number(h) }, maxPixels)).toBe('accepted');
        }
      }),
    );
  });
});
