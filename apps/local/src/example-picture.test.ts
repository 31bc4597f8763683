import { decodeRgb } from '@singan/imaging';
import { expect, test } from 'vitest';
import { examplePicture } from './example-picture.ts';

test('the example is a picture of 250x190 pixels, the same at every call, with light and dark in every channel', async () => {
  const png = await examplePicture();
  expect(await examplePicture()).toEqual(png);
  const { width, height, data } = await decodeRgb(png);
  expect([width, height]).toEqual([250, 190]);
  for (const channel of [0, 1, 2]) {
    const values = data.filter((_, n) => n % 3 === channel);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(deviation).toBeGreaterThan(0.3);
  }
});
