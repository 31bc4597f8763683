import { encodeImage } from '@singan/imaging';
import { expect, test } from 'vitest';
import { asModelSees, workingImage } from './input-picture.ts';

const COLOURS = { width: 2, height: 1, data: Float32Array.of(0.6, 0, -0.3, -1, 1, 0.6) };

test('a model of a gray picture sees the mean of the three channels, another one the colours', () => {
  expect(asModelSees(COLOURS, { gray: false })).toBe(COLOURS);
  const { data, ...size } = asModelSees(COLOURS, { gray: true });
  expect(size).toEqual({ width: 2, height: 1 });
  for (const [n, expected] of [0.1, 0.1, 0.1, 0.2, 0.2, 0.2].entries()) expect(data[n]).toBeCloseTo(expected, 6);
});

test('a picture that has the working size is taken as it is', async () => {
  const data = Float32Array.from({ length: 8 * 6 * 3 }, (_, n) => (n % 256) / 127.5 - 1);
  const source = await encodeImage({ width: 8, height: 6, data }, 'png');
  expect((await workingImage({ source, working: { width: 8, height: 6 } })).data).toEqual(data);
});
