import { trainingEstimateSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkMemory,
  estimateTraining,
  generatorFlops,
  iterationFlops,
  peakTrainingBytes,
  planPyramid,
  resolveTrainingConfig,
} from './index.ts';

const paper = resolveTrainingConfig({ preset: 'paper' }, () => 1);
const GIB = 2 ** 30;

describe('the estimate of a training', () => {
  it('adds up all iterations of all scales and the random pictures of the coarser scales', () => {
    const plan = planPyramid({ width: 64, height: 48 }, { ...paper, iterations: 10, finestIterations: 10 });
    const perRound = plan.levels.map((level, scale) => {
      const coarser = plan.levels.slice(0, scale).reduce((sum, one) => sum + generatorFlops(one), 0);
      return iterationFlops(level) + 3 * coarser;
    });
    const estimate = trainingEstimateSchema.parse(estimateTraining(plan, paper, 20));
    expect(estimate.gigaFlops).toBeCloseTo((10 * perRound.reduce((sum, flops) => sum + flops, 0)) / 1e9, 6);
    expect(estimate.seconds).toBeCloseTo(estimate.gigaFlops / 20, 9);
  });

  it('needs no less memory for a larger maxSize', () => {
    const size = fc.integer({ min: 40, max: 1024 });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const need = (maxSize: number) =>
          peakTrainingBytes(planPyramid({ width: 1200, height: 1000 }, { ...paper, maxSize }), paper);
        expect(need(Math.min(a, b))).toBeLessThanOrEqual(need(Math.max(a, b)));
      }),
    );
  });
});

describe('the memory limit', () => {
  const source = { width: 3000, height: 2000 };
  const errorAt = (limit: number, config = { ...paper, maxSize: 1024 }): AppError => {
    try {
      checkMemory(source, config, limit);
    } catch (error) {
      return error as AppError;
    }
    throw new Error('the plan was accepted');
  };

  it('lets a plan pass that needs exactly the limit', () => {
    const need = peakTrainingBytes(planPyramid(source, paper), paper);
    expect(() => checkMemory(source, paper, need)).not.toThrow();
    expect(() => checkMemory(source, paper, need - 1)).toThrow(AppError);
  });

  it('names the largest maxSize that fits', () => {
    const error = errorAt(2 * GIB);
    expect(error.code).toBe('plan.too_much_memory');
    expect(error.message).toContain('the limit is 2048 MiB');
    const maxSize = Number(/largest maxSize that fits is (\d+)/.exec(error.message)?.[1]);
    expect(() => checkMemory(source, { ...paper, maxSize }, 2 * GIB)).not.toThrow();
    expect(() => checkMemory(source, { ...paper, maxSize: maxSize + 1 }, 2 * GIB)).toThrow(AppError);
  });

  it('says so when no maxSize fits', () => {
    expect(errorAt(2 ** 20).message).toContain('no maxSize fits with minSize 25');
  });
});
