import { expect, test } from 'vitest';
import { diversityMeter } from './diversity.ts';
import { lcg, pictureOf, texture, withNoise } from './pictures.fixture.ts';

const SIZE = { width: 8, height: 6 };
const gray = (level: number) => pictureOf(SIZE, () => level);
/** Half black, half of level 200: a standard deviation of 100. */
const real = pictureOf(SIZE, (x) => (x < 4 ? 0 : 200));

function diversityOf(samples: Iterable<ReturnType<typeof gray>>): number | null {
  const meter = diversityMeter(real);
  for (const sample of samples) meter.add(sample);
  return meter.result();
}

test('diversity is the deviation over the samples as a share of that of the picture', () => {
  expect(diversityOf([gray(10), gray(70)])).toBeCloseTo(0.3, 6);
  expect(diversityOf([gray(10), gray(70), gray(40), gray(40)])).toBeCloseTo(Math.sqrt(450) / 100, 6);
});

test('the deviations of the pixels are averaged, not their variances', () => {
  const half = pictureOf(SIZE, (x) => (x < 4 ? 0 : 60));
  expect(diversityOf([gray(0), half])).toBeCloseTo(0.15, 6);
});

test('red, green and blue count by their luma', () => {
  for (const [channel, share] of [0.299, 0.587, 0.114].entries()) {
    const coloured = pictureOf(SIZE, (_x, _y, at) => (at === channel ? 100 : 0));
    expect(diversityOf([gray(0), coloured])).toBeCloseTo(share / 2, 6);
  }
});

test('is that of two passes over all samples', () => {
  const samples = Array.from({ length: 9 }, (_, at) => withNoise(texture(SIZE), 40, at));
  const luma = samples.map(({ data }) => {
    const level = (at: number) => Math.min(255, Math.max(0, Math.round(((data[at] ?? 0) + 1) * 127.5)));
    return Array.from(
      { length: 48 },
      (_, p) => 0.299 * level(3 * p) + 0.587 * level(3 * p + 1) + 0.114 * level(3 * p + 2),
    );
  });
  const deviations = Array.from({ length: 48 }, (_, p) => {
    const values = luma.map((one) => one[p] ?? 0);
    const mean = values.reduce((a, b) => a + b) / 9;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9);
  });
  expect(diversityOf(samples)).toBeCloseTo(deviations.reduce((a, b) => a + b) / 48 / 100, 10);
});

test('equal samples have none; of one sample, or beside a picture of one intensity, there is nothing to say', () => {
  expect(diversityOf([real, real, real])).toBe(0);
  expect(diversityOf([real])).toBeNull();
  const flat = diversityMeter(gray(90));
  for (const level of lcg(3, 1)) flat.add(gray(255 * level));
  expect(flat.result()).toBeNull();
});
