import type { RgbImage } from '@singan/domain';
import { describe, expect, it } from 'vitest';
import { requireFiniteLosses, requireLivingImage } from './divergence.ts';
import { testImage } from './tiny-training.fixture.ts';

const LOSSES = {
  discriminatorReal: 1,
  discriminatorFake: -1,
  gradientPenalty: 0.1,
  generatorAdversarial: 0,
  reconstruction: 2,
};
const REAL = testImage({ width: 8, height: 6 });

function filled(colour: readonly number[]): RgbImage {
  return { ...REAL, data: REAL.data.map((_, i) => colour[i % 3] ?? 0) };
}

describe('divergence', () => {
  it('is a loss that is no finite number, and says which', () => {
    const at = { scale: 2, iteration: 17 };
    requireFiniteLosses(LOSSES, at);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const check = () => requireFiniteLosses({ ...LOSSES, gradientPenalty: value }, at);
      expect(check).toThrow(`Scale 2, iteration 17: expected finite losses, got gradientPenalty = ${value}`);
      expect(check).toThrow(expect.objectContaining({ code: 'training.diverged' }));
    }
  });

  it('is an image of one colour, or with a value that is no number', () => {
    const check = (image: RgbImage) => () => requireLivingImage(image, { real: REAL, what: 'sample', scale: 0 });
    expect(check(filled([0.1, -0.4, 1]))).toThrow(/expected the sample to be an image, got one flat colour/);
    expect(check({ ...REAL, data: REAL.data.with(20, Number.NaN) })).toThrow(/no numbers/);
    check(REAL)();
    check({ ...REAL, data: filled([0.1, -0.4, 1]).data.with(20, 0.5) })();
  });

  it('is not a flat image of a flat picture', () => {
    const flat = filled([0.5, 0.5, 0.5]);
    expect(() => requireLivingImage(flat, { real: flat, what: 'sample', scale: 0 })).not.toThrow();
  });
});
