import type { RgbImage } from '@singan/domain';
import { startEngine } from '@singan/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENGINES } from './engines.fixture.ts';
import { fitPalette, quantizationError, refinePalette } from './fit-palette.ts';
import { takeImage, toTensor } from './image-tensor.ts';
import { nearestColours } from './nearest-colours.ts';
import { type Colour, type Palette, paletteArray, quantize } from './palette.ts';
import { testImage } from './tiny-training.fixture.ts';

const FLAT_COLOURS: Palette = [
  [-0.75, 0.5, 0],
  [1, 1, 1],
  [-1, -1, -1],
  [0.25, -0.5, 0.75],
];

const value = fc.float({ min: -1, max: 1, noNaN: true });
const colour = fc.tuple(value, value, value);
const pictures = fc.array(colour, { minLength: 12, maxLength: 12 }).map((pixels): RgbImage => {
  return { width: 4, height: 3, data: Float32Array.from(pixels.flat()) };
});

/** A picture of so many flat stripes. */
function stripes(colours: Palette): RgbImage {
  const pixels = Array.from({ length: 64 }, (_, pixel) => colours[pixel % colours.length] as Colour);
  return { width: 8, height: 8, data: Float32Array.from(pixels.flat()) };
}

const sorted = (palette: Palette) => palette.map((one) => one.join()).sort();

describe('a palette', () => {
  it('of a picture of that many colours is those colours, and changes nothing', () => {
    const image = stripes(FLAT_COLOURS);
    const palette = fitPalette(image, { colours: 4, seed: 1 });
    expect(sorted(palette)).toEqual(sorted(FLAT_COLOURS));
    expect(quantize(image, palette)).toEqual(image);
  });

  it('has the wanted number of colours, also of a picture of fewer', () => {
    expect(fitPalette(stripes(FLAT_COLOURS.slice(0, 2)), { colours: 5, seed: 1 })).toHaveLength(5);
    expect(fitPalette(stripes(FLAT_COLOURS.slice(0, 1)), { colours: 3, seed: 1 })).toEqual(
      Array(3).fill(FLAT_COLOURS[0]),
    );
  });

  it('is the mean when it has one colour', () => {
    const image = testImage({ width: 13, height: 11 });
    const [only] = fitPalette(image, { colours: 1, seed: 1 });
    const red = image.data.filter((_, i) => i % 3 === 0).reduce((sum, one) => sum + one, 0) / (13 * 11);
    expect(only?.[0]).toBeCloseTo(red, 6);
  });

  it('is the same for the same seed, and fits nearly as well for another', () => {
    const image = testImage({ width: 17, height: 15 });
    const fit = (seed: number) => fitPalette(image, { colours: 5, seed });
    expect(fit(1)).toEqual(fit(1));
    const errors = [1, 2, 3].map((seed) => quantizationError(image, fit(seed)));
    expect(Math.max(...errors)).toBeLessThan(1.02 * Math.min(...errors));
  });

  it('fits the better the more colours it has', () => {
    const image = testImage({ width: 17, height: 15 });
    const errors = [1, 2, 4, 8].map((colours) => quantizationError(image, fitPalette(image, { colours, seed: 1 })));
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(errors[3]).toBeLessThan(0.2 * (errors[0] as number));
  });

  it('fits no worse after refinement, whatever it was', () => {
    fc.assert(
      fc.property(pictures, fc.array(colour, { minLength: 1, maxLength: 5 }), (image, start) => {
        const before = quantizationError(image, start);
        expect(quantizationError(image, refinePalette(image, start))).toBeLessThanOrEqual(before + 1e-9);
      }),
    );
  });

  it.each([0, -1, 2.5, Number.NaN])('of %s colours is refused', (colours) => {
    expect(() => fitPalette(stripes(FLAT_COLOURS), { colours, seed: 1 })).toThrow(/whole number of colours from 1/);
  });
});

describe('a quantised picture', () => {
  it('has colours of the palette only, each the nearest, and stays as it is when quantised again', () => {
    fc.assert(
      fc.property(pictures, fc.array(colour, { minLength: 1, maxLength: 5 }), (image, palette) => {
        const quantised = quantize(image, palette);
        const known = new Set(palette.map((one) => Float32Array.from(one).join()));
        for (let i = 0; i < image.data.length; i += 3) {
          const pixel = [...image.data.subarray(i, i + 3)];
          const got = quantised.data.subarray(i, i + 3);
          expect(known.has(got.join())).toBe(true);
          const distance = (other: ArrayLike<number>) =>
            pixel.reduce((sum, one, channel) => sum + (one - (other[channel] as number)) ** 2, 0);
          expect(distance(got)).toBeLessThanOrEqual(Math.min(...palette.map(distance)) + 1e-9);
        }
        expect(quantize(quantised, palette)).toEqual(quantised);
      }),
    );
  });

  it('needs a palette', () => {
    expect(() => quantize(testImage({ width: 3, height: 3 }), [])).toThrow(/at least one colour/);
  });

  it.each(ENGINES)('is the same on the engine %s as in host memory', async (engine) => {
    await startEngine(engine);
    const image = testImage({ width: 17, height: 15 });
    const palette = fitPalette(image, { colours: 5, seed: 1 });
    const before = tf.memory().numTensors;
    const { data } = paletteArray(palette);
    const onEngine = tf.tidy(() => nearestColours(toTensor(image), tf.tensor2d(data, [5, 3])));
    expect(takeImage(onEngine)).toEqual(quantize(image, palette));
    expect(tf.memory().numTensors).toBe(before);
  });
});
