import { describe, expect, it } from 'vitest';
import { planPyramid, resolveTrainingConfig } from './index.ts';

/**
 * Plans that the published code makes: source, options, number of scales, sizes and r. Sizes that it rounds up from an integer plus a last-bit
 * error (25.000000000000004 becomes 26) stand here as that integer.
 */
const PLANS = [
  {
    source: [248, 186],
    options: { maxSize: 128 },
    sizes: '34x25 44x33 58x43 75x57 98x74 128x96',
    inverseFactor: 0.7640710679078994,
  },
  {
    source: [585, 366],
    options: {},
    sizes: '40x25 51x32 64x40 80x50 100x63 126x79 158x100 199x125 250x157',
    inverseFactor: 0.7947948503043814,
  },
  {
    source: [572, 380],
    options: { minSize: 20 },
    sizes: '30x20 38x26 48x33 61x41 77x52 98x66 124x83 156x105 198x132 250x167',
    inverseFactor: 0.7899332445576198,
  },
  {
    source: [80, 120],
    options: {},
    sizes: '25x38 31x46 37x56 45x68 55x82 66x99 80x120',
    inverseFactor: 0.8237744862210329,
  },
  {
    source: [100, 100],
    options: { maxSize: 100 },
    sizes: '25x25 32x32 40x40 50x50 63x63 80x80 100x100',
    inverseFactor: 0.7937005259840998,
  },
  {
    source: [512, 512],
    options: { maxSize: 256, minSize: 32, pyramid: { scaleFactor: 1.25 } },
    sizes: '32x32 40x40 49x49 60x60 74x74 91x91 112x112 138x138 169x169 208x208 256x256',
    inverseFactor: 0.8122523963562355,
  },
  { source: [25, 25], options: {}, sizes: '25x25 25x25', inverseFactor: 1 },
  { source: [600, 60], options: {}, sizes: '250x25 250x25', inverseFactor: 1 },
  {
    // Super-resolution plan: the count is given, minSize is 18 there.
    source: [150, 100],
    options: { minSize: 18, pyramid: { scaleCount: 9 } },
    sizes: '27x18 34x23 42x28 52x35 64x43 79x53 98x66 122x81 150x100',
    inverseFactor: 0.8070660211114271,
  },
] as const;

describe('a pyramid by the rule of the published code', () => {
  it.each(PLANS)(
    'has the same scales for $source with $options',
    ({ source: [width, height], options, ...expected }) => {
      const input = { preset: 'paper' as const, ...options };
      const pyramid = { rule: 'reference' as const, ...('pyramid' in options ? options.pyramid : {}) };
      const plan = planPyramid(
        { width, height },
        resolveTrainingConfig({ ...input, pyramid }, () => 1),
      );
      expect(plan.levels.map((level) => `${level.width}x${level.height}`).join(' ')).toBe(expected.sizes);
      expect(plan.scaleFactor).toBeCloseTo(1 / expected.inverseFactor, 12);
      const channels = plan.levels.map((_, scale) => Math.min(32 * 2 ** Math.floor(scale / 4), 128));
      expect(plan.levels.map((level) => level.channels)).toEqual(channels);
    },
  );

  it('refuses the picture on which the published code divides by zero', () => {
    const config = resolveTrainingConfig({ preset: 'paper', pyramid: { rule: 'reference' } }, () => 1);
    expect(() => planPyramid({ width: 15, height: 15 }, config)).toThrow('at least minSize = 25 px, got 15x15 px');
  });
});
