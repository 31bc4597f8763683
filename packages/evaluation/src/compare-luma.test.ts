import type { RgbImage } from '@singan/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareLuma } from './compare-luma.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** A picture by formula, of bytes. */
function picture(width: number, height: number, colourOf: (x: number, y: number) => Colour): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = colourOf(pixel % width, Math.floor(pixel / width));
    data.set(
      colour.map((byte) => byte / 127.5 - 1),
      pixel * 3,
    );
  }
  return { width, height, data };
}

const BLACK: Colour = [0, 0, 0];

test('equal pictures have no error, and no ratio', () => {
  const one = picture(12, 10, (x, y) => [x * 20, y * 20, 7]);
  expect(compareLuma(one, one)).toEqual({ rmse: 0, psnr: null });
});

test.each([
  [[255, 255, 255], 219],
  [[255, 0, 0], 65.481],
  [[0, 255, 0], 128.553],
  [[0, 0, 255], 24.966],
] as const)('%j is %d levels of luma above black', (colour, levels) => {
  const { rmse, psnr } = compareLuma(
    picture(9, 9, () => colour),
    picture(9, 9, () => BLACK),
  );
  expect(rmse).toBeCloseTo(levels, 10);
  expect(psnr).toBeCloseTo(20 * Math.log10(255 / levels), 10);
});

test('the outer four pixels do not count, the next ones do', () => {
  const black = picture(20, 20, () => BLACK);
  const frame = (border: number) =>
    picture(20, 20, (x, y) => (Math.min(x, y, 19 - x, 19 - y) < border ? [255, 255, 255] : BLACK));
  expect(compareLuma(frame(4), black).rmse).toBe(0);
  // 12x12 are left, of which 10x10 are inside the ring.
  expect(compareLuma(frame(5), black).rmse).toBeCloseTo(219 * Math.sqrt(44 / 144), 10);
});

test('values between levels, and beyond them, count as the level of the file', () => {
  const black = picture(9, 9, () => BLACK);
  const near = { ...black, data: black.data.map(() => -1.2) };
  expect(compareLuma(near, black).rmse).toBe(0);
  const between = { ...black, data: black.data.map(() => -1 + 0.4 / 127.5) };
  expect(compareLuma(between, black).rmse).toBe(0);
});

test('the error is symmetric', () => {
  const bytes = fc.array(fc.nat(255), { minLength: 3 * 81, maxLength: 3 * 81 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [one, other] = [a, b].map((values) => ({
        width: 9,
        height: 9,
        data: Float32Array.from(values, (byte) => byte / 127.5 - 1),
      })) as [RgbImage, RgbImage];
      expect(compareLuma(one, other)).toEqual(compareLuma(other, one));
    }),
  );
});

test('pictures of two sizes, and pictures that are all border, are refused', () => {
  const nine = picture(9, 9, () => BLACK);
  expect(() =>
    compareLuma(
      nine,
      picture(9, 10, () => BLACK),
    ),
  ).toThrow('got 9x9 and 9x10');
  const eight = picture(8, 20, () => BLACK);
  expect(() => compareLuma(eight, eight)).toThrow('above 8 px');
});
