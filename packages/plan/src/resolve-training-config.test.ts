import { PRESETS, PURPOSES, trainingConfigSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRESET, PRESET_VALUES, resolveTrainingConfig } from './index.ts';

const seed = () => 7;

describe('the configuration of a training', () => {
  it.each(PRESETS)('is valid and unchanged from the preset %s when nothing is overridden', (preset) => {
    const config = resolveTrainingConfig({ preset }, seed);
    expect(trainingConfigSchema.parse(config)).toEqual(config);
    expect(config).toEqual({ ...PRESET_VALUES[preset], preset, seed: 7 });
  });

  it('takes the default preset when none is named', () => {
    expect(resolveTrainingConfig({}, seed).preset).toBe(DEFAULT_PRESET);
  });

  it('draws a seed only when none is given, and keeps seed 0', () => {
    const refuse = () => {
      throw new Error('a seed was drawn');
    };
    expect(resolveTrainingConfig({ seed: 0 }, refuse).seed).toBe(0);
  });

  it('trains the finest scale as long as the coarsest when only iterations is overridden', () => {
    expect(resolveTrainingConfig({ preset: 'quick', iterations: 30 }, seed)).toMatchObject({
      iterations: 30,
      finestIterations: 30,
    });
    expect(resolveTrainingConfig({ preset: 'quick', finestIterations: 9 }, seed)).toMatchObject({
      iterations: PRESET_VALUES.quick.iterations,
      finestIterations: 9,
    });
    expect(resolveTrainingConfig({ iterations: 30, finestIterations: 10 }, seed)).toMatchObject({
      iterations: 30,
      finestIterations: 10,
    });
  });

  it('raises maxChannels to an overridden baseChannels', () => {
    expect(resolveTrainingConfig({ preset: 'quick', baseChannels: 64 }, seed)).toMatchObject({
      baseChannels: 64,
      maxChannels: 64,
    });
  });

  it('fills in a partial pyramid and ignores explicit undefined', () => {
    const config = resolveTrainingConfig({ maxSize: undefined, pyramid: { scaleCount: 5, rule: undefined } }, seed);
    expect(config.pyramid).toEqual({ rule: 'paper', scaleCount: 5 });
    expect(config.maxSize).toBe(PRESET_VALUES[DEFAULT_PRESET].maxSize);
  });

  it('applies what a purpose implies to any preset', () => {
    for (const preset of PRESETS) {
      const general = resolveTrainingConfig({ preset }, seed);
      expect(general).toMatchObject({ purpose: 'general', padding: 'zero', reconstructionWeight: 10 });
      expect(general).not.toHaveProperty('superResolutionFactor');
      const faithful = { reconstructionWeight: 100, reconstructionNoise: 'fixed' } as const;
      const animation = { purpose: 'animation', padding: 'noise', minSize: 20, ...faithful } as const;
      expect(resolveTrainingConfig({ preset, purpose: 'animation' }, seed)).toEqual({ ...general, ...animation });
      expect(resolveTrainingConfig({ preset, purpose: 'super-resolution' }, seed)).toEqual({
        ...general,
        purpose: 'super-resolution',
        ...faithful,
        superResolutionFactor: 4,
        pyramid: { rule: 'paper', scaleFactor: 4 ** (1 / 6) },
      });
    }
  });

  it('lets the caller override what a purpose implies', () => {
    const own = { padding: 'zero', minSize: 32, reconstructionWeight: 7 } as const;
    expect(resolveTrainingConfig({ purpose: 'animation', ...own }, seed)).toMatchObject(own);
    const purpose = 'super-resolution';
    expect(resolveTrainingConfig({ purpose, superResolutionFactor: 3 }, seed).pyramid.scaleFactor).toBeCloseTo(
      3 ** (1 / 5),
      12,
    );
    expect(resolveTrainingConfig({ purpose, pyramid: { scaleFactor: 1.5 } }, seed).pyramid.scaleFactor).toBe(1.5);
    expect(resolveTrainingConfig({ purpose, pyramid: { scaleCount: 5 } }, seed).pyramid).toEqual({
      rule: 'paper',
      scaleCount: 5,
    });
  });

  it('keeps a configuration that was resolved before, so that a training can be repeated', () => {
    for (const purpose of PURPOSES) {
      const config = resolveTrainingConfig({ purpose }, seed);
      expect(trainingConfigSchema.parse(config)).toEqual(config);
      expect(resolveTrainingConfig(config, () => 8)).toEqual(config);
    }
  });

  it('refuses a super-resolution factor for another purpose', () => {
    const attempt = () => resolveTrainingConfig({ purpose: 'animation', superResolutionFactor: 2 }, seed);
    expect(attempt).toThrow(/needs purpose super-resolution, got purpose animation/);
  });

  it('reports all contradictions at once', () => {
    const attempt = () =>
      resolveTrainingConfig(
        { maxSize: 64, minSize: 100, baseChannels: 64, maxChannels: 32, pyramid: { scaleCount: 4, scaleFactor: 1.3 } },
        seed,
      );
    expect(attempt).toThrow(AppError);
    try {
      attempt();
    } catch (error) {
      const { code, errors } = error as AppError;
      expect(code).toBe('request.field_invalid');
      expect(errors.map(({ pointer }) => pointer)).toEqual(['/minSize', '/baseChannels', '/pyramid/scaleFactor']);
    }
  });
});
