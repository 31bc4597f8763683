import type { RgbImage } from '@singan/domain';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeRgb, ENCODED_FORMATS, encodeImage } from './index.ts';

const image = (width: number, height: number, value: (index: number) => number): RgbImage => ({
  width,
  height,
  data: Float32Array.from({ length: width * height * 3 }, (_, index) => value(index)),
});

async function bytesOf(picture: RgbImage): Promise<number[]> {
  return [
    ...(await sharp(await encodeImage(picture, 'png'))
      .raw()
      .toBuffer()),
  ];
}

describe('encoding a picture', () => {
  it('brings every one of the 256 levels back through PNG unchanged', async () => {
    const levels = image(16, 16, (index) => (index % 256) / 127.5 - 1);
    expect(await bytesOf(levels)).toEqual(Array.from({ length: 768 }, (_, index) => index % 256));
    const decoded = await decodeRgb(await encodeImage(levels, 'png'));
    expect(decoded).toEqual(levels);
  });

  it('rounds to the nearest level and clamps the rest', async () => {
    fc.assert(
      await fc.asyncProperty(
        fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (values) => {
          const bytes = await bytesOf(image(2, 1, (index) => values[index] ?? 0));
          for (const [index, byte] of bytes.entries()) {
            const level = (Math.max(-1, Math.min(1, values[index] ?? 0)) + 1) * 127.5;
            expect(Math.abs(byte - level)).toBeLessThanOrEqual(0.5);
          }
        },
      ),
    );
  });

  it.each(ENCODED_FORMATS)('gives the same %s bytes each time, near the picture', async (format) => {
    const picture = image(40, 30, (index) => Math.sin(index / 50));
    const [one, two] = [await encodeImage(picture, format), await encodeImage(picture, format)];
    expect(one.equals(two)).toBe(true);
    expect((await sharp(one).metadata()).format).toBe(format);
    const decoded = await decodeRgb(one);
    const error =
      decoded.data.reduce((sum, value, index) => sum + Math.abs(value - (picture.data[index] ?? 0)), 0) /
      decoded.data.length;
    expect(error).toBeLessThan(0.06);
  });

  it('writes one channel, the mean of three, when it is to be gray', async () => {
    const png = await encodeImage(
      image(4, 4, (index) => [-1, 0, 1][index % 3] ?? 0),
      'png',
      { gray: true },
    );
    expect(await sharp(png).metadata()).toMatchObject({ channels: 1, space: 'b-w' });
    expect((await decodeRgb(png)).data.every((value) => Math.abs(value) < 0.01)).toBe(true);
  });

  it('refuses data of another length than the size says', async () => {
    await expect(encodeImage({ width: 2, height: 2, data: new Float32Array(11) }, 'png')).rejects.toThrow(
      'expected 2x2x3 values, got 11',
    );
  });

  it('decodes nothing from damaged bytes', async () => {
    const png = await encodeImage(image(50, 50, Math.sin), 'png');
    await expect(decodeRgb(png.subarray(0, 500))).rejects.toMatchObject({ code: 'image.corrupt' });
  });
});
