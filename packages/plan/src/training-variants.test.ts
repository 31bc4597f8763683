import {
  LATER_FIELDS,
  LOSSES,
  type TrainingConfigInput,
  trainingConfigInputSchema,
  trainingConfigSchema,
} from '@singan/contracts';
import { AppError } from '@singan/domain';
import { describe, expect, it } from 'vitest';
import {
  estimateTraining,
  hasDiscriminator,
  iterationFlops,
  ONE_PIECE_PIXELS,
  peakTrainingBytes,
  planPyramid,
  resolveTrainingConfig,
  samplePixelLimit,
} from './index.ts';
import { picturesPerIteration } from './iteration-flops.ts';

const resolve = (input: TrainingConfigInput = {}) => resolveTrainingConfig(input, () => 1);
const WITHOUT = LOSSES.filter((loss) => !hasDiscriminator(loss));

function faultsOf(input: TrainingConfigInput): readonly { pointer: string; detail: string }[] {
  try {
    resolve(input);
  } catch (error) {
    if (error instanceof AppError && error.code === 'request.field_invalid') return error.errors;
    throw error;
  }
  return [];
}

describe('the variants of a training', () => {
  it('are the paper’s unless something else is asked for', () => {
    expect(resolve({ preset: 'paper' })).toMatchObject({ padding: 'zero', ...LATER_FIELDS });
    expect(resolve()).toMatchObject({ padding: 'zero', ...LATER_FIELDS, reconstructionNoise: 'redrawn' });
  });

  it('are filled in for a configuration that was stored before they were there, and in no request', () => {
    const { normalization, activation, loss, scheme, reconstructionNoise, ...before } = resolve({ preset: 'paper' });
    expect({ normalization, activation, loss, scheme, reconstructionNoise }).toEqual(LATER_FIELDS);
    expect(trainingConfigSchema.parse(before)).toEqual({ ...before, ...LATER_FIELDS });
    expect(trainingConfigInputSchema.parse({})).toEqual({});
  });

  it.each(WITHOUT)(
    'take no steps and no penalty of a discriminator with loss %s, also when they are resolved again',
    (loss) => {
      const config = resolve({ loss });
      expect(config).toMatchObject({
        loss,
        discriminatorSteps: 0,
        gradientPenaltyWeight: 0,
        reconstructionNoise: 'fixed',
      });
      expect(resolve(config)).toEqual(config);
      expect(faultsOf({ loss, discriminatorSteps: 3, gradientPenaltyWeight: 0.1 })).toEqual([
        {
          pointer: '/discriminatorSteps',
          detail: `loss ${loss} trains no discriminator: expected discriminatorSteps to be left out or 0, got 3.`,
        },
        {
          pointer: '/gradientPenaltyWeight',
          detail: `loss ${loss} trains no discriminator: expected gradientPenaltyWeight to be left out or 0, got 0.1.`,
        },
      ]);
    },
  );

  it.each(['super-resolution', 'animation'] as const)('fix z* for %s, unless told otherwise', (purpose) => {
    expect(resolve({ purpose })).toMatchObject({ reconstructionWeight: 100, reconstructionNoise: 'fixed' });
    expect(resolve({ purpose, reconstructionNoise: 'redrawn' }).reconstructionNoise).toBe('redrawn');
  });

  it('refuse a discriminator without steps, and instance norm for pictures that need tiles', () => {
    expect(faultsOf({ discriminatorSteps: 0 })).toMatchObject([{ pointer: '/discriminatorSteps' }]);
    expect(faultsOf({ purpose: 'super-resolution', normalization: 'instance' })).toMatchObject([
      { pointer: '/normalization', detail: expect.stringMatching(/use batch or none/) },
    ]);
    expect(trainingConfigInputSchema.safeParse({ loss: 'hinge' }).success).toBe(false);
    expect(trainingConfigInputSchema.safeParse({ activation: 'gelu', normalization: 'layer' }).success).toBe(false);
  });

  it('limit samples with instance norm to one piece', () => {
    expect(samplePixelLimit(resolve({ normalization: 'instance' }), 4_000_000)).toBe(ONE_PIECE_PIXELS);
    expect(samplePixelLimit(resolve({ normalization: 'instance' }), 1000)).toBe(1000);
    expect(samplePixelLimit(resolve({ normalization: 'none' }), 4_000_000)).toBe(4_000_000);
  });
});

describe('the estimate of a variant', () => {
  const level = { width: 60, height: 50, channels: 32, iterations: 1 };
  const source = { width: 250, height: 188 };
  const flopsOf = (loss: (typeof LOSSES)[number], at = level) => iterationFlops(at, resolve({ loss }));

  it('has no steps of a discriminator where there is none, and one picture of the coarser scales', () => {
    // Fake and reconstruction, each forward, dX but not below the head, and dW: 6 passes of G's middle and tail, 4 of its head.
    const pass = (inputs: number, outputs: number, layer: number) =>
      18 * inputs * outputs * (70 - 2 * layer) * (60 - 2 * layer);
    const step = 4 * pass(3, 32, 1) + 6 * (pass(32, 32, 2) + pass(32, 32, 3) + pass(32, 32, 4) + pass(32, 3, 5));
    expect(flopsOf('aligned-patch')).toBe(3 * step);
    expect(picturesPerIteration(resolve({ loss: 'aligned-patch' }))).toBe(1);
    expect(picturesPerIteration(resolve())).toBe(3);
    for (const loss of WITHOUT) expect(flopsOf(loss)).toBeLessThan(flopsOf('wgan-gp'));
  });

  it('grows with the square of the pixels for the nearest patch alone', () => {
    const large = { ...level, width: 600, height: 500 };
    const growth = (loss: (typeof LOSSES)[number]) => flopsOf(loss, large) / flopsOf(loss);
    expect(growth('nearest-patch')).toBeGreaterThan(1000);
    expect(growth('frechet-patch')).toBeLessThan(100);
    const own = flopsOf('nearest-patch') - flopsOf('aligned-patch');
    expect(own).toBe((3 * 2 * 432 * (50 * 40) ** 2) / 16);
  });

  it('needs more memory for an ELU, less without a discriminator, and the patches of the picture for the nearest', () => {
    const needOf = (input: TrainingConfigInput) => {
      const config = resolve(input);
      return peakTrainingBytes(planPyramid(source, config), config);
    };
    expect(needOf({ activation: 'elu' })).toBeGreaterThan(needOf({}));
    expect(needOf({ loss: 'aligned-patch' })).toBeLessThan(needOf({}));
    expect(needOf({ loss: 'nearest-patch' }) - needOf({ loss: 'aligned-patch' })).toBe(240 * 178 * 432 * 4);
    const config = resolve({ loss: 'nearest-patch' });
    expect(estimateTraining(planPyramid(source, config), config, 100).memoryBytes).toBe(
      needOf({ loss: 'nearest-patch' }),
    );
  });
});
