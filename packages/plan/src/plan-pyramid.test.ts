import type { PyramidPlan } from '@singan/contracts';
import { pyramidPlanSchema } from '@singan/contracts';
import { AppError, type Size } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPyramid, resolveTrainingConfig, workingSize } from './index.ts';

const paper = resolveTrainingConfig({ preset: 'paper' }, () => 1);
const quick = resolveTrainingConfig({ preset: 'quick' }, () => 1);

function sizesOf(plan: PyramidPlan): string[] {
  return plan.levels.map((level) => `${level.width}x${level.height}`);
}

function errorOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected an AppError, nothing was thrown');
}

/** Pictures that both presets can train: at least 60 px, and no narrower than 1:2.5. */
const trainableSize = fc
  .tuple(fc.integer({ min: 70, max: 3000 }), fc.double({ min: 0.4, max: 1, noNaN: true }), fc.boolean())
  .map(([longer, ratio, isTall]): Size => {
    const shorter = Math.ceil(longer * ratio);
    return isTall ? { width: shorter, height: longer } : { width: longer, height: shorter };
  });

describe('a pyramid by the rule of the paper', () => {
  it('has the sizes and channels worked out by hand for the usual 250x188 picture', () => {
    const plan = planPyramid({ width: 250, height: 188 }, paper);
    expect(sizesOf(plan)).toEqual(['33x25', '44x33', '59x44', '79x59', '105x79', '140x106', '187x141', '250x188']);
    expect(plan.levels.map((level) => level.channels)).toEqual([32, 32, 32, 32, 64, 64, 64, 64]);
    expect(plan.scaleFactor).toBeCloseTo((188 / 25) ** (1 / 7), 12);
  });

  it('begins at minSize, ends at the working size, and never shrinks on the way', () => {
    fc.assert(
      fc.property(trainableSize, fc.constantFrom(paper, quick), (size, config) => {
        const plan = pyramidPlanSchema.parse(planPyramid(size, config));
        const [coarsest, finest] = [plan.levels[0], plan.levels.at(-1)];
        expect(Math.min(coarsest?.width ?? 0, coarsest?.height ?? 0)).toBe(config.minSize);
        expect(finest).toMatchObject(workingSize(size, config));
        for (const [scale, level] of plan.levels.slice(1).entries()) {
          const coarser = plan.levels[scale];
          expect(level.width).toBeGreaterThanOrEqual(coarser?.width ?? 0);
          expect(level.height).toBeGreaterThanOrEqual(coarser?.height ?? 0);
          expect(level.channels).toBeGreaterThanOrEqual(coarser?.channels ?? 0);
        }
      }),
    );
  });

  it('has the factor that is closest to 4/3 in its logarithm', () => {
    const distance = (factor: number): number => Math.abs(Math.log(factor) - Math.log(4 / 3));
    fc.assert(
      fc.property(trainableSize, (size) => {
        const { scaleFactor, levels } = planPyramid(size, paper);
        const whole = scaleFactor ** (levels.length - 1);
        // 1 / (S - 1) per step: the count is rounded, so that the whole ratio is at most half a step away.
        expect(Math.abs(Math.log(whole) / Math.log(4 / 3) - (levels.length - 1))).toBeLessThanOrEqual(
          levels.length === 2 ? 1 : 0.5 + 1e-9,
        );
        if (levels.length > 4) expect(distance(scaleFactor)).toBeLessThan(0.05);
      }),
    );
  });

  it('plans the working picture as it plans the source', () => {
    fc.assert(
      fc.property(trainableSize, (size) => {
        expect(planPyramid(workingSize(size, paper), paper)).toEqual(planPyramid(size, paper));
      }),
    );
  });

  it('turns with the picture', () => {
    fc.assert(
      fc.property(trainableSize, ({ width, height }) => {
        const turned = planPyramid({ width: height, height: width }, paper);
        const turnedBack = turned.levels.map((level) => ({ ...level, width: level.height, height: level.width }));
        expect(turnedBack).toEqual(planPyramid({ width, height }, paper).levels);
      }),
    );
  });

  it('makes two equal scales of a picture that has exactly minSize', () => {
    const plan = planPyramid({ width: 25, height: 25 }, paper);
    expect(sizesOf(plan)).toEqual(['25x25', '25x25']);
    expect(pyramidPlanSchema.parse(plan).scaleFactor).toBe(1);
  });

  it('lets a given scaleCount and a given scaleFactor decide', () => {
    const size = { width: 200, height: 200 };
    const counted = planPyramid(size, { ...paper, pyramid: { rule: 'paper', scaleCount: 4 } });
    expect(sizesOf(counted)).toEqual(['25x25', '50x50', '100x100', '200x200']);
    expect(counted.scaleFactor).toBeCloseTo(2, 12);
    const stepped = planPyramid(size, { ...paper, pyramid: { rule: 'paper', scaleFactor: 2 } });
    expect(stepped).toEqual(counted);
  });

  it('spreads the iterations geometrically from the coarsest to the finest scale', () => {
    const plan = planPyramid(
      { width: 200, height: 200 },
      {
        ...paper,
        iterations: 800,
        finestIterations: 100,
        pyramid: { rule: 'paper', scaleCount: 4 },
      },
    );
    expect(plan.levels.map((level) => level.iterations)).toEqual([800, 400, 200, 100]);
  });

  it('doubles the channels every fourth scale up to the limit', () => {
    const plan = planPyramid({ width: 1024, height: 1024 }, { ...paper, maxSize: 1024 });
    expect(plan.levels.map((level) => level.channels)).toEqual([
      32, 32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 128, 128, 128,
    ]);
  });
});

describe('a picture that cannot be planned', () => {
  it('is refused below minSize, with both ways out', () => {
    const error = errorOf(() => planPyramid({ width: 40, height: 20 }, paper));
    expect(error.code).toBe('image.too_small');
    expect(error.message).toContain('at least minSize = 25 px, got 40x20 px');
    expect(error.message).toContain('set minSize to 20 or less');
  });

  it('is refused when shrinking makes it too small, with the maxSize that would do', () => {
    const size = { width: 1500, height: 120 };
    const error = errorOf(() => planPyramid(size, paper));
    expect(error.code).toBe('image.too_small');
    expect(error.message).toContain('shrinks to 250x20 px');
    const needed = Number(/set maxSize to (\d+)/.exec(error.message)?.[1]);
    expect(planPyramid(size, { ...paper, maxSize: needed }).levels[0]?.height).toBe(25);
    expect(errorOf(() => planPyramid(size, { ...paper, maxSize: 300 })).code).toBe('image.too_small');
  });

  it('does not propose a maxSize that the configuration would refuse', () => {
    const error = errorOf(() => planPyramid({ width: 4000, height: 260 }, { ...paper, minSize: 100 }));
    expect(error.message).not.toContain('maxSize to');
    expect(error.message).toContain('set minSize to 16 or less');
  });

  it('is refused when narrower than 1:16, with the length that would do', () => {
    const error = errorOf(() => planPyramid({ width: 60, height: 961 }, paper));
    expect(error.code).toBe('image.aspect_ratio');
    expect(error.message).toContain('crop the longer side to at most 960 px');
  });

  it('is refused when scaleCount leaves neighbouring scales equal, with the count that fits', () => {
    const size = { width: 30, height: 30 };
    const planned = (scaleCount: number) => planPyramid(size, { ...paper, pyramid: { rule: 'paper', scaleCount } });
    const error = errorOf(() => planned(9));
    expect(error.code).toBe('plan.invalid');
    expect(error.message).toContain('at most 6 fit');
    expect(sizesOf(planned(6))).toEqual(['25x25', '26x26', '27x27', '28x28', '29x29', '30x30']);
    expect(errorOf(() => planned(7)).code).toBe('plan.invalid');
  });

  it('is refused when scaleFactor would make too many scales', () => {
    const config = { ...paper, maxSize: 1024, minSize: 16, pyramid: { rule: 'paper', scaleFactor: 1.1 } } as const;
    const error = errorOf(() => planPyramid({ width: 1024, height: 1024 }, config));
    expect(error.code).toBe('plan.invalid');
    expect(error.message).toContain('45 scales');
  });
});
