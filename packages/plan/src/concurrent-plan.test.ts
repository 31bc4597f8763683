import { trainingConfigSchema } from '@singan/contracts';
import { AppError } from '@singan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimateTraining,
  levelFlops,
  planPyramid,
  planSample,
  resolveTrainingConfig,
  samplePixelLimit,
} from './index.ts';

const seed = () => 1;
const concurrent = (o: object = {}) => resolveTrainingConfig({ preset: 'paper', scheme: 'concurrent', ...o }, seed);
const sizesOf = (o: object = {}, source = { width: 500, height: 400 }) =>
  planPyramid(source, concurrent(o)).levels.map(({ width, height }) => `${width}x${height}`);

function refusal(input: object): AppError {
  try {
    resolveTrainingConfig({ scheme: 'concurrent', ...input }, seed);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('the plan of the concurrent scheme', () => {
  it('has six stages, dense at the bottom and sparse at the top, from minSize to the working size', () => {
    // r = (200 / 25)^(1/5); exponents 5, (4 / ln 5) ln(4, 3, 2) + 1, 1, 0
    const exponents = [5, (4 / Math.log(5)) * Math.log(4) + 1, (4 / Math.log(5)) * Math.log(3) + 1];
    exponents.push((4 / Math.log(5)) * Math.log(2) + 1, 1, 0);
    const expected = exponents.map((e) => 8 ** (-e / 5)).map((s) => `${Math.round(250 * s)}x${Math.round(200 * s)}`);
    expect(sizesOf()).toEqual(expected);
    expect(expected.at(0)).toBe('31x25');
    expect(expected.at(-1)).toBe('250x200');
  });

  it('has as many stages as asked for, whose first and last do not depend on the count', () => {
    const source = { width: 500, height: 400 };
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), (scaleCount) => {
        const sizes = sizesOf({ pyramid: { scaleCount } }, source);
        expect(sizes).toHaveLength(scaleCount);
        expect([sizes.at(0), sizes.at(-1)]).toEqual(['31x25', '250x200']);
      }),
    );
    expect(() => sizesOf({ minSize: 45, maxSize: 64, pyramid: { scaleCount: 16 } })).toThrow(/at most \d+ fit/);
  });

  it('has one number of channels and of iterations in all stages, unless told otherwise', () => {
    for (const { channels, iterations } of planPyramid({ width: 300, height: 300 }, concurrent()).levels) {
      expect({ channels, iterations }).toEqual({ channels: 64, iterations: 2000 });
    }
    const quick = resolveTrainingConfig({ preset: 'quick', scheme: 'concurrent', baseChannels: 16 }, seed);
    expect(quick).toMatchObject({ baseChannels: 16, maxChannels: 16, iterations: 200, finestIterations: 200 });
    const fast = resolveTrainingConfig({ scheme: 'concurrent' }, seed);
    expect(fast).toMatchObject({ preset: 'fast', iterations: 750, finestIterations: 750 });
    const less = concurrent({ iterations: 100, finestIterations: 25 });
    expect(planPyramid({ width: 300, height: 300 }, less).levels.map(({ iterations }) => iterations)).toEqual([
      100, 76, 57, 44, 33, 25,
    ]);
  });

  it('costs the discriminator at the newest stage and the generator through all of them', () => {
    const plan = planPyramid({ width: 250, height: 250 }, concurrent());
    const per = levelFlops(plan, concurrent());
    expect(per).toEqual(per.toSorted((a, b) => a - b));
    const pass = 2 * 9 * 64 * 64 * 250 * 250;
    // 3 layers x 12 passes x 3 steps of D, 3 x 2 to score, 3 x (3 forward + 4 backward) of the newest stage, and the stages before.
    const own = 3 * 12 * 3 + 6 + 21;
    expect((per.at(-1) as number) / pass).toBeGreaterThan(0.9 * own);
    expect((per.at(-1) as number) / pass).toBeLessThan(1.15 * own);
    const [one, three] = [1, 3].map((concurrentStages) =>
      levelFlops(plan, concurrent({ concurrentStages })).at(-1),
    ) as [number, number];
    expect(three).toBeGreaterThan(one);
    const { gigaFlops, seconds } = estimateTraining(plan, concurrent(), 100);
    expect(gigaFlops * 1e9).toBeCloseTo(
      per.reduce((sum, flops) => sum + 2000 * flops, 0),
      -6,
    );
    expect(seconds).toBeCloseTo(gigaFlops / 100);
  });

  it('limits samples to what their features leave of the memory', () => {
    expect(samplePixelLimit(concurrent(), 4_000_000)).toBe(1_677_721);
    expect(samplePixelLimit(concurrent(), 1000)).toBe(1000);
    expect(samplePixelLimit(concurrent({ baseChannels: 16 }), 4_000_000)).toBe(4_000_000);
    expect(samplePixelLimit({ scheme: 'sequential', baseChannels: 128 }, 4_000_000)).toBe(4_000_000);
    const plan = planPyramid({ width: 250, height: 250 }, concurrent());
    const maxPixels = samplePixelLimit(concurrent(), 4_000_000);
    expect(() => planSample(plan, { width: 2000, height: 1000 }, { maxPixels })).toThrow(/at most 1677721 pixels/);
  });
});

describe('the configuration of the concurrent scheme', () => {
  it('has the defaults of its authors, and those of a purpose but for the padding', () => {
    expect(concurrent()).toMatchObject({
      concurrentStages: 3,
      learningRateScale: 0.1,
      normalization: 'none',
      pyramid: { rule: 'paper', scaleCount: 6 },
    });
    expect(concurrent({ purpose: 'animation' })).toMatchObject({
      padding: 'zero',
      minSize: 20,
      reconstructionWeight: 100,
      normalization: 'none',
    });
    expect(concurrent({ normalization: 'batch', learningRateScale: 0.5 })).toMatchObject({
      normalization: 'batch',
      learningRateScale: 0.5,
    });
    expect(resolveTrainingConfig({ preset: 'fast', scheme: 'concurrent' }, seed).reconstructionNoise).toBe('fixed');
    expect(trainingConfigSchema.safeParse(concurrent()).success).toBe(true);
    expect(resolveTrainingConfig({}, seed)).not.toHaveProperty('concurrentStages');
  });

  it.each([
    [{ purpose: 'super-resolution' }, '/purpose', /only its finest generator/],
    [{ pyramid: { rule: 'reference' } }, '/pyramid/rule', /leave it out/],
    [{ pyramid: { scaleFactor: 1.3 } }, '/pyramid/scaleFactor', /give pyramid.scaleCount/],
    [{ padding: 'noise' }, '/padding', /pads with zeros/],
    [{ normalization: 'instance' }, '/normalization', /knows batch and none/],
    [{ activation: 'relu' }, '/activation', /leakyRelu/],
    [{ loss: 'aligned-patch' }, '/loss', /wgan-gp/],
    [{ reconstructionNoise: 'redrawn' }, '/reconstructionNoise', /of the picture itself/],
    [{ maxChannels: 128 }, '/maxChannels', /leave maxChannels out/],
  ])('refuses %o', (input, pointer, message) => {
    const error = refusal(input);
    expect(error).toMatchObject({ code: 'request.field_invalid', errors: [{ pointer }] });
    expect(error.message).toMatch(message);
  });

  it('refuses its own settings with the sequential scheme', () => {
    for (const field of ['concurrentStages', 'learningRateScale']) {
      const error = refusal({ scheme: 'sequential', [field]: 1 });
      expect(error).toMatchObject({ errors: [{ pointer: `/${field}` }] });
      expect(error.message).toMatch(/needs scheme concurrent/);
    }
  });
});
